import {
  bytesToHex,
  concatHex,
  encodeAbiParameters,
  hexToBytes,
  keccak256,
  numberToHex,
  parseAbi,
  type Hex,
} from "viem";
import type { AllowListEntry, CheckerKind } from "./checker.ts";
import { mountainRange } from "../transcript/results_tree.ts";

/** What lies between two listed accounts, both excluded; 0 before the first of them, 2^160 behind the last. */
type Gap = { readonly low: bigint; readonly high: bigint };

/** The gaps between the accounts of a list, in ascending order (GATE-6). */
export function listGaps(entries: readonly AllowListEntry[]): Gap[] {
  const accounts = entries
    .map(({ account }) => BigInt(account))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [0n, ...accounts].map((low, i) => ({ low, high: accounts[i] ?? 1n << 160n }));
}

const gapLeaf = ({ low, high }: Gap): Uint8Array =>
  hexToBytes(
    keccak256(
      keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [low, high])),
    ),
  );

/** The root over the gaps of a list, whatever the order of its entries. */
export function exclusionRoot(entries: readonly AllowListEntry[]): Hex {
  return bytesToHex(mountainRange(listGaps(entries).map(gapLeaf)).root);
}

/** A list of accounts that may not take part. */
export const notListed: CheckerKind = {
  id: "not-listed",
  abi: parseAbi([
    "constructor(bytes32 root)",
    "function root() view returns (bytes32)",
    "error NotShownUnlisted(address account, uint256 low, uint256 high)",
  ]),
  settings: ["root"],
  fromList: (entries) => ({ root: exclusionRoot(entries) }),
  trust: ([root]) =>
    `who is on the exclusion list with the root ${root}, which the organiser chose; and whom an account that is not listed belongs to`,
  asks: "list",
  fixes: {
    NotShownUnlisted:
      "Arguments are (account, gap): give the exclusion list with which the gate was made; if your account is on it, it cannot take part.",
  },
  without: "0x",
  dataFor: async ({ payer, lists = [], settings: [root] }) => {
    const list = lists.find((one) => exclusionRoot(one) === root);
    if (list === undefined) return undefined;
    const gaps = listGaps(list);
    const account = BigInt(payer);
    const place = gaps.findIndex(({ low, high }) => low < account && account < high);
    const gap = gaps[place];
    if (gap === undefined) return undefined;
    const path = mountainRange(gaps.map(gapLeaf)).pathTo(place);
    return concatHex([
      numberToHex(gap.low, { size: 32 }),
      numberToHex(gap.high, { size: 32 }),
      ...path.map((node) => bytesToHex(node)),
    ]);
  },
};
