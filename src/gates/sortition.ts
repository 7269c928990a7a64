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

const MOST = (1n << 256n) - 1n;

function entryLeaf({ account, credits }: AllowListEntry, i: number): Uint8Array {
  return hexToBytes(
    keccak256(
      keccak256(
        encodeAbiParameters(
          [{ type: "uint256" }, { type: "address" }, { type: "uint256" }],
          [BigInt(i), account, credits],
        ),
      ),
    ),
  );
}

/** The root over a list that a jury is drawn from, in its order (GATE-11). */
export function sortitionRoot(entries: readonly AllowListEntry[]): Hex {
  return bytesToHex(mountainRange(entries.map(entryLeaf)).root);
}

/** Whether the lot falls on entry i: each is drawn by itself, with a chance of jury / count (GATE-11). */
export function isDrawn(
  i: number,
  { seed, jury, count }: { readonly seed: bigint; readonly jury: bigint; readonly count: bigint },
): boolean {
  const lot = keccak256(
    encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [seed, BigInt(i)]),
  );
  return BigInt(lot) <= (MOST * jury) / count;
}

/** A jury that was drawn by lot out of a list. */
export const sortition: CheckerKind = {
  id: "sortition",
  abi: parseAbi([
    "constructor(bytes32 root, uint64 count, uint64 jury, uint64 drawTime)",
    "function root() view returns (bytes32)",
    "function count() view returns (uint64)",
    "function jury() view returns (uint64)",
    "function drawTime() view returns (uint64)",
    "error WrongJury(uint64 jury, uint64 count)",
    "error DrawNotAhead(uint64 drawTime, uint256 time)",
    "error NotTheDraw()",
    "error NotDrawnYet(uint64 drawTime)",
    "error NotOnDrawnList(uint256 i, address account, uint256 maxCredits)",
    "error NotDrawn(uint256 i, address account)",
  ]),
  settings: ["root", "count", "jury", "drawTime"],
  fromList: (entries) => ({ root: sortitionRoot(entries), count: BigInt(entries.length) }),
  trust: ([root, count, jury, drawTime]) =>
    `who is on the list with the root ${root}, from whose ${count} entries about ${jury} were drawn; and that whoever made the blocks around second ${drawTime} withheld none for another draw`,
  asks: "list",
  fixes: {
    NotTheDraw:
      "The chain does not know the block of the draw any more, or has no randomness: this jury cannot be drawn.",
    NotDrawnYet:
      "The argument is the time of the draw in seconds since 1970: after it anyone draws with `tacit gate draw`.",
    NotOnDrawnList:
      "Arguments are (entry, account, credits): give the list with which the gate was made; if your account is not on it, it cannot be drawn.",
    NotDrawn: "Arguments are (entry, account): the lot did not fall on this account.",
  },
  without: "0x",
  dataFor: async ({ payer, lists = [], settings: [root] }) => {
    const list = lists.find((one) => sortitionRoot(one) === root);
    const place = list?.findIndex(({ account }) => isAddressEqual(account, payer)) ?? -1;
    const own = list?.[place];
    if (list === undefined || own === undefined) return undefined;
    const path = mountainRange(list.map(entryLeaf)).pathTo(place);
    return concatHex([
      numberToHex(place, { size: 32 }),
      numberToHex(own.credits, { size: 32 }),
      ...path.map((node) => bytesToHex(node)),
    ]);
  },
  identityFor: ({ payer }) => pad(payer, { size: 32 }),
};
