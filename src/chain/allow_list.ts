import { bytesToHex, encodeAbiParameters, hexToBytes, keccak256, type Address, type Hex } from "viem";

/** An account and the most credits that it may buy. */
export type AllowListEntry = { readonly account: Address; readonly credits: bigint };

/** An entry's leaf in the tree: keccak256(keccak256(abi.encode(account, maxCredits))), as AllowListGate hashes it (GATE-2). */
export function allowListLeaf({ account, credits }: AllowListEntry): Uint8Array {
  return hexToBytes(keccak256(keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint64" }], [account, credits]))));
}

/** What an entry's account gives the gate, with the path from its leaf to the root (GATE-2). */
export function allowListData(credits: bigint, proof: readonly Uint8Array[]): Hex {
  return encodeAbiParameters([{ type: "uint64" }, { type: "bytes32[]" }], [credits, proof.map((node) => bytesToHex(node))]);
}
