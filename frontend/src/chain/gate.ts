import { bytesToHex, encodeAbiParameters, getAddress, hexToBytes, isAddressEqual, keccak256, type Address, type Hex } from "viem";
import { allowListGateAbi, iGateAbi, mountainRange, refusal, type ReadClient } from "../../../src/index.ts";
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
  const proof = own === undefined ? [] : mountainRange(entries.map(leafOf)).proofOf(place).map((node) => bytesToHex(node));
  return encodeAbiParameters([{ type: "uint64" }, { type: "bytes32[]" }], [own?.credits ?? 0n, proof]);
}

type Entry = { readonly account: Address; readonly credits: bigint };

/** The file that `tacit create-round` was given: CSV with the columns account and credits, whose order is that of the tree. */
function readList(text: string): Entry[] {
  const [header = [], ...lines] = text.trim().split(/\r?\n/).map((line) => line.split(",").map((field) => field.trim().replace(/^"|"$/g, "")));
  const at = (...names: string[]) => header.findIndex((name) => names.includes(name.toLowerCase()));
  const [accountAt, creditsAt] = [at("account", "address"), at("credits", "max_credits")];
  return lines.map((fields) => ({ account: getAddress(fields[accountAt] ?? ""), credits: BigInt(fields[creditsAt] ?? "") }));
}

/** keccak256(keccak256(abi.encode(account, maxCredits))), as AllowListGate hashes it (GATE-2). */
const leafOf = ({ account, credits }: Entry): Uint8Array => hexToBytes(keccak256(keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint64" }], [account, credits]))));
