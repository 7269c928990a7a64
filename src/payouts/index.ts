import { encodeDeployData, type Hex } from "viem";
import { BaseError } from "../errors.ts";
import { capped } from "./capped.ts";
import { minimum } from "./minimum.ts";
import { qualifiedRule } from "./qualified.ts";
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

/** A rule that depends on who is qualified, without knowing it. */
export class NotQualifiedError extends BaseError {
  constructor(qualifier: string) {
    super(`The payout rule depends on what ${qualifier} says of each project.`, {
      fix: "Read its answers first, and open the rule with them.",
    });
  }
}

/**
 * The rule that was chosen, as software computes it.
 * @param isQualified What the rule's qualifier says of each project, where it has one (PAYOUT-4).
 * @throws UnknownPayoutKindError, NotQualifiedError
 */
export function openPayoutRule(
  { id, args, qualifier }: PayoutChoice,
  isQualified?: (project: number) => boolean,
): PayoutRule {
  const rule = payoutKind(id).rule(args);
  if (qualifier === undefined) return rule;
  if (isQualified === undefined) throw new NotQualifiedError(qualifier);
  return qualifiedRule(rule, isQualified);
}

/** What makes the contract of a rule for all projects (PROV-5). @throws UnknownPayoutKindError */
export function payoutInitCode(
  bytecode: Hex,
  { id, args }: Pick<PayoutChoice, "id" | "args">,
): Hex {
  return encodeDeployData({ abi: payoutKind(id).abi, bytecode, args });
}
