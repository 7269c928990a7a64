import type { Address } from "viem";
import { PAYOUTS } from "../payouts/index.ts";
import type { PayoutKind, PayoutRule } from "../payouts/rule.ts";
import { unlessSilent, type ReadClient } from "./client.ts";
import { idText } from "./gate.ts";
import { iPayoutRuleAbi } from "./generated/abis.ts";

/** The rule behind an address as this version knows its kind; undefined for a kind that it does not know, or that lacks the views of its kind. What the contract is, its address must tell (PROV-5). */
export async function readPayoutRule(
  client: ReadClient,
  address: Address,
  kinds: readonly PayoutKind[] = PAYOUTS,
): Promise<PayoutRule | undefined> {
  const id = await client
    .readContract({ address, abi: iPayoutRuleAbi, functionName: "id" })
    .catch(unlessSilent);
  const kind = id === undefined ? undefined : kinds.find((one) => one.id === idText(id));
  return kind
    ?.open((functionName) => client.readContract({ address, abi: kind.abi, functionName }))
    .catch(unlessSilent);
}
