import type { Hex } from "viem";
import type { Link } from "../protocol/link.ts";
import { decodeResult } from "../transcript/results.ts";
import type { RoundEvent } from "./logs.ts";

/** What an event of a round carries, by its name. */
export type EventArguments<TName extends RoundEvent["eventName"]> = Extract<
  RoundEvent,
  { eventName: TName }
>["args"];

/** What was posted since the coordinator's last commit (TALLY-10): everything before it is void. */
export type TallyHistory = {
  readonly committed: EventArguments<"Committed">;
  readonly folds: readonly EventArguments<"Folded">[];
  readonly replays: readonly EventArguments<"Replayed">[];
  readonly entries: readonly bigint[];
  /** What the first entries came with for the payout rule (MONEY-11). */
  readonly hint: Hex;
  /** Bits of the listed projects that were eligible when they were listed, in words of 256 projects: what may be claimed for. */
  readonly eligibility: ReadonlyMap<bigint, bigint>;
  readonly finalized: EventArguments<"Finalized"> | undefined;
};

/** A round as its events tell it (EVT-1). */
export type RoundHistory<Links = readonly Link[]> = {
  readonly links: Links;
  /** The payer of each tag. */
  readonly payers: ReadonlyMap<bigint, `0x${string}`>;
  readonly funded: readonly EventArguments<"Funded">[];
  readonly tally: TallyHistory | undefined;
  readonly claims: readonly EventArguments<"Claimed">[];
  /** Name of the event that ended the round without a result, or made its result void. */
  readonly ended: "Aborted" | "Cancelled" | "Disputed" | undefined;
  /** Why the guardian disputed the result (PHASE-10): the guardian's words, to be shown as such. */
  readonly disputeReason: string | undefined;
};

/** Whether a project's bit is set in bitmaps of 256 projects each, as registries give them (REG-1); a word that is not there has none. */
export function isEligibleIn(
  wordAt: (index: number) => bigint | undefined,
  project: number,
): boolean {
  return (((wordAt(project >> 8) ?? 0n) >> BigInt(project & 255)) & 1n) === 1n;
}

/** Whether the round read a listed project as eligible in the call that listed it: a foreign registry may say otherwise before and after. */
export const wasEligible = (
  { eligibility }: Pick<TallyHistory, "eligibility">,
  project: number,
): boolean => isEligibleIn((index) => eligibility.get(BigInt(index)), project);

/** Orders a round's events into its history. Pure; events in chain order. */
export function foldHistory(events: readonly RoundEvent[]): RoundHistory {
  const reader = historyReader<Link[]>([]);
  reader.add(events);
  return reader.history();
}

/** The same for events that come piece by piece. `links` takes the links: a list, or what holds them in less space. */
export function historyReader<Links extends { readonly push: (link: Link) => unknown }>(
  links: Links,
): {
  readonly add: (events: readonly RoundEvent[]) => void;
  readonly history: () => RoundHistory<Links>;
} {
  const payers = new Map<bigint, `0x${string}`>();
  const funded: EventArguments<"Funded">[] = [];
  const claims: EventArguments<"Claimed">[] = [];
  let tally:
    | {
        committed: EventArguments<"Committed">;
        folds: EventArguments<"Folded">[];
        replays: EventArguments<"Replayed">[];
        entries: bigint[];
        hint: Hex;
        eligibility: Map<bigint, bigint>;
        finalized: EventArguments<"Finalized"> | undefined;
      }
    | undefined;
  /** Of the call whose entries come next. */
  let hint: Hex = "0x";
  /** What the registry answered last for each word: the round asks anew in every call that lists a project of it. */
  const read = new Map<bigint, bigint>();
  let ended: RoundHistory["ended"];
  let disputeReason: string | undefined;
  const add = ({ eventName, args }: RoundEvent) => {
    if (eventName === "Contributed") {
      links.push({
        kind: "contribution",
        tag: args.tag,
        key: { x: args.keyX, y: args.keyY },
        credits: args.credits,
      });
      payers.set(args.tag, args.payer);
    } else if (eventName === "MessagePublished") links.push({ kind: "message", words: args.words });
    else if (eventName === "ToppedUp")
      links.push({ kind: "topUp", tag: args.tag, credits: args.credits });
    else if (eventName === "Funded") funded.push(args);
    else if (eventName === "Committed")
      tally = {
        committed: args,
        folds: [],
        replays: [],
        entries: [],
        hint: "0x",
        eligibility: new Map(),
        finalized: undefined,
      };
    else if (eventName === "Claimed") claims.push(args);
    else if (eventName === "Aborted" || eventName === "Cancelled") ended = eventName;
    else if (eventName === "Disputed") [ended, disputeReason] = [eventName, args.reason];
    else if (tally !== undefined) {
      if (eventName === "Folded") tally.folds.push(args);
      else if (eventName === "Replayed") tally.replays.push(args);
      else if (eventName === "ResultsHint") hint = args.hint;
      else if (eventName === "ResultsAdded") {
        if (tally.entries.length === 0) tally.hint = hint;
        for (const entry of args.entries)
          keepEligible(tally.eligibility, read, decodeResult(entry).project);
        for (const entry of args.entries) tally.entries.push(entry);
        hint = "0x";
      } else if (eventName === "ResultsRestarted")
        [tally.entries, tally.eligibility] = [[], new Map()];
      else if (eventName === "EligibilityRead") read.set(args.wordIndex, args.bitmap);
      else if (eventName === "Finalized") tally.finalized = args;
    }
  };
  return {
    add: (events) => events.forEach(add),
    history: () => ({ links, payers, funded, tally, claims, ended, disputeReason }),
  };
}

/** As the round marks a project that it lists (MONEY-2). */
function keepEligible(
  kept: Map<bigint, bigint>,
  read: ReadonlyMap<bigint, bigint>,
  project: number,
): void {
  const [word, bit] = [BigInt(project >> 8), 1n << BigInt(project & 255)];
  kept.set(word, (kept.get(word) ?? 0n) | ((read.get(word) ?? 0n) & bit));
}
