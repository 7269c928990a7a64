import { toMontgomery, type MontgomeryPoint, type Point } from "../crypto/curve.ts";
import { hash } from "../crypto/poseidon.ts";
import { recomputeHash } from "../crypto/signature.ts";
import { BASE, DOMAIN } from "../params.ts";
import { unpackPage, type BallotEntry } from "../protocol/ballot.ts";
import {
  readBallotWords,
  decodeHeader,
  isWellFormed,
  readSignedContent,
  type CommandWords,
} from "../protocol/command.ts";
import { readPoint, type MessageWords } from "../protocol/message.ts";
import { applyMessage, type RoundRules } from "../round/semantics.ts";
import { malformedHints, type RowHints } from "./malformed.ts";
import type { KnownHashes, OpenedItems } from "./open_items.ts";
import { PADDING_WORDS, type Row } from "./rows.ts";

/** The part of the row relation's state that no challenge enters (section 7 of docs/SPEC.md). */
export type DiscreteState = {
  readonly owner: bigint;
  readonly key: Point;
  readonly credits: bigint;
  readonly nonce: bigint;
  readonly lastT: bigint;
  readonly cost: bigint;
  readonly pos: number;
};

/** FOLD-2's genesis. */
export const GENESIS: DiscreteState = {
  owner: 0n,
  key: BASE,
  credits: 0n,
  nonce: 0n,
  lastT: 0n,
  cost: 0n,
  pos: 0,
};

/** A row with everything that the challenges do not change. */
export type TracedRow = {
  readonly row: Row;
  readonly words: MessageWords;
  readonly command: CommandWords;
  /** c·R (ROW-5). */
  readonly sharedRoot: MontgomeryPoint;
  readonly hints: RowHints;
  readonly h: bigint;
  readonly ownerChanges: boolean;
  /** The page's entries if the message is accepted (ROW-9), and whether they are added to the ballot. */
  readonly accepted:
    | { readonly entries: readonly BallotEntry[]; readonly append: boolean }
    | undefined;
  readonly after: DiscreteState;
  /** ROW-12's D after the row. */
  readonly D: bigint;
};

/** ROW-12's first value. */
export function initialD(salt: bigint): bigint {
  return hash(DOMAIN.rows, [salt]);
}

/**
 * Runs the row relation over arranged rows, as far as it needs no challenge (ROW-3 to ROW-9, ROW-12). `hashes` are those that the semantics
 * have computed already.
 */
export function traceRows(
  rows: readonly Row[],
  rules: RoundRules,
  { messages, roots, padding }: OpenedItems,
  salt: bigint,
  hashes?: KnownHashes,
): TracedRow[] {
  let state = GENESIS;
  let D = initialD(salt);
  const commands = new Map(messages.map(({ t, command }) => [t, command]));
  const off: OpenLane = {
    words: PADDING_WORDS,
    command: padding.command,
    sharedRoot: toMontgomery(padding.root),
  };
  return rows.map((row) => {
    const { message } = row;
    const lane =
      message === undefined
        ? off
        : {
            words: message.words,
            command: commands.get(message.t) as CommandWords,
            sharedRoot: toMontgomery(roots.get(message.t) as Point),
          };
    const traced = traceRow(row, state, rules, lane, hashes);
    state = traced.after;
    D = absorbRow(D, traced);
    return { ...traced, D };
  });
}

/** A row's message as a prover sees it. */
export type OpenLane = {
  readonly words: MessageWords;
  readonly command: CommandWords;
  readonly sharedRoot: MontgomeryPoint;
};

/** One row after a state. D is not in it: it is a chain over all rows, and takes as long as the rest (`absorbRow`). */
export function traceRow(
  row: Row,
  before: DiscreteState,
  rules: RoundRules,
  { words, command, sharedRoot: root }: OpenLane,
  hashes?: KnownHashes,
): Omit<TracedRow, "D"> {
  const { message, contribution } = row;
  const hints = malformedHints(command);
  const named =
    message !== undefined && isWellFormed(command)
      ? decodeHeader(command[0] as bigint).tag
      : undefined; // ROW-4
  const owner = contribution?.tag ?? named;
  const ownerChanges = owner !== undefined && owner !== before.owner;
  let state = before;
  if (owner !== undefined) {
    const fresh = {
      nonce: 0n,
      cost: 0n,
      pos: 0,
      credits: contribution?.credits ?? 0n,
      key: contribution?.key ?? before.key,
    }; // ROW-8
    state = {
      ...before,
      ...(ownerChanges ? fresh : {}),
      owner,
      lastT: named === undefined ? 0n : BigInt((message as { t: number }).t),
    };
  }
  const R = readPoint(words);
  const h =
    hashes?.find(message?.t ?? 0, state.key) ??
    recomputeHash(
      { e: hints.bounded[5] as bigint, s: hints.bounded[6] as bigint },
      state.key,
      readSignedContent(command, R, rules.ctx),
    );
  let accepted: TracedRow["accepted"];
  if (named !== undefined) {
    const { verdict, state: next } = applyMessage(
      { ...state, ballot: new Map() },
      { t: (message as { t: number }).t, R, command },
      rules,
      () => h,
    ); // ROW-9
    if (verdict === "accepted") {
      const { append } = decodeHeader(command[0] as bigint);
      accepted = {
        append,
        entries: unpackPage(readBallotWords(command), append ? state.pos : 0).entries,
      };
      state = { ...state, key: next.key, nonce: next.nonce, cost: next.cost, pos: next.pos };
    }
  }
  return {
    row,
    words,
    command,
    sharedRoot: root,
    hints,
    h,
    ownerChanges,
    accepted,
    after: state,
  };
}

/** ROW-12: the D after a row. */
export function absorbRow(
  D: bigint,
  { row: { message, contribution }, h, command }: Pick<TracedRow, "row" | "h" | "command">,
): bigint {
  const key = contribution?.key ?? { x: 0n, y: 0n };
  return hash(D, [
    BigInt(message?.t ?? 0),
    BigInt(contribution?.t ?? 0),
    contribution?.tag ?? 0n,
    contribution?.credits ?? 0n,
    key.x,
    key.y,
    h,
    command[7] as bigint,
    command[8] as bigint,
  ]);
}
