import { describe, expect, test } from "vitest";
import { mod } from "../../src/crypto/field.ts";
import { halfSizePair } from "../../src/crypto/half_size.ts";
import { hash } from "../../src/crypto/poseidon.ts";
import { CoordinatorKeyError } from "../../src/protocol/key.ts";
import { encrypt } from "../../src/protocol/message.ts";
import { DOMAIN, P } from "../../src/params.ts";
import { grandProduct } from "../../src/transcript/fingerprint.ts";
import { resultsFraction } from "../../src/transcript/results.ts";
import {
  completeTranscript,
  prepareTally,
  type CommittedTally,
  type Transcript,
} from "../../src/transcript/transcript.ts";
import { commandPool, drawSequence } from "../helpers/command_pool.ts";
import { hostileRound } from "../helpers/hostile.ts";
import { RoundBuilder, type BuiltRound } from "../helpers/round_builder.ts";
import { localCoordinatorKey, type CoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { resultsSalt, rowsSalt, sealingKey, stateSalt } from "../../src/transcript/salts.ts";

const ROWS = 10;

function expectSound(
  { items }: BuiltRound,
  tally: CommittedTally,
  { folds, challenges, acc }: Transcript,
): void {
  const last = folds.at(-1);
  expect(last?.end.PM).toBe(grandProduct(items, challenges));
  const { num, den } = resultsFraction(tally.outcome.results, challenges);
  expect(mod(acc * den)).toBe(num);
  expect(last?.end.D).toBe(tally.commitment.D);
  folds.forEach((fold, i) => {
    expect(fold.rows.length).toBe(tally.rowsPerFold);
    expect([fold.before, fold.start]).toEqual(
      i === 0 ? [0n, fold.start] : [folds[i - 1]?.after, folds[i - 1]?.end],
    );
  });
}

const runTally = (round: BuiltRound, rows = ROWS) =>
  prepareTally(round.items, round.statement, localCoordinatorKey(round.coordinator.secret), rows);

describe("the transcript of the hostile round", async () => {
  const round = hostileRound();
  const tally = await runTally(round);
  const transcript = await completeTranscript(tally, localCoordinatorKey(round.coordinator.secret));

  test("TALLY-4, TALLY-9, ROW-2, ROW-8, ROW-10: PM is the product over all items and acc·Den = Num", () => {
    expectSound(round, tally, transcript);
    expect(tally.rows.filter(({ row }) => row.message !== undefined).length).toBe(
      round.messages.length,
    );
  });

  test("ROW-9: the rows accept what the semantics accepts, and unregistered groups cast no vote", () => {
    const registered = new Set(round.actors.map(({ tag }) => tag));
    for (const { row, accepted, after } of tally.rows) {
      if (row.message === undefined) continue;
      const verdict = tally.outcome.verdicts.get(row.message.t);
      if (registered.has(after.owner))
        expect(accepted !== undefined, `item ${row.message.t}`).toBe(verdict === "accepted");
      else expect(accepted?.entries.some(({ magnitude }) => magnitude > 0n) ?? false).toBe(false);
    }
  });

  test("FOLD-1, FOLD-2: commitments open in the specified order, genesis included", () => {
    const { constants, folds } = transcript;
    const { g, beta, theta, delta, c1, c2, ctx, projects, signs } = constants;
    const hc = hash(DOMAIN.constants, [
      g,
      beta,
      theta,
      delta,
      mod(c1),
      mod(c2),
      ctx,
      BigInt(projects),
      signs ? 1n : 0n,
    ]);
    const { end, saltAfter, after, start } = folds[0] as (typeof folds)[0];
    expect(after).toBe(
      hash(DOMAIN.state, [
        saltAfter,
        hc,
        end.owner,
        end.key.x,
        end.key.y,
        end.credits,
        end.nonce,
        end.lastT,
        end.F,
        end.cost,
        BigInt(end.pos),
        end.PM,
        end.acc,
        end.D,
      ]),
    );
    expect(start).toMatchObject({
      owner: 0n,
      credits: 0n,
      nonce: 0n,
      lastT: 0n,
      F: 0n,
      cost: 0n,
      pos: 0,
      PM: 1n,
      acc: 0n,
      D: hash(DOMAIN.rows, [tally.rowsSalt]),
    });
  });

  test("ROW-12: D absorbs nine words a row, the capacity being the D before", () => {
    let D = hash(DOMAIN.rows, [tally.rowsSalt]);
    for (const {
      row: { message, contribution },
      h,
      command,
      D: after,
    } of tally.rows.slice(0, 12)) {
      const { x, y } = contribution?.key ?? { x: 0n, y: 0n };
      D = hash(D, [
        BigInt(message?.t ?? 0),
        BigInt(contribution?.t ?? 0),
        contribution?.tag ?? 0n,
        contribution?.credits ?? 0n,
        x,
        y,
        h,
        command[7] as bigint,
        command[8] as bigint,
      ]);
      expect(after).toBe(D);
    }
  });
});

describe("commitments of a small round", async () => {
  const builder = new RoundBuilder({ seed: "small", projects: 30 });
  const donor = builder.actor("Ann", 1_000n);
  builder.contribute(donor);
  for (const votes of [1n, 2n, 3n])
    builder.send(donor, `votes ${votes}`, "accepted", { ballot: new Map([[4, votes]]) });
  const round = builder.finish();
  const tally = await runTally(round, 2);
  const transcript = await completeTranscript(tally, localCoordinatorKey(round.coordinator.secret));

  test("TALLY-11, FOLD-3: a second run after a crash commits to the same values", async () => {
    const again = await completeTranscript(
      await runTally(round, 2),
      localCoordinatorKey(round.coordinator.secret),
    );
    expect(again.base).toBe(transcript.base);
    expect(again.folds.map(({ after }) => after)).toEqual(
      transcript.folds.map(({ after }) => after),
    );
  });

  test("TALLY-11: salts and commitments of another fold size, secret or round share nothing", async () => {
    const { secret } = round.coordinator;
    const tallies = [
      tally,
      await runTally(round, 3),
      await prepareTally(
        round.items,
        { ...round.statement, ctx: round.rules.ctx + 1n },
        localCoordinatorKey(secret),
        2,
      ),
      await prepareTally(
        round.items,
        { ...round.statement, chainHead: new Uint8Array(32).fill(7) },
        localCoordinatorKey(secret),
        2,
      ),
      await prepareTally(
        round.items,
        round.statement,
        localCoordinatorKey(builder.random.scalar()),
        2,
      ),
    ];
    expect(new Set(tallies.map(({ commitment }) => commitment.D)).size).toBe(5);
    expect(new Set(tallies.map(({ rowsSalt }) => rowsSalt)).size).toBe(5);
    const salts = transcript.folds.map(({ saltAfter }) => saltAfter);
    expect(new Set([...salts, tally.rowsSalt, tally.resultsSalt]).size).toBe(salts.length + 2);
  });

  test("TALLY-11: each use of the secret has a label of its own", async () => {
    const labels: bigint[] = [];
    const key: CoordinatorKey = {
      ...localCoordinatorKey(round.coordinator.secret),
      salt: async (label) => {
        labels.push(label);
        return 0n;
      },
    };
    await rowsSalt(key, round.statement, ROWS);
    await stateSalt(key, 1n, 0);
    await resultsSalt(key, round.statement);
    await sealingKey(key, round.statement);
    expect(new Set(labels).size).toBe(4);
  });
});

describe("random rounds", () => {
  test.each(Array.from({ length: 12 }, (_, i) => i))(
    "TALLY-9, ROW-8, ROW-10: acc·Den = Num, round %i",
    async (i) => {
      const round = new RoundBuilder({
        seed: `random transcript ${i}`,
        projects: 15,
        signs: i % 2 === 0,
      });
      const pool = commandPool(`pool ${i % 2}`, 20, round.rules.ctx);
      const sequence = drawSequence(round.random, pool, 9);
      pool.tags.forEach((tag, k) => {
        const key = pool.keys[k]?.[0] as { publicKey: { x: bigint; y: bigint }; secret: bigint };
        if (k > 0 || i % 3 > 0) round.contribute({ ...round.actor(`donor ${k}`, 200n, key), tag });
      });
      for (const { command, ephemeral } of sequence)
        round.publish(
          "drawn",
          "accepted",
          encrypt(command, ephemeral, round.coordinator.publicKey, round.rules.ctx),
        );
      const built = round.finish();
      const tally = await runTally(built, 4);
      expectSound(
        built,
        tally,
        await completeTranscript(tally, localCoordinatorKey(built.coordinator.secret)),
      );
    },
  );

  test("TALLY-12: a round without items has one fold of padding, PM = 1 and no results", async () => {
    const empty = new RoundBuilder({ seed: "empty", projects: 3 }).finish();
    const tally = await runTally(empty);
    const transcript = await completeTranscript(
      tally,
      localCoordinatorKey(empty.coordinator.secret),
    );
    expectSound(empty, tally, transcript);
    expect([
      transcript.folds.length,
      transcript.acc,
      transcript.folds[0]?.end.PM,
      tally.entries,
    ]).toEqual([1, 0n, 1n, []]);
  });

  test("KEY-3: a coordinator secret without half-size pair is refused by name", async () => {
    const round = new RoundBuilder({ seed: "no pair", projects: 3 });
    let secret = round.random.scalar();
    while (halfSizePair(secret) !== undefined) secret = round.random.scalar();
    const built = round.finish();
    const key = localCoordinatorKey(secret);
    const tally = await prepareTally(built.items, built.statement, key, ROWS);
    await expect(completeTranscript(tally, key)).rejects.toThrow(CoordinatorKeyError);
  });
});

test("CLOSE-4: a result changed by one vote, one credit or one project does not fit acc", async () => {
  const round = new RoundBuilder({ seed: "changed results", projects: 9 });
  const donor = round.actor("Ann", 100n);
  round.contribute(donor);
  round.send(donor, "votes", "accepted", {
    ballot: new Map([
      [2, 3n],
      [5, 4n],
    ]),
  });
  const built = round.finish();
  const tally = await runTally(built);
  const { acc, challenges } = await completeTranscript(
    tally,
    localCoordinatorKey(built.coordinator.secret),
  );
  const fits = (results: typeof tally.outcome.results) => {
    const { num, den } = resultsFraction(results, challenges);
    return den !== 0n && (acc * den - num) % P === 0n;
  };
  const [first, second] = tally.outcome.results as [
    (typeof tally.outcome.results)[0],
    (typeof tally.outcome.results)[0],
  ];
  expect([first, second]).toEqual([
    { project: 2, votes: 3n, credits: 9n },
    { project: 5, votes: 4n, credits: 16n },
  ]);
  expect(fits([first, second])).toBe(true);
  expect(fits([{ ...first, votes: 4n }, second])).toBe(false);
  expect(fits([{ ...first, credits: 10n }, second])).toBe(false);
  expect(fits([{ ...first, project: 3 }, second])).toBe(false);
  expect(fits([first])).toBe(false);
  expect(fits([first, second, { project: 6, votes: 0n, credits: 1n }])).toBe(false);
});
