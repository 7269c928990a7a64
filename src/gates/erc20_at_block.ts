import {
  concatHex,
  encodeAbiParameters,
  isHex,
  keccak256,
  numberToHex,
  pad,
  parseAbi,
  size,
  type Address,
  type Hex,
} from "viem";
import { BaseError } from "../errors.ts";
import type { CheckerKind } from "./checker.ts";

export class StorageProofError extends BaseError {
  constructor() {
    super("This is no proof of a balance.", {
      fix: "Give a node's whole answer to eth_getProof as JSON, for the token, the account's place and the gate's block.",
    });
  }
}

/** Where a token keeps an account's balance: the value of a mapping at `slot` (GATE-14). */
export const balancePlace = (account: Address, slot: bigint): Hex =>
  keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [account, slot]));

/** A storage proof's nodes as the checker takes them, each behind its length. */
export const storageEvidence = (nodes: readonly Hex[]): Hex =>
  concatHex(nodes.flatMap((node) => [numberToHex(size(node), { size: 2 }), node]));

/** The nodes in a node's answer to eth_getProof. @throws StorageProofError */
function readAnswer(text: string): readonly Hex[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new StorageProofError();
  }
  const { result = answer } = (answer ?? {}) as { readonly result?: unknown };
  const { storageProof } = (result ?? {}) as { readonly storageProof?: unknown };
  const [first] = Array.isArray(storageProof) ? (storageProof as unknown[]) : [];
  const { proof } = (first ?? {}) as { readonly proof?: unknown };
  if (!Array.isArray(proof) || !proof.every((node) => isHex(node))) throw new StorageProofError();
  return proof;
}

/** Who held how much of an ERC-20 token at the end of a block (GATE-14). */
export const erc20AtBlock: CheckerKind = {
  id: "erc20-at-block",
  abi: parseAbi([
    "constructor(address token, uint256 slot, uint256 blockNumber, uint256 unitsPerCredit)",
    "function token() view returns (address)",
    "function slot() view returns (uint256)",
    "function blockNumber() view returns (uint256)",
    "function unitsPerCredit() view returns (uint256)",
    "error NotTheBlock(uint256 blockNumber)",
    "error NotPinnedYet(uint256 blockNumber)",
    "error NoBalanceShown(address account)",
    "error NotABalance(address account, uint256 word)",
    "error BalanceTooSmall(address account, uint256 balance, uint256 unitsPerCredit)",
  ]),
  settings: ["token", "slot", "blockNumber", "unitsPerCredit"],
  trust: ([token, slot, blockNumber]) =>
    `that ${token} keeps its balances at place ${slot} of its storage, and that holding at block ${blockNumber} is what shall count: nothing tells apart people who share an account, or one who has several`,
  asks: "file",
  fixes: {
    NotTheBlock:
      "The argument is the block: the chain does not know its hash yet, or not any more after about 8,191 blocks. Then this gate can never be pinned.",
    NotPinnedYet: "The argument is the block: anyone pins it with `tacit gate pin`.",
    NoBalanceShown:
      "The account held nothing at the gate's block, or the node keeps no state of it: ask an archive node with --rpc, or give its answer to eth_getProof with --evidence erc20-at-block=<file>.",
    NotABalance:
      "Arguments are (account, word): the token marks this account beside its balance, as blocked, for example. Such an account cannot take part; use another.",
    BalanceTooSmall:
      "Arguments are (account, balance at the gate's block, units for one credit): that is too little for one credit.",
  },
  without: "0x",
  dataFor: async ({ payer, given, chain, settings: [token, slot, blockNumber] }) => {
    const text = given?.["erc20-at-block"];
    if (text !== undefined) return storageEvidence(readAnswer(text));
    const nodes = await chain?.storageProof(
      token as Address,
      balancePlace(payer, slot as bigint),
      blockNumber as bigint,
    );
    return nodes === undefined ? undefined : storageEvidence(nodes);
  },
  identityFor: ({ payer }) => pad(payer, { size: 32 }),
};
