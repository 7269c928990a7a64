import { describe, expect, it } from "vitest";
import { roundFixture } from "./support/round.ts";
import { atTime, contribute, finalize } from "./support/steps.ts";

describe("a whole round", () => {
  const load = roundFixture();
  it("CLOSE-4 finalizes", async () => {
    const setup = await load();
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 10n);
    await finalize(setup, [{ project: 1, votes: 3n, credits: 9n }]);
    expect(await setup.round.read.status()).toBe(1);
  });
});
