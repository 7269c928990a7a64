import { encodeAbiParameters, keccak256, concat, type Address, type Hex } from "viem";
import { allowListGateAbi, iGateAbi, refusal, type ReadClient } from "../../../src/index.ts";
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

/** The proof for an allow-list whose accounts this site knows; nothing for other gates. */
async function gateData({ lists }: SiteChain, gate: Address, payer: Address): Promise<Hex> {
  const file = Object.entries(lists ?? {}).find(([address]) => address.toLowerCase() === gate.toLowerCase())?.[1];
  if (file === undefined) return "0x";
  const response = await fetch(new URL(file, location.href));
  const list = (await response.json()) as readonly (readonly [Address, string])[];
  const own = list.find(([account]) => account.toLowerCase() === payer.toLowerCase());
  const most = BigInt(own?.[1] ?? 0);
  const proof = own === undefined ? [] : merkleProof(list.map(([account, credits]) => leafOf(account, BigInt(credits))), leafOf(own[0], most));
  return encodeAbiParameters([{ type: "uint64" }, { type: "bytes32[]" }], [most, proof]);
}

const leafOf = (account: Address, most: bigint): Hex => keccak256(keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint64" }], [account, most])));

/** OpenZeppelin's standard tree: leaves in order of their hashes, from the end of an array in which node i has children 2i + 1 and 2i + 2. */
function merkleProof(leaves: readonly Hex[], leaf: Hex): Hex[] {
  const sorted = [...leaves].sort();
  const tree = new Array<Hex>(2 * sorted.length - 1);
  sorted.forEach((hash, i) => (tree[tree.length - 1 - i] = hash));
  for (let i = sorted.length - 2; i >= 0; i--) tree[i] = hashPair(tree[2 * i + 1] as Hex, tree[2 * i + 2] as Hex);
  const proof: Hex[] = [];
  for (let i = tree.indexOf(leaf, sorted.length - 1); i > 0; i = (i - 1) >> 1) proof.push(tree[i % 2 === 1 ? i + 1 : i - 1] as Hex);
  return proof;
}

const hashPair = (a: Hex, b: Hex): Hex => keccak256(concat(a < b ? [a, b] : [b, a]));
