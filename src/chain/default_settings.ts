import { zeroAddress } from "viem";
import type { RoundSettings } from "./create_round.ts";

const DAY = 86_400;

/** What a plain round has: two weeks and a minute an item to tally, a day's notice to cancel, no guardian, no fees, no votes against, leftovers shared. Times in seconds. */
export const DEFAULT_SETTINGS = {
  tallyBase: 14 * DAY,
  tallyPerItem: 60,
  tallyMost: 0,
  cancelNotice: DAY,
  guardian: zeroAddress,
  disputeWindow: 0,
  coordinatorFee: 0n,
  messageFee: 0n,
  minContribution: 1n,
  minTopUp: 1n,
  allowSigns: false,
  shareLeftovers: true,
  size: 0,
} as const satisfies Partial<RoundSettings>;

/** Settings that no round can do without; organiser, coordinator and the receiver of the remainder are the same account unless they are given, and so are the tokens of contributions and pool. */
export type Needed =
  | "organiser"
  | "coordinatorKeyX"
  | "coordinatorKeyY"
  | "token"
  | "unit"
  | "start"
  | "end"
  | "registry"
  | "gate"
  | "payoutRule";

/** All settings of a round, from those in which it differs from a plain one. */
export function defaultSettings(
  settings: Pick<RoundSettings, Needed> & Partial<RoundSettings>,
): RoundSettings {
  return {
    coordinator: settings.organiser,
    remainderTo: settings.organiser,
    poolToken: settings.token,
    ...DEFAULT_SETTINGS,
    ...settings,
  };
}
