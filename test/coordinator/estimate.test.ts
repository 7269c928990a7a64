import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { estimate, makespan, type GasRates } from "../../src/coordinator/planning/estimate.ts";
import { RATES } from "../../src/coordinator/planning/rates.ts";

const gas = JSON.parse(readFileSync(fromRoot("snapshots", "gas.json"), "utf8")) as GasRates;
const rates = { ...RATES, gas };
const plan = {
  donors: 10_000,
  messages: 25_000,
  projects: 200,
  workers: 16,
  size: "large",
  prover: "snarkjs",
  relayed: 1,
} as const;

describe("an estimate", () => {
  test("has the folds that the tally makes (TALLY-12), and proofs divided among the workers", () => {
    const { folds, seconds } = estimate(plan, rates);
    expect(folds).toBe(Math.ceil((25_000 + 1250) / 45));
    expect(seconds.prove).toBe(Math.ceil(folds / 16) * RATES.foldSeconds.large.snarkjs);
    expect(seconds.total).toBeGreaterThan(Math.max(seconds.prove, seconds.submit));
  });

  test("has the coordinator's memory as measured (`bench -- store`), within a quarter", () => {
    for (const [messages, measured] of [
      [2_000, 286],
      [100_000, 818],
      [1_000_000, 1_793],
    ] as const) {
      const { memoryMB } = estimate({ ...plan, donors: 250, messages }, rates);
      expect(Math.abs(memoryMB.coordinator / measured - 1)).toBeLessThan(0.25);
    }
  });

  test("has the real round's time as measured (`bench -- round --data`, docs/SCALING.md), within a quarter", () => {
    const measured = readFileSync(fromRoot("docs", "SCALING.md"), "utf8");
    const tally = Number(/\| \*\*tally in all\*\* \| \*\*(\d+)\*\*/.exec(measured)?.[1]);
    const round = { ...plan, donors: 1_927, messages: 1_994, projects: 134, workers: 2 };
    const { seconds } = estimate({ ...round, prover: "wasm" }, { ...rates, blockSeconds: 0 });
    expect(Math.abs(seconds.total / tally - 1)).toBeLessThan(0.25);
  });

  test("divides decrypting among the cores, down to the chain that cannot be divided", () => {
    const prepare = (workers: number) =>
      estimate({ ...plan, donors: 0, messages: 1_000, workers }, rates).seconds.prepare;
    expect(prepare(1)).toBeCloseTo(1_000 * RATES.messageSeconds);
    expect(prepare(2)).toBeCloseTo(500 * RATES.messageSeconds);
    expect(prepare(64)).toBeCloseTo(1_000 * RATES.chainSeconds);
  });

  test("takes the measured gas of a fold that replays as many contributions as messages", () => {
    const perFold = (donors: number) =>
      (estimate({ ...plan, donors, messages: 45_000 }, rates).gas.tally -
        estimate({ ...plan, donors: 0, messages: 0 }, rates).gas.tally) /
      1000;
    expect(perFold(0) / (45 * gas.foldReplayPerBallotLarge)).toBeCloseTo(1, 2);
    expect(perFold(45_000) / (45 * gas.foldReplayPerGiftLarge)).toBeCloseTo(1.125, 2); // an eighth more folds, for donors without a message
  });

  test("grows in proportion: gas a message is flat", () => {
    const perMessage = (messages: number) =>
      estimate({ ...plan, messages, donors: messages }, rates).gas.tally / messages;
    expect(perMessage(1_000_000) / perMessage(10_000)).toBeGreaterThan(0.99);
    expect(perMessage(1_000_000) / perMessage(10_000)).toBeLessThan(1.01);
  });
});

describe("the time that workers need together", () => {
  test.each([
    [[3, 3, 3, 3], 1, 0, 12],
    [[3, 3, 3, 3], 2, 0, 6],
    [[3, 3, 3, 3], 4, 0, 3],
    [[3, 3, 3, 3], 4, 2, 11], // then submitting in order is what takes long
    [[], 4, 2, 0],
  ])("jobs %j on %i workers, %i s to submit: %i s", (jobs, workers, submit, expected) => {
    expect(makespan(jobs, workers, submit)).toBe(expected);
  });
});
