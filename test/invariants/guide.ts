import { awaitOutcome } from "../contracts/support/reverts.ts";
import type { Seeded } from "../helpers/seeded.ts";
import { CALLS, type Call } from "./calls.ts";
import { STATUS, type Moment } from "./model.ts";

/** How a round is meant to end; each is the name of the call that ends it. */
export type Ending = "close" | "abort" | "cancel" | "dispute";

/** How often each call has succeeded. */
export type Successes = Map<string, number>;

/** Of so many calls one is anybody's, with anything, whenever it comes; the others are what the round needs next, rightly made. */
const WILD = 5;
/** Of so many moments at which a call is open but brings nothing on, it is made at one. */
const IDLE = 12;

const PHASES = ["early", "open", "tally", "overdue", "window", "over"] as const;
type Phase = (typeof PHASES)[number];

/** What a round is led to, and how many calls it gets in each phase before time is moved on. */
export type Plan = { readonly ending: Ending; readonly budgets: Record<Phase, number> };

/** The ending that has been reached least often, in this setting or in all; a close counts as often as what it opens has been done. */
export function drawPlan(
  random: Seeded,
  endings: readonly Ending[],
  opened: readonly string[],
  here: Successes,
  everywhere: Successes,
): Plan {
  const counts = random.index(3) === 0 ? here : everywhere;
  const readCount = (name: string) => counts.get(name) ?? 0;
  const ending = findLeast(endings, (name) =>
    name === "close" && opened.length > 0 ? Math.min(...opened.map(readCount)) : readCount(name),
  );
  const isFinal = ending === "close" || ending === "dispute";
  return {
    ending,
    budgets: {
      early: random.index(2),
      open: 3 + random.index(isFinal ? 4 : 2),
      tally: isFinal ? 16 : random.index(3),
      overdue: 8,
      window: ending === "dispute" ? 1 : random.index(2),
      over: 30,
    },
  };
}

const findLeast = <T>(list: readonly T[], count: (item: T) => number): T =>
  list.reduce((least, item) => (count(item) < count(least) ? item : least));

export function findPhase({ setup, view, now }: Moment): Phase {
  if (view.status === STATUS.finalized) return now < view.paymentsFrom ? "window" : "over";
  if (view.status !== STATUS.live) return "over";
  if (now < setup.start) return "early";
  if (now < setup.end) return "open";
  return now < view.deadline ? "tally" : "overdue";
}

/** The next call, or the second to which time is moved, or undefined where there is nothing more to do. */
export function next(
  moment: Moment,
  { ending, budgets }: Plan,
  successes: Successes,
): { readonly call: Call; readonly right: boolean } | { readonly until: bigint } | undefined {
  const { random, view, setup, now } = moment;
  const phase = findPhase(moment);
  if (random.index(WILD) === 0) return { call: random.pick(CALLS), right: false };
  const ends: readonly string[] = ["close", "abort", "cancel", "dispute"];
  const leads = ({ name }: Call) =>
    !ends.includes(name) ||
    name === ending ||
    name === "abort" ||
    (name === "close" && ending === "dispute");
  const open = CALLS.filter((call) => leads(call) && call.open(moment));
  // What a setting has never seen is worth doing there, whether it brings anything on or not.
  const useful = open.filter(
    (call) =>
      call.useful?.(moment) !== false ||
      (successes.get(call.name) ?? 0) === 0 ||
      random.index(IDLE) === 0,
  );
  const last = open.find(({ name }) => ends.includes(name));
  if (last !== undefined && (budgets[phase] <= 0 || random.index(2) === 0))
    return { call: last, right: true };
  if (budgets[phase]-- > 0 && useful.length > 0) {
    return {
      call:
        random.index(4) === 0
          ? random.pick(useful)
          : findLeast(useful, ({ name }) => successes.get(name) ?? 0),
      right: true,
    };
  }
  const announce = open.find(({ name }) => name === "announceCancel");
  if (ending === "cancel" && phase === "open" && announce !== undefined)
    return { call: announce, right: true };
  const edge = {
    early: setup.start,
    open: ending === "cancel" && view.cancelFrom > now ? view.cancelFrom : setup.end,
    tally: view.deadline,
    overdue: undefined,
    window: view.paymentsFrom,
    over: undefined,
  }[phase];
  if (edge === undefined) return undefined;
  // The last second before the edge, with one more call; the edge; or a little later.
  const offset = [-1n, 0n, 0n, BigInt(random.index(5))][random.index(4)] as bigint;
  if (offset >= 0n || edge - 1n <= now) return { until: edge + (offset < 0n ? 0n : offset) };
  budgets[phase] = 1;
  return { until: edge - 1n };
}

/** "success", or the revert. */
export async function make(moment: Moment, call: Call, right: boolean): Promise<string> {
  try {
    return await awaitOutcome(call.run(moment, right));
  } catch (error) {
    return `refused: ${(error as Error).message.split("\n", 1)[0]}`;
  }
}
