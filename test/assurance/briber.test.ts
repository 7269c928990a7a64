import { describe, expect, test } from "vitest";
import { commitState, constantsHash } from "../../src/transcript/state.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { seededCoordinator } from "../helpers/round_builder.ts";
import { seeded } from "../helpers/seeded.ts";
import { playRound, type Client, type Hold } from "./briber.ts";
import { depth, FUZZ_TIMEOUT_MS, fuzzSeed } from "./depth.ts";
import { accuracy, measureFeatures, train, type Sample } from "./distinguisher.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

const ROUNDS = depth(60, 4_000);

/** Trains on half of the rounds and judges on the other half. Obedience is a coin flip. */
async function experiment(hold: Hold, client?: Client, rounds = ROUNDS): Promise<number> {
  const seed = fuzzSeed(`briber ${hold} ${client}`);
  const coin = seeded(seed);
  const samples: Sample[] = [];
  for (let i = 0; i < rounds; i++) {
    const obedient = coin.index(2) === 1;
    samples.push({
      obedient,
      features: measureFeatures(await playRound(`${seed} ${i}`, obedient, hold, client)),
    });
  }
  return accuracy(train(samples.slice(0, rounds / 2)), samples.slice(rounds / 2));
}

/** Three standard deviations of guessing by coin. */
const CHANCE = 0.5 + 3 * Math.sqrt(0.25 / (ROUNDS / 2));

describe("a briber with a hold over a donor (V3, P3)", () => {
  test.each(["first key", "opened message", "app under pressure", "wallet signatures"] as const)(
    "does not tell obedient from disobedient with: %s",
    async (hold) => {
      expect(await experiment(hold)).toBeLessThan(CHANCE);
    },
    FUZZ_TIMEOUT_MS,
  );

  // If these failed to be told apart, the experiment above would show nothing.
  test.each([
    ["first key", "rotation in the contribution's transaction"],
    ["opened message", "nonces that count up"],
    ["app under pressure", "a passphrase that is checked"],
    ["app under pressure", "no throw-away key"],
    ["wallet signatures", "no throw-away key"],
  ] as const)(
    "does with %s, where the software is broken: %s",
    async (hold, client) => {
      expect(await experiment(hold, client, 24)).toBe(1);
    },
    FUZZ_TIMEOUT_MS,
  );

  test("the two worlds differ in who voted for what, and not in what is published of it", async () => {
    for (const hold of ["first key", "app under pressure", "wallet signatures"] as const) {
      const [obedient, disobedient] = [
        await playRound("worlds", true, hold),
        await playRound("worlds", false, hold),
      ];
      expect(obedient.results).toBe(disobedient.results);
      expect(obedient.round.items.map(({ kind }) => kind)).toEqual(
        disobedient.round.items.map(({ kind }) => kind),
      );
    }
  });
});

test("TALLY-11 V1: without the secret no guess of the ballots can be checked against what is committed", async () => {
  const { round } = await playRound("guessing", true, "first key");
  const { secret } = round.coordinator;
  const tally = await prepareTally(round.items, round.statement, localCoordinatorKey(secret), 11);
  const { folds, constants } = await completeTranscript(tally, localCoordinatorKey(secret));
  // Even who knows every row, every state and all constants cannot recompute D, a state's commitment or resultsHash without their salts.
  const wrong = seededCoordinator(seeded("a guess")).secret;
  const guessed = await prepareTally(round.items, round.statement, localCoordinatorKey(secret), 11);
  expect(guessed.commitment).toEqual(tally.commitment);
  const { saltAfter, end, after } = folds[0]!;
  expect(commitState(saltAfter, constantsHash(constants), end)).toBe(after);
  for (const salt of [0n, 1n, wrong, tally.rowsSalt, tally.resultsSalt])
    expect(commitState(salt, constantsHash(constants), end)).not.toBe(after);
  expect(new Set([tally.rowsSalt, tally.resultsSalt, saltAfter]).size).toBe(3);
});
