import { expect, test, vi } from "vitest";
import type { Contribution } from "../../src/protocol/item.ts";
import { decodeHeader, isWellFormed } from "../../src/protocol/command.ts";
import {
  computeOutcome,
  type OpenedMessage,
  type Outcome,
  type RoundRules,
} from "../../src/round/semantics.ts";
import { commandPool, drawSequence, type Pool } from "../helpers/command_pool.ts";
import { naiveRound, type NaiveMessage } from "../helpers/naive.ts";
import { isGoodPoint, isSigned } from "../helpers/naive_crypto.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { seeded, type Seeded } from "../helpers/seeded.ts";
import { depth, FUZZ_TIMEOUT_MS, fuzzSeed } from "./depth.ts";
import { openBySecret } from "../helpers/open.ts";

// The real functions with a memory: many rounds ask the same question about the same signature and key.
vi.mock("../../src/crypto/signature.ts", async (original) => {
  const real = await original<typeof import("../../src/crypto/signature.ts")>();
  return {
    ...real,
    recomputeHash: remembering(real.recomputeHash, (signature, key, { words, R }) =>
      [signature.e, signature.s, key.x, key.y, R.x, ...words].join(),
    ),
  };
});
const naiveSigned = remembering(isSigned, (words, R, key) => [...words, ...R, ...key].join());
const naivePoint = remembering(isGoodPoint, (x, y) => `${x} ${y}`);

function remembering<A extends unknown[], B>(
  f: (...args: A) => B,
  nameRound: (...args: A) => string,
): (...args: A) => B {
  const memory = new Map<string, B>();
  return (...args) => {
    const name = nameRound(...args);
    if (!memory.has(name)) memory.set(name, f(...args));
    return memory.get(name) as B;
  };
}

type Drawn = {
  readonly contributions: readonly Contribution[];
  readonly opened: readonly OpenedMessage[];
  readonly rules: RoundRules;
};

/** A random round: contributions first, as their place does not matter, and item numbers that now and then jump (SEM-7). */
function draw(random: Seeded, pool: Pool, ctx: bigint): Drawn {
  const contributions = pool.tags.flatMap((tag, donor): Contribution[] =>
    random.index(8) === 0
      ? []
      : [
          {
            kind: "contribution",
            t: donor + 1,
            tag,
            key: (
              pool.keys[donor]?.[random.index(10) === 0 ? 1 : 0] as {
                publicKey: Contribution["key"];
              }
            ).publicKey,
            credits: BigInt(random.index(random.pick([2, 8, 100, 300]))),
          },
        ],
  );
  let t = contributions.length;
  const opened = drawSequence(random, pool, 2 + random.index(22)).map(({ R, command }) => ({
    t: (t += random.index(9) === 0 ? 3 : 1),
    R,
    command,
  }));
  return {
    contributions,
    opened,
    rules: {
      projects: random.pick([1, 2, 5, 9, 15, 20, 65_536]),
      signs: random.index(3) === 0,
      ctx,
    },
  };
}

const listResults = ({ results }: Outcome) =>
  results.map(({ project, votes, credits }) => `${project}: T=${votes} S=${credits}`);
const listAccepted = ({ verdicts }: Outcome) =>
  [...verdicts]
    .filter(([, verdict]) => verdict === "accepted")
    .map(([t]) => t)
    .sort((a, b) => a - b);
const outcome = (
  { contributions, opened, rules }: Drawn,
  without: (message: OpenedMessage) => boolean = () => false,
) =>
  computeOutcome(
    contributions,
    opened.filter((message) => !without(message)),
    rules,
  );

function naive({ contributions, opened, rules }: Drawn) {
  const donors = contributions.map(({ tag, key, credits }) => ({
    tag: String(tag),
    keyX: String(key.x),
    keyY: String(key.y),
    finalCredits: credits,
  }));
  const messages = opened.map(
    ({ t, R, command }): NaiveMessage => ({
      t,
      rX: String(R.x),
      rY: String(R.y),
      words: [...command],
    }),
  );
  const check = (m: NaiveMessage, x: string, y: string) =>
    naiveSigned(m.words, [BigInt(m.rX), BigInt(m.rY)], [BigInt(x), BigInt(y)], rules.ctx);
  return naiveRound(
    donors,
    messages,
    { J: rules.projects, signsAllowed: rules.signs },
    check,
    naivePoint,
  );
}

test(
  "SEM-1 to SEM-11 (S2 to S5): two readings agree, budgets hold, donors do not touch each other, void messages do nothing",
  () => {
    const seed = fuzzSeed("semantics");
    const random = seeded(seed);
    const ctx = 77n;
    const wanted = depth(3_000, 1_000_000);
    const POOL_ROUNDS = 2_000;
    let pool = commandPool(seed, 120, ctx);
    let [messages, accepted] = [0, 0];
    for (let i = 1; messages < wanted; i++) {
      if (i % POOL_ROUNDS === 0) pool = commandPool(`${seed} ${i}`, 120, ctx);
      const drawn = draw(random, pool, ctx);
      const found = outcome(drawn);
      expect(
        { accepted: listAccepted(found), results: listResults(found) },
        `${seed}, round ${i}`,
      ).toEqual(naive(drawn)); // S2
      for (const { cost, credits, ballot } of found.donors.values()) {
        // S3
        expect([...ballot.values()].reduce((sum, v) => sum + v * v, 0n)).toBe(cost);
        expect(cost <= credits).toBe(true);
      }
      const one = pool.tags[random.index(3)] as bigint; // S4
      const alone = outcome(
        drawn,
        ({ command }) => isWellFormed(command) && decodeHeader(command[0] as bigint).tag === one,
      );
      for (const [tag, donor] of found.donors)
        if (tag !== one) expect(alone.donors.get(tag)).toEqual(donor);
      const isVoid = ({ t }: OpenedMessage) => found.verdicts.get(t) !== "accepted"; // S5
      expect(listResults(outcome(drawn, isVoid))).toEqual(listResults(found));
      messages += drawn.opened.length;
      accepted += listAccepted(found).length;
    }
    expect(accepted / messages).toBeGreaterThan(0.03); // rounds in which something happens
  },
  FUZZ_TIMEOUT_MS,
);

test(
  "MSG-3 SEM-1: any words at all that the contract accepts open to a command with one verdict",
  () => {
    const round = new RoundBuilder({ seed: fuzzSeed("words"), projects: 5 });
    const donor = round.actor("Donor", 10n);
    round.contribute(donor);
    const { x, y } = donor.firstKey;
    for (let i = 0; i < depth(30, 3_000); i++)
      round.publish("words", "malformed (CMD-3)", [
        x,
        y,
        ...Array.from({ length: 9 }, () =>
          round.random.below(1n << BigInt(1 + round.random.index(253))),
        ),
      ]);
    const { items, rules, coordinator, messages } = round.finish();
    const { verdicts } = computeOutcome(
      items,
      openBySecret(items, coordinator.secret, rules.ctx),
      rules,
    );
    expect(
      messages.every(({ t }) => verdicts.get(t) !== undefined && verdicts.get(t) !== "accepted"),
    ).toBe(true);
  },
  FUZZ_TIMEOUT_MS,
);
