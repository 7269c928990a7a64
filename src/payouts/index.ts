import { quadratic } from "./quadratic.ts";
import type { PayoutKind } from "./rule.ts";

/** Every kind of payout rule that this version knows: a new one is a contract, a file here, and a line in this list. */
export const PAYOUTS: readonly PayoutKind[] = [quadratic];
