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

/** The allow-list. */
export const merkle: CheckerKind = {
  id: "merkle",
  abi: parseAbi([
    "constructor(bytes32 root)",
    "function root() view returns (bytes32)",
    "error NotOnList(address account, uint64 maxCredits)",
  ]),
  settings: ["root"],
  fromList: (entries) => ({ root: allowListRoot(entries) }),
  trust: ([root]) => `who is on the allow-list with the root ${root}, which the organiser chose`,
  asks: "list",
  fixes: {
    NotOnList:
      "Arguments are (account, credits): give --allow-list with the list that the round was created with; its organiser has it.",
  },
  without: allowListEvidence(0n, []),
  dataFor: async ({ payer, lists = [], settings: [root] }) => {
    const list = lists.find((one) => allowListRoot(one) === root);
    const place = list?.findIndex(({ account }) => isAddressEqual(account, payer)) ?? -1;
    const own = list?.[place];
    return list === undefined || own === undefined
      ? undefined
      : allowListEvidence(own.credits, mountainRange(list.map(allowListLeaf)).pathTo(place));
  },
  identityFor: ({ payer }) => pad(payer, { size: 32 }),
};
