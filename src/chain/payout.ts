import { BOUNDED } from "./bounded.ts";
import type { Address } from "viem";
import { PAYOUTS } from "../payouts/index.ts";
import type { PayoutArgument, PayoutChoice, PayoutKind, PayoutRule } from "../payouts/rule.ts";
import { unlessSilent, type ReadClient } from "./client.ts";
import { idText } from "./gate.ts";
import { iPayoutRuleAbi } from "./generated/abis.ts";

/** The rule behind an address as this version knows its kind; undefined for a kind that it does not know, or that lacks the views of its kind. What the contract is, its address must tell (PROV-5). */
export async function readPayoutRule(
  client: ReadClient,
  address: Address,
  kinds: readonly PayoutKind[] = PAYOUTS,
): Promise<PayoutRule | undefined> {
  const choice = await readPayoutChoice(client, address, kinds);
  return choice && kinds.find(({ id }) => id === choice.id)?.rule(choice.args);
}

/** Of what kind a rule says it is, and with which arguments: its own word. Undefined as with `readPayoutRule`. */
export async function readPayoutChoice(
  client: ReadClient,
  address: Address,
  kinds: readonly PayoutKind[] = PAYOUTS,
): Promise<PayoutChoice | undefined> {
  const id = await client
    .readContract({ address, abi: iPayoutRuleAbi, functionName: "id", ...BOUNDED })
    .catch(unlessSilent);
  const kind = id === undefined ? undefined : kinds.find((one) => one.id === idText(id));
  if (kind === undefined) return undefined;
  const args = await Promise.all(
    kind.views.map((functionName) =>
      client.readContract({ address, abi: kind.abi, functionName, ...BOUNDED }).then(toArgument),
    ),
  ).catch(unlessSilent);
  return args && { id: kind.id, args };
}

/** Numbers of few bits come as numbers. */
function toArgument(answer: unknown): PayoutArgument {
  if (Array.isArray(answer)) return answer.map((one: number | bigint) => BigInt(one));
  return typeof answer === "number" ? BigInt(answer) : (answer as bigint | boolean);
}
