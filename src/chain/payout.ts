import { encodeDeployData, isAddressEqual, type Address, type Hex } from "viem";
import { openPayoutRule, payoutInitCode, PAYOUTS } from "../payouts/index.ts";
import { qualifiedRule } from "../payouts/qualified.ts";
import type { PayoutArgument, PayoutChoice, PayoutKind, PayoutRule } from "../payouts/rule.ts";
import { BOUNDED } from "./bounded.ts";
import { unlessSilent, type ReadClient } from "./client.ts";
import { create2Address } from "./create2.ts";
import { idText } from "./gate.ts";
import { iPayoutRuleAbi, qualifiedPayoutAbi } from "./generated/abis.ts";
import { readQualified, type Numbered } from "./qualifier.ts";

/** The id of the contract that puts a condition before another rule (PAYOUT-4). */
export const QUALIFIED = "qualified";

/** What makes the contracts of a rule, in order: of one with a qualifier the inner rule comes first (PROV-5). `bytecodes` by kind. Empty for a kind without. */
export function payoutInitCodes(
  bytecodes: Readonly<Record<string, Hex>>,
  choice: PayoutChoice,
): readonly Hex[] {
  const [own, qualified] = [bytecodes[choice.id], bytecodes[QUALIFIED]];
  if (own === undefined) return [];
  const inner = payoutInitCode(own, choice);
  if (choice.qualifier === undefined) return [inner];
  if (qualified === undefined) return [];
  const args = [create2Address(inner), choice.qualifier] as const;
  return [inner, encodeDeployData({ abi: qualifiedPayoutAbi, bytecode: qualified, args })];
}

/**
 * The rule behind an address as this version knows its kind, for these projects; undefined for a kind that it does not know, or that lacks the views
 * of its kind. What the contract is, its address must tell (PROV-5).
 */
export async function readPayoutRule(
  client: ReadClient,
  address: Address,
  projects: readonly Numbered[],
  kinds: readonly PayoutKind[] = PAYOUTS,
): Promise<PayoutRule | undefined> {
  const choice = await readPayoutChoice(client, address, kinds);
  const rule = choice && kinds.find(({ id }) => id === choice.id)?.rule(choice.args);
  if (choice?.qualifier === undefined || rule === undefined) return rule;
  return qualifiedRule(rule, await readQualified(client, choice.qualifier, projects));
}

/** A rule of this version's that is established already, for these projects. */
export async function openReadPayoutRule(
  client: ReadClient,
  choice: PayoutChoice,
  projects: readonly Numbered[],
): Promise<PayoutRule> {
  return choice.qualifier === undefined
    ? openPayoutRule(choice)
    : openPayoutRule(choice, await readQualified(client, choice.qualifier, projects));
}

/** Of what kind a rule says it is, and with which arguments: its own word. Undefined as with `readPayoutRule`. */
export async function readPayoutChoice(
  client: ReadClient,
  address: Address,
  kinds: readonly PayoutKind[] = PAYOUTS,
): Promise<PayoutChoice | undefined> {
  const id = await readId(client, address);
  if (id !== QUALIFIED) return readPlainChoice(client, address, id, kinds);
  const at = { address, abi: qualifiedPayoutAbi, ...BOUNDED } as const;
  const [inner, qualifier] = await Promise.all([
    client.readContract({ ...at, functionName: "inner" }),
    client.readContract({ ...at, functionName: "qualifier" }),
  ]).catch((error: unknown) => [unlessSilent(error), undefined] as const);
  if (inner === undefined || qualifier === undefined || isAddressEqual(inner, address))
    return undefined;
  const choice = await readPlainChoice(client, inner, await readId(client, inner), kinds);
  return choice && { ...choice, qualifier };
}

async function readId(client: ReadClient, address: Address): Promise<string | undefined> {
  const id = await client
    .readContract({ address, abi: iPayoutRuleAbi, functionName: "id", ...BOUNDED })
    .catch(unlessSilent);
  return id === undefined ? undefined : idText(id);
}

async function readPlainChoice(
  client: ReadClient,
  address: Address,
  id: string | undefined,
  kinds: readonly PayoutKind[],
): Promise<PayoutChoice | undefined> {
  const kind = id === undefined ? undefined : kinds.find((one) => one.id === id);
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
