import { mixedOrder, ORDER_8, TORSION, UNACCEPTABLE } from "./points.ts";
import { RoundBuilder, type BuiltRound, type RoundOptions } from "./round_builder.ts";
import { curveAttacks, signatureAttacks } from "./hostile_crypto.ts";
import { wordLimits } from "./hostile_edges.ts";
import { ballotAttacks, groupAttacks, nonceAttacks, rotations } from "./hostile_stories.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { P } from "../../src/params.ts";
import type { MessageWords } from "../../src/protocol/message.ts";

export type { Actor, BuiltRound, RoundStep } from "./round_builder.ts";

/** J of the hostile round. */
export const HOSTILE_PROJECTS = 100;

/**
 * The hostile round: one message for every way known to us in which a message, key or order of events could be read in
 * two ways, stop the proof, or be counted wrongly. All messages pass the contract's door (MSG-1). Each carries the verdict that
 * docs/SPEC.md gives it, written down by hand; semantics, circuit and contract must agree with it.
 *
 * Deterministic: the same options give the same round. The contribution payers may be replaced by accounts that a test
 * can call from, the round's id by a deployed one.
 */
export function hostileRound(options: Partial<RoundOptions> = {}): BuiltRound {
  const round = new RoundBuilder({ seed: "hostile round", projects: HOSTILE_PROJECTS, ...options });
  round.publish("random words as the first item", "malformed (CMD-3)", randomWords(round));
  const finishRotations = rotations(round);
  nonceAttacks(round);
  ballotAttacks(round);
  const finishGroups = groupAttacks(round);
  signatureAttacks(round);
  curveAttacks(round);
  wordLimits(round);
  finishGroups();
  finishRotations();
  return round.finish();
}

/** What the contract must refuse at the door (MSG-1). */
export function unpublishableMessages(): { readonly name: string; readonly words: MessageWords }[] {
  const { x, y } = multiplyBase(5n);
  const rest = Array.from({ length: 9 }, () => 7n);
  return [
    ...UNACCEPTABLE.map(({ name, point }) => ({
      name: `R = ${name}`,
      words: [point.x, point.y, ...rest],
    })),
    { name: "R.x + p", words: [x + P, y, ...rest] },
    { name: "R.y + p", words: [x, y + P, ...rest] },
    { name: "a word = p", words: [x, y, ...rest.slice(1), P] },
    { name: "a word = 2^256 - 1", words: [x, y, (1n << 256n) - 1n, ...rest.slice(1)] },
  ];
}

function randomWords(round: RoundBuilder): MessageWords {
  const { x, y } = multiplyBase(round.random.scalar());
  return [x, y, ...Array.from({ length: 9 }, () => round.random.below(P))];
}

export { mixedOrder, ORDER_8, TORSION, UNACCEPTABLE };
