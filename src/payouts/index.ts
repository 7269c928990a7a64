import { encodeDeployData, type Hex } from "viem";
import { BaseError } from "../errors.ts";
import { capped } from "./capped.ts";
import { minimum } from "./minimum.ts";
import { quadratic } from "./quadratic.ts";
import type { PayoutChoice, PayoutKind, PayoutRule } from "./rule.ts";
import { tiers } from "./tiers.ts";

/** Every kind of payout rule that this version knows: a new one is a contract, a file here, and a line in this list. */
export const PAYOUTS: readonly PayoutKind[] = [quadratic, capped, minimum, tiers];

/** No kind of payout rule has this id. */
export class UnknownPayoutKindError extends BaseError {
  constructor(id: string) {
    super(`"${id}" is no payout rule of this version.`, {
      fix: `Use one of ${PAYOUTS.map((kind) => kind.id).join(", ")}.`,
    });
  }
}

/** @throws UnknownPayoutKindError */
export function payoutKind(id: string): PayoutKind {
  const found = PAYOUTS.find((kind) => kind.id === id);
  if (found === undefined) throw new UnknownPayoutKindError(id);
  return found;
}

/** The rule that was chosen, as software computes it. @throws UnknownPayoutKindError */
export function openPayoutRule({ id, args }: PayoutChoice): PayoutRule {
  return payoutKind(id).rule(args);
}

/** What makes the contract of a rule (PROV-5). @throws UnknownPayoutKindError */
export function payoutInitCode(bytecode: Hex, { id, args }: PayoutChoice): Hex {
  return encodeDeployData({ abi: payoutKind(id).abi, bytecode, args });
}
