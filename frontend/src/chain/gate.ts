import { getAddress, isAddressEqual, type Address, type Hex } from "viem";
import { allowListData, allowListGateAbi, allowListLeaf, iGateAbi, mountainRange, refusal, type AllowListEntry, type ReadClient } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";

/** Asks the gate itself, as the round would, before anything is paid. Returns the data that the gate wants. @throws ContractRefusedError */
export async function askGate(read: ReadClient, chain: SiteChain, { round, gate, payer, credits, tag }: { round: Address; gate: Address; payer: Address; credits: bigint; tag?: bigint }): Promise<Hex> {
  const data = await gateData(chain, gate, payer);
  try {
    const call = tag === undefined ? { functionName: "admit" as const, args: [payer, 1n, credits, data] as const } : { functionName: "admitTopUp" as const, args: [payer, tag, credits, data] as const };
    await read.simulateContract({ address: gate, abi: [...iGateAbi, ...allowListGateAbi], account: round, ...call });
  } catch (error) {
    throw refusal("admit", error);
  }
  return data;
}

/** The proof for an allow-list whose accounts this site knows; nothing for other gates, nor for who is not listed: the gate then says so. */
async function gateData({ lists }: SiteChain, gate: Address, payer: Address): Promise<Hex> {
  const file = Object.entries(lists ?? {}).find(([address]) => isAddressEqual(address as Address, gate))?.[1];
  if (file === undefined) return "0x";
  const response = await fetch(new URL(file, location.href));
  const entries = readList(await response.text());
  const place = entries.findIndex(({ account }) => isAddressEqual(account, payer));
  const own = entries[place];
  return own === undefined ? allowListData(0n, []) : allowListData(own.credits, mountainRange(entries.map(allowListLeaf)).proofOf(place));
}

/** The file that `tacit create-round` was given: CSV with the columns account and credits, whose order is that of the tree. */
function readList(text: string): AllowListEntry[] {
  const [header = [], ...lines] = text.trim().split(/\r?\n/).map((line) => line.split(",").map((field) => field.trim().replace(/^"|"$/g, "")));
  const at = (...names: string[]) => header.findIndex((name) => names.includes(name.toLowerCase()));
  const [accountAt, creditsAt] = [at("account", "address"), at("credits", "max_credits")];
  return lines.map((fields) => ({ account: getAddress(fields[accountAt] ?? ""), credits: BigInt(fields[creditsAt] ?? "") }));
}
