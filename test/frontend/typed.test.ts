import { afterEach, describe, expect, test, vi } from "vitest";
import { formatCalendar } from "../../frontend/src/calendar.ts";
import {
  amountText,
  dateText,
  decimalText,
  heldText,
  readTyped,
  timeText,
} from "../../frontend/src/format.ts";
import { localTime } from "../../frontend/src/features/organise/wizard/draft.ts";

afterEach(() => vi.unstubAllGlobals());

/** What "1,234" is on a device with these languages, while the page is in English. */
const read = (...languages: string[]) => {
  vi.stubGlobal("navigator", { languages });
  return readTyped("1,234", 0);
};

describe("an amount on a device that", () => {
  const WHOLE = { units: 1234n };

  test("groups as the page does is what the page says", () =>
    expect(read("en-GB", "de")).toEqual(WHOLE));
  test("ends whole parts where the page groups may be two", () =>
    expect(read("de")).toMatchObject({ problem: "ambiguous" }));
  test("names no language at all is read as the page writes", () => expect(read()).toEqual(WHOLE));
  test.each([["C"], ["en-US@posix"], [""], ["en_US"]])(
    "calls its language %j, which is none, is read by those it names besides",
    (name) => {
      expect(read(name)).toEqual(WHOLE);
      expect(read(name, "de")).toMatchObject({ problem: "ambiguous" });
    },
  );
});

test("a round's time that no calendar has is shown as the last that they have", () => {
  for (const time of [(1n << 64n) - 1n, 1n << 63n]) {
    for (const text of [timeText(time), dateText(time)]) expect(text).toContain("275760");
    expect(localTime(Number(time))).toContain("275760");
    const day = { id: "1", title: "End", text: "", at: Number(time), until: Number(time) };
    expect(formatCalendar("Round", "https://example.org", [day], 0)).toContain("275760");
  }
});

test("an amount of a token that names more decimals than a browser writes is written all the same", () => {
  const token = { decimals: 255, symbol: "ODD" };
  for (const amount of [1n, 10n ** 200n, (1n << 256n) - 1n]) {
    expect(amountText(amount, token)).toMatch(/^0[.0-9]* ODD$/);
    expect(heldText(amount, token)).toMatch(/^0[.0-9]* ODD$/);
    expect(decimalText(amount, 255, 6, 6)).toMatch(/^0[.0-9]*$/);
  }
});
