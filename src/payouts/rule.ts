import type { Abi, Hex } from "viem";
import type { ProjectResult } from "../round/semantics.ts";

/** What a payout rule is asked about: eligible projects only, in the order of the list; money in units of the pool's token. */
export type PayoutRound = {
  readonly unit: bigint;
  readonly available: bigint;
  readonly projects: readonly ProjectResult[];
};

/** One rule with its parameters: what its contract answers, computed (MONEY-11). */
export type PayoutRule = {
  /** What the coordinator gives with the first entries. */
  readonly hint: (round: PayoutRound) => Hex;
  readonly budget: (round: PayoutRound) => bigint;
  /** The match of the project at a place of the list. */
  readonly matchOf: (round: PayoutRound, place: number) => bigint;
};

/** A kind of payout rule, as software knows it: one file a kind. */
export type PayoutKind = {
  /** What the contract answers as `id()`. */
  readonly id: string;
  /** Its own views, which tell its parameters. */
  readonly abi: Abi;
  /** The rule with the parameters that the contract answers. */
  readonly open: (read: (view: string) => Promise<unknown>) => Promise<PayoutRule>;
};
