import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCalendar } from "../../frontend/src/calendar.ts";
import { moneyText } from "../../frontend/src/chain/price.ts";
import { planCart, splitEvenly } from "../../frontend/src/donor/plan.ts";
import { parseRoute, projectHref } from "../../frontend/src/router.ts";
import { MAX_VOTES } from "../../src/params.ts";

const ROUND = "0x00000000000000000000000000000000000000A1";

describe("addresses of the page", () => {
  test("a project's leads to it, and what is none leads nowhere", () => {
    expect(parseRoute(projectHref(10, ROUND, 7))).toEqual({
      page: "round",
      chainId: 10,
      round: ROUND,
      view: "projects",
      project: 7,
    });
    expect(parseRoute(`#/10/${ROUND}/projects`)).toMatchObject({ project: undefined });
    for (const bad of ["07", "-1", "1e3", "x", "7/8", "9999999"])
      expect(parseRoute(`#/10/${ROUND}/projects/${bad}`)).toEqual({ page: "unknown" });
    expect(parseRoute(`#/10/${ROUND}/give/7`)).toEqual({ page: "unknown" });
    expect(parseRoute(`#/10/${ROUND}/join/AQ-_`)).toMatchObject({ view: "join", request: "AQ-_" });
    expect(parseRoute(`#/10/${ROUND}/join`)).toMatchObject({ request: undefined });
    expect(parseRoute(`#/10/${ROUND}/join/AQ/x`)).toEqual({ page: "unknown" });
    expect(parseRoute("#/gifts")).toEqual({ page: "gifts" });
  });
});

describe("a total in even parts", () => {
  test("is the same for all, costs what it says, and is the most that can be", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.bigInt({ min: 0n, max: 10n ** 24n }),
        fc.constantFrom(1n, 10n ** 4n, 10n ** 16n),
        (count, total, unit) => {
          const cart = Array.from({ length: count }, (_, project) => ({ project, amount: "" }));
          const { lines, share, given } = splitEvenly(cart, total, { unit, decimals: 18 });
          expect(new Set(lines.map(({ amount }) => amount)).size).toBe(1);
          expect(given).toBe(share * BigInt(count));
          expect(given <= total).toBe(true);
          if (share === 0n) {
            expect(total / BigInt(count) < unit).toBe(true);
            return;
          }
          const plan = planCart(lines, { unit, decimals: 18 });
          expect(plan.pay).toBe(given);
          const [votes = 0n] = plan.lines.map((line) => line.votes);
          expect(plan.lines.every((line) => line.votes === votes)).toBe(true);
          const atMost = votes === MAX_VOTES || (votes + 1n) ** 2n * unit * BigInt(count) > total;
          expect(atMost).toBe(true);
        },
      ),
    );
  });

  test("three projects and ten tokens: 3.24 each", () => {
    const cart = [0, 1, 2].map((project) => ({ project, amount: "" }));
    const { lines } = splitEvenly(cart, 10n * 10n ** 18n, { unit: 10n ** 16n, decimals: 18 });
    expect(lines.map(({ amount }) => amount)).toEqual(["3.24", "3.24", "3.24"]);
  });
});

describe("money beside a token", () => {
  test("is rounded to the currency's coin, whatever the decimals", () => {
    const price = { answer: 250_012_345_678n, decimals: 8 };
    expect(moneyText(15n * 10n ** 17n, { decimals: 18 }, price, "USD")).toBe("$3,750.19");
    expect(
      moneyText(1_000_000n, { decimals: 6 }, { answer: 99_994_000n, decimals: 8 }, "USD"),
    ).toBe("$1.00");
    expect(moneyText(10n ** 18n, { decimals: 18 }, { answer: 15_049n, decimals: 2 }, "JPY")).toBe(
      "¥150",
    );
  });
});

describe("a round's days for a calendar", () => {
  const text = formatCalendar(
    "Neighbourhood; Round, “rain”",
    "https://site.example/#/1/0x1",
    [
      {
        id: "a@tacit",
        title: "opens",
        text: "x".repeat(200),
        at: 1_800_000_000,
        until: 1_800_003_600,
      },
      {
        id: "b@tacit",
        title: "last, hour\nof all",
        text: "雨".repeat(60),
        at: 1_800_086_400,
        until: 1_800_090_000,
        remind: 86_400,
      },
    ],
    1_799_000_000,
  );

  test("is a file of RFC 5545: short lines, CRLF, one identity an event, times in UTC", () => {
    const lines = text.split("\r\n");
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const whole = text.replaceAll(/\r\n[ \t]/g, "").split("\r\n");
    expect(whole.filter((line) => line.startsWith("UID:"))).toEqual(["UID:a@tacit", "UID:b@tacit"]);
    expect(whole.filter((line) => /^DT(START|END|STAMP)/.test(line))).toEqual([
      "DTSTAMP:20270103T181320Z",
      "DTSTART:20270115T080000Z",
      "DTEND:20270115T090000Z",
      "DTSTAMP:20270103T181320Z",
      "DTSTART:20270116T080000Z",
      "DTEND:20270116T090000Z",
    ]);
    expect(whole).toContain("SUMMARY:last\\, hour\\nof all");
    expect(whole).toContain("TRIGGER:-P1D");
    expect(whole.filter((line) => line.startsWith("DESCRIPTION:雨"))).toEqual([
      `DESCRIPTION:${"雨".repeat(60)}`,
    ]);
  });
});
