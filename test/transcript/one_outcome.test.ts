import { expect, test } from "vitest";
import { mod } from "../../src/crypto/field.ts";
import { deriveContext } from "../../src/protocol/context.ts";
import {
  isContribution,
  isMessage,
  type Contribution,
  type Message,
} from "../../src/protocol/item.ts";
import { encrypt } from "../../src/protocol/message.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { grandProduct } from "../../src/transcript/fingerprint.ts";
import { resultsFraction } from "../../src/transcript/results.ts";
import type { Row } from "../../src/transcript/rows.ts";
import { traceRows } from "../../src/transcript/trace.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { commandPool, drawSequence } from "../helpers/command_pool.ts";
import { brokenRowRule } from "../helpers/row_rules.ts";
import { DEFAULT_ROUND_ID, RoundBuilder } from "../helpers/round_builder.ts";
import { openItems } from "../../src/transcript/open_items.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

/** Every way to lay 4 messages and 2 contributions into rows, each exactly once: what PM leaves open to a prover. */
function* arrangements(
  messages: readonly Message[],
  contributions: readonly Contribution[],
): Generator<readonly Row[]> {
  for (const order of permutations(messages))
    yield* withContributions(
      order.map((message) => ({ message })),
      contributions,
    );
}

function* withContributions(
  rows: readonly Row[],
  [first, ...rest]: readonly Contribution[],
): Generator<readonly Row[]> {
  if (first === undefined) return yield rows;
  for (const [i, row] of rows.entries()) {
    if (row.contribution === undefined)
      yield* withContributions(rows.with(i, { ...row, contribution: first }), rest);
  }
  for (let i = 0; i <= rows.length; i++)
    yield* withContributions(rows.toSpliced(i, 0, { contribution: first }), rest);
}

function* permutations<T>(list: readonly T[]): Generator<readonly T[]> {
  if (list.length === 0) return yield [];
  for (const [i, one] of list.entries())
    for (const rest of permutations(list.toSpliced(i, 1))) yield [one, ...rest];
}

const pool = commandPool("one outcome", 60, deriveContext(DEFAULT_ROUND_ID));

/*
 * P1, P4: for a small round every arrangement of exactly its items that keeps ROW-4, ROW-6 and ROW-7 gives the reference result, and there
 * is one. Left out, each of these rules lets another result through: see rows.test.ts.
 */
test.each([0, 1, 2, 3, 4, 5, 6, 7])(
  "ROW-4, ROW-6, ROW-7, ROW-8: exactly one outcome can be proved, random round %i",
  async (i) => {
    const builder = new RoundBuilder({
      seed: `one outcome ${i}`,
      projects: 15,
      signs: i % 2 === 0,
    });
    const donors = [0, 1].map((k) => ({
      ...builder.actor(`donor ${k}`, 200n, pool.keys[k]?.[0]),
      tag: pool.tags[k] as bigint,
    }));
    for (const donor of donors) builder.contribute(donor);
    // Draws again until two messages count, so that there is an outcome to get wrong.
    const contributions: Contribution[] = donors.map(({ tag, firstKey, credits }, k) => ({
      kind: "contribution",
      t: k + 1,
      tag,
      key: firstKey,
      credits,
    }));
    let sequence = drawSequence(builder.random, pool, 4);
    const counting = () => {
      const messages = sequence.map(({ R, command }, k) => ({
        t: contributions.length + k + 1,
        R,
        command,
      }));
      return [...computeOutcome(contributions, messages, builder.rules).verdicts.values()].filter(
        (verdict) => verdict === "accepted",
      ).length;
    };
    while (counting() < 2) sequence = drawSequence(builder.random, pool, 4);
    for (const { command, ephemeral } of sequence)
      builder.publish(
        "drawn",
        "accepted",
        encrypt(command, ephemeral, builder.coordinator.publicKey, builder.rules.ctx),
      );
    const {
      items,
      statement,
      coordinator: { secret },
      rules,
    } = builder.finish();
    const key = localCoordinatorKey(secret);
    const tally = await prepareTally(items, statement, key, 100);
    const { challenges } = await completeTranscript(tally, key);
    const { num, den } = resultsFraction(tally.outcome.results, challenges);
    const lanes = await openItems(items, key, rules.ctx);
    const opened = lanes.messages;

    let [allowed, refused] = [0, 0];
    for (const rows of arrangements(items.filter(isMessage), items.filter(isContribution))) {
      if (brokenRowRule(rows, opened) !== undefined) {
        refused++;
        continue;
      }
      if (++allowed > 40) continue; // the many places of malformed messages and silent donors
      // Cut into folds anywhere, with padding before any row: nothing of it changes PM or the result.
      const padding = allowed % (rows.length + 1);
      const padded = traceRows(
        allowed % 2 === 0 ? rows : rows.toSpliced(padding, 0, {}),
        rules,
        lanes,
        tally.rowsSalt,
      );
      for (const rowsPerFold of [1 + (allowed % 4), 100]) {
        const { folds, acc } = await completeTranscript(
          { ...tally, rows: padded, rowsPerFold },
          key,
        );
        expect(folds.length).toBe(Math.ceil(padded.length / rowsPerFold));
        expect(folds.at(-1)?.end.PM).toBe(grandProduct(items, challenges));
        expect(mod(acc * den)).toBe(num);
      }
    }
    expect(allowed).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(allowed);
  },
);
