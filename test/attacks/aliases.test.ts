import { expect, it } from "vitest";
import { mod } from "../../src/crypto/field.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { L, P } from "../../src/params.ts";
import { RoundBuilder } from "../helpers/round_builder.ts";
import { openBySecret } from "../helpers/open.ts";

/*
 * The attack: the same thing said in two ways, s and s + l, a word and the word + p, an encryption changed without its key, so that a message is
 * counted twice, or one that its author meant to be void counts.
 */
it("SIG-2 SEM-6 a copy with s + l, made from the ciphertext alone, changes nothing and counts once", () => {
  const round = new RoundBuilder({ seed: "aliases", projects: 10 });
  const donor = round.actor("Donor", 1_000n);
  round.contribute(donor);
  let words: readonly bigint[] = [];
  for (const [votes, k] of [
    [10n, 0],
    [20n, 1],
  ] as const) {
    words = round.send(donor, `votes ${k}`, "accepted", { ballot: new Map([[k, votes]]) });
    // s is encrypted by addition: whoever sees the message can add l to it, and s + l < 2^252 signs the same command.
    round.publish("the same with s + l", "nonce (SEM-6)", [
      ...words.slice(0, 10),
      mod((words[10] as bigint) + L),
    ]);
  }
  const { items, rules, coordinator, messages } = round.finish();
  const { verdicts, results } = computeOutcome(
    items,
    openBySecret(items, coordinator.secret, rules.ctx),
    rules,
  );
  const found = messages.map(({ t }) => verdicts.get(t));
  expect(found.filter((verdict) => verdict === "accepted").length).toBe(2);
  expect(results).toEqual([{ project: 1, votes: 20n, credits: 400n }]);
});

it("CMD-3 ROW-3 no decomposition has room for word + p: every bounded word is below 2^253 and p is above 2^253", () => {
  expect(P > 1n << 253n).toBe(true);
  expect((1n << 252n) + (1n << 253n) < P).toBe(true); // a + L does not wrap
  expect(1n << 252n <= P - (1n << 253n)).toBe(true); // a + p - 2^253 is never below L
  expect((1n << 113n) + (1n << 253n) >= P - (1n << 253n)).toBe(true); // and the two ranges leave no gap, for the header
});
