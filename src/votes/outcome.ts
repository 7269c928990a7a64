import { toUnits, type RoundDocument } from "../metadata/documents.ts";
import type { ProjectResult } from "../round/semantics.ts";

/** A question as it is decided; numbers are in units of their last decimal (VOTE-1). */
export type VoteQuestion =
  | {
      readonly kind: "choice";
      readonly title: string;
      /** In increasing order; none for all of the round's. */
      readonly options: readonly number[];
    }
  | {
      readonly kind: "number";
      readonly title: string;
      /** The project that stands for it. */
      readonly option: number;
      readonly start: bigint;
      readonly step: bigint;
      readonly min: bigint;
      readonly max: bigint;
      readonly decimals: number;
      readonly unit: string;
    };

/** What came of a question; the same as the contract's `Answer`. */
export type VoteAnswer = {
  /** False for a choice in which no option has more votes for than against. */
  readonly isDecided: boolean;
  /** The option chosen, or the one that stands for a number; 0 if none. */
  readonly option: number;
  /** T and S of that option. */
  readonly votes: bigint;
  readonly credits: bigint;
  /** Where a number stands, in units of its last decimal; 0 for a choice. */
  readonly value: bigint;
};

const FIELDS = ["isDecided", "option", "votes", "credits", "value"] as const;

/** The first thing in which two answers differ; undefined if they are equal. */
export const differsIn = (a: VoteAnswer, b: VoteAnswer): (typeof FIELDS)[number] | undefined =>
  FIELDS.find((field) => a[field] !== b[field]);

const NO_DECISION: VoteAnswer = { isDecided: false, option: 0, votes: 0n, credits: 0n, value: 0n };

/** Fewer voters than this, and a total says much of single ballots. */
export const FEW_VOTERS = 10;

/**
 * What a round asks (VOTE-1): nothing where donors pay; else what its document says; else, where nothing is paid out either, for one of all
 * its projects.
 */
export function listQuestions(
  document: RoundDocument | undefined,
  { token, poolToken }: { readonly token: string; readonly poolToken: string },
): readonly VoteQuestion[] {
  const isNone = (address: string) => BigInt(address) === 0n;
  if (!isNone(token)) return [];
  const asked = document?.extensions["org.tacit"].vote;
  if (asked === undefined)
    return isNone(poolToken) ? [{ kind: "choice", title: "", options: [] }] : [];
  return asked.map((one): VoteQuestion => {
    if (one.kind === "choice") return { ...one, options: one.options ?? [] };
    const units = (value: number) => toUnits(value, one.decimals) as bigint;
    return {
      ...one,
      unit: one.unit ?? "",
      start: units(one.start),
      step: units(one.step),
      min: units(one.min),
      max: units(one.max),
    };
  });
}

/** What the votes decide, an answer a question (VOTE-2, VOTE-3). Votes for projects that are not eligible count for nothing. */
export function decideVote(
  questions: readonly VoteQuestion[],
  results: readonly ProjectResult[],
  isEligible: (project: number) => boolean,
): readonly VoteAnswer[] {
  const counted = results.filter(({ project }) => isEligible(project));
  return questions.map((question) => {
    if (question.kind === "choice") return choose(question.options, counted);
    const { option, start, step, min, max } = question;
    const { votes, credits } = counted.find(({ project }) => project === option) ?? NO_DECISION;
    const moved = start + step * votes;
    const value = moved < min ? min : moved > max ? max : moved;
    return { isDecided: true, option, votes, credits, value };
  });
}

/** The most votes win if they are more than 0; of equal ones the smaller number. */
function choose(options: readonly number[], counted: readonly ProjectResult[]): VoteAnswer {
  const among = new Set(options);
  const open = options.length === 0 ? counted : counted.filter(({ project }) => among.has(project));
  const best = open.reduce<ProjectResult | undefined>(
    (first, one) => (one.votes > (first?.votes ?? 0n) ? one : first),
    undefined,
  );
  if (best === undefined) return NO_DECISION;
  const { project: option, votes, credits } = best;
  return { isDecided: true, option, votes, credits, value: 0n };
}

/**
 * T²/S in tenths, rounded down (VOTE-5): as many voters as would give these totals if all had voted alike; near 0 where as many pull one way
 * as the other.
 */
export function agreementTenths({
  votes,
  credits,
}: Pick<ProjectResult, "votes" | "credits">): bigint {
  return credits === 0n ? 0n : (10n * votes * votes) / credits;
}
