import { isAddressEqual, type Address } from "viem";
import type { RoundView } from "../../chain/round_view.ts";

/** Who may name payees of matches, and until when. */
export type PayeeSetter = { readonly account: Address; readonly until: bigint };

/** Who may name payees until the registry is frozen: its owner, or its payee setter; undefined where that is not known. */
export function payeeSetterOf({
  parts: { registry },
}: Pick<RoundView["facts"], "parts">): PayeeSetter | undefined {
  if (registry.kind === "foreign") return undefined;
  return {
    account: registry.kind === "owned" ? registry.owner : registry.payeeSetter,
    until: registry.freezeTime,
  };
}

/** The same where it is this account, and it still can; undefined for all others. */
export function ownPayeeSetter(
  { facts, stage, now }: Pick<RoundView, "facts" | "stage" | "now">,
  account: Address | undefined,
): PayeeSetter | undefined {
  const setter = payeeSetterOf(facts);
  return (stage === "open" || stage === "upcoming") &&
    account !== undefined &&
    setter !== undefined &&
    isAddressEqual(setter.account, account) &&
    BigInt(now) < setter.until
    ? setter
    : undefined;
}
