import { describe, expect, test } from "vitest";
import { commitState, constantsHash } from "../../src/transcript/state.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { seededCoordinator } from "../helpers/round_builder.ts";
import { seeded } from "../helpers/seeded.ts";
import { playRound, type Client, type Hold, type View } from "./briber.ts";
import { mostByChance } from "./chance.ts";
import { depth, FUZZ_TIMEOUT_MS, fuzzSeed } from "./depth.ts";
import { measureFeatures, judgeAll, publishedFeatures } from "./distinguisher.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

/** Of each hold; a quarter of them are tallied too. A distinguisher that is right three times in four is found in 49 of 50 experiments. */
const ROUNDS = depth(120, 4_000);
const HOLDS = ["first key", "opened message", "app under pressure", "wallet signatures"] as const;

type Played = { readonly view: View; readonly obedient: boolean };

/** Obedience is a coin flip. */
async function play(hold: Hold, rounds: number, tallied: number, client?: Client) {
  const seed = fuzzSeed(`briber ${hold} ${client}`);
  const coin = seeded(seed);
  const played: Played[] = [];
  for (let i = 0; i < rounds; i++) {
    const obedient = coin.index(2) === 1;
    played.push({
      obedient,
      view: await playRound(`${seed} ${i}`, obedient, hold, client, i < tallied),
    });
  }
  return played;
}

const told = (played: readonly Played[], features: (view: View) => number[]) =>
  judgeAll(played.map(({ view, obedient }) => ({ obedient, features: features(view) })));

describe("a briber with a hold over a donor (V3, P3)", () => {
  const tallied: Played[] = [];

  test.each(HOLDS)(
    "does not tell obedient from disobedient with: %s",
    async (hold) => {
      const played = await play(hold, ROUNDS, ROUNDS / HOLDS.length);
      tallied.push(...played.slice(0, ROUNDS / HOLDS.length));
      expect(told(played, measureFeatures)).toBeLessThanOrEqual(mostByChance(ROUNDS));
    },
    FUZZ_TIMEOUT_MS,
  );

  test("nor by anything that the coordinator publishes of those rounds", () => {
    expect(tallied).toHaveLength(ROUNDS);
    expect(told(tallied, publishedFeatures)).toBeLessThanOrEqual(mostByChance(ROUNDS));
  });

  test("who would be right three times in four is found out", () => {
    expect(mostByChance(ROUNDS)).toBeLessThan(0.75 - 2 * Math.sqrt((0.75 * 0.25) / ROUNDS));
    const coin = seeded("three in four");
    const leaky = Array.from({ length: ROUNDS }, () => {
      const obedient = coin.index(2) === 1;
      return { obedient, features: [Number(obedient === coin.index(4) > 0), coin.index(256)] };
    });
    expect(judgeAll(leaky)).toBeGreaterThan(mostByChance(ROUNDS));
  });

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
      expect(told(await play(hold, 20, 0, client), measureFeatures)).toBe(1);
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "does with the first key, where the relay adds cover to donors' messages instead of replacing it",
    async () => {
      const played = await play(
        "first key",
        ROUNDS,
        0,
        "a relay whose floor cover never steps aside",
      );
      expect(told(played, ({ batch }) => [batch])).toBeGreaterThan(mostByChance(ROUNDS));
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
      const after = ({ round, batch }: View) => round.items.slice(batch).map(({ kind }) => kind);
      expect(after(obedient)).toEqual(after(disobedient));
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
