import { lastChoices, PROVED, TWO_READINGS } from "./row_fields.ts";

/**
 * The row relation (SPEC section 7) without its arithmetic: keys are numbers, a signature names its signer, PM is the set of items that it
 * stands for, F the list of votes. What is left is what a prover decides: which lanes go into a row and in which order, which message is
 * declared malformed, and which is accepted. A rule can be left out, to see what it is there for.
 */
export type ModelContribution = {
  readonly tag: number;
  readonly key: number;
  readonly credits: number;
};
export type ModelMessage = {
  readonly t: number;
  /** undefined: not well formed. */
  readonly tag: number | undefined;
  readonly signer: number;
  readonly newKey: number;
  readonly nonce: number;
  readonly append: boolean;
  /** Gap and votes of each used entry (BAL-2). */
  readonly entries: readonly (readonly [gap: number, votes: number])[];
};
export type RowRule =
  | "ROW-2"
  | "ROW-3"
  | "ROW-4"
  | "ROW-5"
  | "ROW-6"
  | "ROW-7"
  | "ROW-8"
  | "ROW-9"
  | "ROW-12";

/** A newKey that is not acceptable (SEM-5). */
export const BAD_KEY = 99;
export const PROJECTS = 6;

type State = {
  readonly owner: number;
  readonly key: number;
  readonly credits: number;
  readonly nonce: number;
  readonly lastT: number;
  readonly cost: number;
  readonly pos: number;
  /** F and acc: votes as project:votes. */
  readonly F: readonly string[];
  readonly acc: readonly string[];
};
const GENESIS: State = {
  owner: 0,
  key: 0,
  credits: 0,
  nonce: 0,
  lastT: 0,
  cost: 0,
  pos: 0,
  F: [],
  acc: [],
};

type Page = Pick<State, "F" | "cost" | "pos">;

/** SEM-4 to SEM-9 in this state, with the ballot that would result; undefined where one of them fails. */
function validPage(state: State, message: ModelMessage): Page | undefined {
  let { F, cost, pos }: Page = message.append ? state : GENESIS;
  for (const [gap, votes] of message.entries) {
    pos += gap + 1;
    cost += votes * votes;
    F = [...F, `${pos - 1}:${votes}`];
  }
  const nonceFits = message.append
    ? message.nonce === state.nonce + 1
    : message.nonce > state.nonce;
  const inTime = Math.floor(message.nonce / 65_536) < message.t;
  const valid =
    message.signer === state.key &&
    message.newKey !== BAD_KEY &&
    nonceFits &&
    inTime &&
    pos <= PROJECTS &&
    cost <= state.credits;
  return valid ? { F, cost, pos } : undefined;
}

/** Every state that a row with these lanes can lead to, over all claims that the prover may make. */
function* rowSteps(
  before: State,
  message: ModelMessage | undefined,
  contribution: ModelContribution | undefined,
  without?: RowRule,
): Generator<State> {
  const form = message?.tag !== undefined;
  for (const claimed of form && without === "ROW-3" ? [true, false] : [form]) {
    const named = claimed ? message?.tag : undefined;
    if (
      without !== "ROW-4" &&
      named !== undefined &&
      contribution !== undefined &&
      named !== contribution.tag
    )
      continue;
    const owner = contribution?.tag ?? named;
    if (owner === undefined) {
      yield before; // ROW-11
      continue;
    }
    const time = named === undefined ? 0 : (message as ModelMessage).t;
    const stays = owner === before.owner;
    if (without !== "ROW-6" && (owner < before.owner || (stays && time <= before.lastT))) continue;
    if (without !== "ROW-7" && stays && contribution !== undefined) continue;
    const kept = stays
      ? before
      : {
          ...GENESIS,
          key: before.key,
          credits: without === "ROW-8" ? before.credits : 0,
          acc: [...before.acc, ...before.F],
        };
    const state = {
      ...kept,
      owner,
      lastT: time,
      key: contribution?.key ?? kept.key,
      credits: kept.credits + (contribution?.credits ?? 0),
    };
    const page = named === undefined ? undefined : validPage(state, message as ModelMessage);
    for (const accepted of named !== undefined && without === "ROW-9"
      ? [true, false]
      : [page !== undefined]) {
      yield accepted
        ? {
            ...state,
            ...(page ?? {}),
            key: (message as ModelMessage).newKey,
            nonce: (message as ModelMessage).nonce,
          }
        : state;
    }
  }
}

/** T and S by project, as text. */
function showResult({ F, acc }: State): string {
  const sums = new Map<number, [T: number, S: number]>();
  for (const vote of [...acc, ...F]) {
    const [project, votes] = vote.split(":").map(Number) as [number, number];
    const [T, S] = sums.get(project) ?? [0, 0];
    sums.set(project, [T + votes, S + votes * votes]);
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([project, [T, S]]) => `${project}: T=${T} S=${S}`)
    .join(", ");
}

export type Explored = { readonly outcomes: ReadonlySet<string>; readonly rows: number };

/**
 * Whether PM holds the rows to the contract's items: ROW-2 multiplies them, and D leaves the prover no choice that PM reads (ROW-5, ROW-12)
 * once the challenges are known. Here ROW-5 is without its proof that R is on the curve, and ROW-12 without s.
 */
function isHeldByPM(without: RowRule | undefined): boolean {
  const known = heldByPM.get(without);
  if (known !== undefined) return known;
  const unabsorbed = { ...PROVED, absorbed: PROVED.absorbed.filter((name) => name !== "s") };
  const isHeld =
    without !== "ROW-2" &&
    lastChoices(without === "ROW-5" ? TWO_READINGS : without === "ROW-12" ? unabsorbed : PROVED)
      .size === 0;
  heldByPM.set(without, isHeld);
  return isHeld;
}
const heldByPM = new Map<RowRule | undefined, boolean>();

/**
 * Every result that some sequence of rows leads to: any row may take any item that is left in either lane. Where PM does not hold the rows to
 * the contract's items, these may also be dropped, and contributions have other credits. Padding changes nothing in the model and is left out.
 */
export function explore(
  messages: readonly ModelMessage[],
  contributions: readonly ModelContribution[],
  without?: RowRule,
): Explored {
  const isHeld = isHeldByPM(without);
  const outcomes = new Set<string>();
  const seen = new Set<string>();
  let rows = 0;
  const visit = (
    state: State,
    left: readonly ModelMessage[],
    unpaid: readonly ModelContribution[],
  ): void => {
    const place = JSON.stringify([state, left.map(({ t }) => t), unpaid.map(({ tag }) => tag)]);
    if (seen.has(place)) return;
    seen.add(place);
    if ((left.length === 0 && unpaid.length === 0) || !isHeld) outcomes.add(showResult(state));
    for (const contribution of [undefined, ...unpaid]) {
      const lanes =
        contribution === undefined || isHeld
          ? [contribution]
          : [contribution, { ...contribution, credits: contribution.credits + 100 }];
      for (const message of [undefined, ...left]) {
        if (contribution === undefined && message === undefined) continue;
        for (const lane of lanes) {
          for (const next of rowSteps(state, message, lane, without)) {
            rows++;
            visit(
              next,
              left.filter((other) => other !== message),
              unpaid.filter((other) => other !== contribution),
            );
          }
        }
      }
    }
  };
  visit(GENESIS, messages, contributions);
  return { outcomes, rows };
}
