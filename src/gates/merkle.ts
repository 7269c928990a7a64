import {
  bytesToHex,
  concatHex,
  encodeAbiParameters,
  hexToBytes,
  isAddressEqual,
  keccak256,
  numberToHex,
  pad,
  parseAbi,
  type Hex,
} from "viem";
import type { AllowListEntry, CheckerKind } from "./checker.ts";
import { mountainRange } from "../transcript/results_tree.ts";

/** An entry's leaf in the tree: keccak256(keccak256(abi.encode(account, maxCredits))), as MerkleChecker hashes it (GATE-4). */
export function allowListLeaf({ account, credits }: AllowListEntry): Uint8Array {
  return hexToBytes(
    keccak256(
      keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint64" }], [account, credits])),
    ),
  );
}

/** The root over all entries, in their order. */
export function allowListRoot(entries: readonly AllowListEntry[]): Hex {
  return bytesToHex(mountainRange(entries.map(allowListLeaf)).root);
}

/** What an entry's account shows the checker: its credits, and the path from its leaf to the root, packed (GATE-4). */
export function allowListEvidence(credits: bigint, proof: readonly Uint8Array[]): Hex {
  return concatHex([numberToHex(credits, { size: 8 }), ...proof.map((node) => bytesToHex(node))]);
}

/** The allow-list: who is not on it gets evidence that the checker refuses by name. */
export const merkle: CheckerKind = {
  id: "merkle",
  abi: parseAbi([
    "function root() view returns (bytes32)",
    "error NotOnList(address account, uint64 maxCredits)",
  ]),
  fixes: {
    NotOnList:
      "Arguments are (account, credits): give the allow-list with which the round was created.",
  },
  dataFor: async ({ payer, allowList }) => {
    if (allowList === undefined) return undefined;
    const place = allowList.findIndex(({ account }) => isAddressEqual(account, payer));
    const own = allowList[place];
    return own === undefined
      ? allowListEvidence(0n, [])
      : allowListEvidence(own.credits, mountainRange(allowList.map(allowListLeaf)).pathTo(place));
  },
  identityFor: ({ payer }) => pad(payer, { size: 32 }),
};
