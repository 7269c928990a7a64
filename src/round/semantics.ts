import { isAcceptable, type Point } from "../crypto/curve.ts";
import {
  readBallotWords,
  decodeHeader,
  isWellFormed,
  readNewKey,
  recomputeSignatureHash,
  readSignature,
  type CommandWords,
} from "../protocol/command.ts";
import { unpackPage, type Ballot } from "../protocol/ballot.ts";
import { isContribution, isMessage, type Item } from "../protocol/item.ts";
import { decryptWith, readPoint } from "../protocol/message.ts";
import { NONCE_LOW_BITS } from "../params.ts";

/** What a round's meaning depends on besides its items: J projects, whether votes may be negative, ctx. */
export type RoundRules = {
  readonly projects: number;
  readonly signs: boolean;
  readonly ctx: bigint;
};

/** A message with its plaintext, in chain order. */
export type OpenedMessage = {
  readonly t: number;
  readonly R: Point;
  readonly command: CommandWords;
};

/** SIG-1's h of a message under a key. */
export type SignatureHash = (message: OpenedMessage, key: Point, ctx: bigint) => bigint;
export const messageHash: SignatureHash = ({ command, R }, key, ctx) =>
  recomputeSignatureHash(command, key, R, ctx);

/** Why a message has no effect, first reason found; rule ids of docs/SPEC.md. */
export type Verdict =
  | "accepted"
  | "malformed (CMD-3)"
  | "unregistered tag (SEM-1)"
  | "signature (SEM-4)"
  | "new key (SEM-5)"
  | "nonce (SEM-6)"
  | "nonce beyond its time (SEM-7)"
  | "project or sign (SEM-8)"
  | "over budget (SEM-9)";

/** T_j = sum of votes, S_j = sum of squares: the credits spent on project j, > 0 (SEM-11). */
export type ProjectResult = {
  readonly project: number;
  readonly votes: bigint;
  readonly credits: bigint;
};

/** A donor's state while messages are read (SEM-2). `pos` and `cost` are those of the whole ballot so far. */
export type DonorState = {
  readonly key: Point;
  readonly credits: bigint;
  readonly nonce: bigint;
  readonly ballot: Ballot;
  readonly pos: number;
  readonly cost: bigint;
};

export type Outcome = {
  /** In increasing order of project. */
  readonly results: readonly ProjectResult[];
  /** By item number t. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  readonly donors: ReadonlyMap<bigint, DonorState>;
};

/** The messages among items, opened by their shared roots c·R in the same order: all that the semantics need of the coordinator's key. */
export function openMessages(
  items: readonly Item[],
  roots: readonly Point[],
  ctx: bigint,
): OpenedMessage[] {
  return items.filter(isMessage).map(({ t, words }, i) => ({
    t,
    R: readPoint(words),
    command: decryptWith(roots[i] as Point, words, ctx),
  }));
}

/**
 * The reference semantics (SEM-1 to SEM-11): pure and total on every list of items that the contract accepts.
 * Circuit and contract must agree with it. `hash` is another way to the same hashes.
 */
export function computeOutcome(
  items: readonly Item[],
  opened: readonly OpenedMessage[],
  rules: RoundRules,
  hash: SignatureHash = messageHash,
): Outcome {
  const donors = new Map<bigint, DonorState>();
  for (const { tag, key, credits } of items.filter(isContribution))
    donors.set(tag, { key, credits, nonce: 0n, ballot: new Map(), pos: 0, cost: 0n });
  const verdicts = new Map<number, Verdict>();
  for (const message of opened) {
    const tag = isWellFormed(message.command)
      ? decodeHeader(message.command[0] as bigint).tag
      : undefined;
    const donor = tag === undefined ? undefined : donors.get(tag);
    if (tag === undefined) verdicts.set(message.t, "malformed (CMD-3)");
    else if (donor === undefined) verdicts.set(message.t, "unregistered tag (SEM-1)");
    else {
      const { verdict, state } = applyMessage(donor, message, rules, hash);
      verdicts.set(message.t, verdict);
      donors.set(tag, state);
    }
  }
  return { results: tally(donors.values()), verdicts, donors };
}

/** SEM-3: a well-formed message that names this donor, applied to the donor's state. An invalid one leaves it as it was. */
export function applyMessage(
  state: DonorState,
  message: OpenedMessage,
  rules: RoundRules,
  hash: SignatureHash = messageHash,
): { readonly verdict: Verdict; readonly state: DonorState } {
  const { command, t } = message;
  const { append, nonce } = decodeHeader(command[0] as bigint);
  const reject = (verdict: Verdict) => ({ verdict, state });
  if (hash(message, state.key, rules.ctx) !== readSignature(command).e)
    return reject("signature (SEM-4)");
  if (!isAcceptable(readNewKey(command))) return reject("new key (SEM-5)");
  if (append ? nonce !== state.nonce + 1n : nonce <= state.nonce) return reject("nonce (SEM-6)");
  if (nonce >> BigInt(NONCE_LOW_BITS) >= BigInt(t)) return reject("nonce beyond its time (SEM-7)");
  const page = unpackPage(readBallotWords(command), append ? state.pos : 0);
  if (page.pos > rules.projects || (!rules.signs && page.entries.some(({ sign }) => sign)))
    return reject("project or sign (SEM-8)");
  const ballot = new Map(append ? state.ballot : []);
  let cost = append ? state.cost : 0n;
  for (const { project, sign, magnitude } of page.entries) {
    if (magnitude === 0n) continue;
    ballot.set(project, sign ? -magnitude : magnitude);
    cost += magnitude * magnitude;
  }
  if (cost > state.credits) return reject("over budget (SEM-9)");
  return {
    verdict: "accepted",
    state: { key: readNewKey(command), credits: state.credits, nonce, ballot, pos: page.pos, cost },
  };
}

/** SEM-11. */
function tally(donors: Iterable<DonorState>): ProjectResult[] {
  const sums = new Map<number, { votes: bigint; credits: bigint }>();
  for (const { ballot } of donors) {
    for (const [project, v] of ballot) {
      const sum = sums.get(project) ?? { votes: 0n, credits: 0n };
      sums.set(project, { votes: sum.votes + v, credits: sum.credits + v * v });
    }
  }
  return [...sums].sort(([a], [b]) => a - b).map(([project, sum]) => ({ project, ...sum }));
}
