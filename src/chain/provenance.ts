import {
  concatHex,
  decodeAbiParameters,
  getAbiItem,
  getContractAddress,
  isAddressEqual,
  numberToHex,
  size,
  slice,
  type Address,
  type Hex,
} from "viem";
import { BaseError } from "../errors.ts";
import { deriveContext } from "../protocol/context.ts";
import { readChainId, type ReadClient } from "./client.ts";
import { DEVELOPMENT_CHAINS, DevelopmentKeysError } from "./development.ts";
import { iRoundAbi } from "./generated/abis.ts";

/** Where a version's contracts are, with the verifiers of one set of keys: the same on every chain (PROV-1). Plain JSON. */
export type Contracts = {
  readonly factory: Address;
  readonly implementation: Address;
  readonly closeVerifier: Address;
  /** By size index. */
  readonly foldVerifiers: readonly Address[];
  readonly openGate: Address;
  /** The board for documents that describe rounds and projects (META-1). */
  readonly documents: Address;
  /** Quadratic matching that returns a surplus to the sponsors, or pays it out (MONEY-3). */
  readonly payoutRules: { readonly return: Address; readonly pay: Address };
  /** Makes escrows that pay a match in instalments (ESCROW-1). */
  readonly escrowFactory: Address;
  /** Creation code of what organisers make with arguments of their own: those behind it give its address (PROV-3 to PROV-5). */
  readonly creationCode: {
    readonly gate: Hex;
    /** By the id of their kind (GATE-3). */
    readonly checkers: Readonly<Record<string, Hex>>;
    readonly projectRegistry: Hex;
    readonly optimisticRegistry: Hex;
    /** By kind. */
    readonly payoutRules: Readonly<Record<string, Hex>>;
    /** Of what decides questions (VOTE-4), and of billboards (BOARD-1). */
    readonly outcome: Hex;
    readonly billboard: Hex;
    /** Panels of reviewers (REVIEW-1). */
    readonly reviews: Hex;
    /** What makes escrows (ESCROW-1). */
    readonly escrowFactory: Hex;
  };
  /** Whether a verifier is one of development keys: whoever made those can forge a result. */
  readonly development: boolean;
};

/** The contract is not a round of the trusted factory. Nothing that it says of itself may be believed. */
export class ForeignRoundError extends BaseError {
  readonly reason: ForeignReason;

  constructor(round: Address, reason: ForeignReason, why: string, details: readonly string[] = []) {
    super(`The contract at ${round} is not a round that this version's factory made: ${why}.`, {
      fix: "Do not pay into it and do not vote in it. If it belongs to another version, or to keys of another ceremony, use that version, or give its keys with --artifacts.",
      details,
    });
    this.reason = reason;
  }
}

/** Nothing is there; it is no clone of a round; it names another factory; it is not where that factory would have put it. */
export type ForeignReason = "absent" | "code" | "factory" | "address";

/** The code of a clone with arguments behind it: EIP-1167 around the implementation's address (OpenZeppelin's Clones). */
const BEFORE: Hex = "0x363d3d373d3d3d363d73";
const AFTER: Hex = "0x5af43d82803e903d91602b57fd5bf3";
const PROXY_BYTES = size(BEFORE) + 20 + size(AFTER);

const [CONFIG] = getAbiItem({ abi: iRoundAbi, name: "config" }).outputs;
/** What RoundArgs.sol puts behind it; all of fixed size. */
const ARGUMENTS = [
  CONFIG,
  { type: "address" },
  { type: "address" },
  { type: "address" },
  { type: "bytes32" },
] as const;
const ARGUMENT_BYTES = 32 * (CONFIG.components.length + ARGUMENTS.length - 1);

/**
 * What is fixed about a round, from its own code, after it is established that the trusted factory made it (PROV-2): the address follows
 * from factory, salt and the clone's init code, so that no node and no other init code can have put anything else there. A node can
 * still hold back, and tell lies about what changes.
 * @throws ForeignRoundError, DevelopmentKeysError, RpcUnreachableError
 * @example
 * ```ts
 * const { context, unit, end } = await readConfig(connectRead("https://rpc.example"), round, contracts);
 * ```
 */
export async function readConfig(
  client: ReadClient,
  round: Address,
  contracts: Omit<Contracts, "creationCode">,
) {
  const [chainId, code = "0x"] = await Promise.all([
    readChainId(client),
    client.getCode({ address: round }),
  ]);
  if (contracts.development && !DEVELOPMENT_CHAINS.includes(chainId))
    throw new DevelopmentKeysError(chainId);
  if (code === "0x")
    throw new ForeignRoundError(
      round,
      "absent",
      "there is no contract on this chain, or the RPC holds it back",
    );
  const [config, foldVerifier, closeVerifier, factory, salt] = readArguments(round, code);
  if (!isAddressEqual(factory, contracts.factory)) {
    throw new ForeignRoundError(round, "factory", "it names another factory", [
      `named     ${factory}`,
      `trusted   ${contracts.factory}`,
    ]);
  }
  const derived = cloneAddress({ factory, salt, code });
  if (!isAddressEqual(derived, round)) {
    throw new ForeignRoundError(
      round,
      "address",
      "its code was put there by somebody else, who may have written its storage first",
      [`a round with this code would be at ${derived}`],
    );
  }
  return {
    ...config,
    context: deriveContext({ chainId, address: round }),
    foldVerifier,
    closeVerifier,
    factory,
    salt,
  };
}
export type RoundConfig = Awaited<ReturnType<typeof readConfig>>;

function readArguments(round: Address, code: Hex) {
  const isClone =
    size(code) === PROXY_BYTES + ARGUMENT_BYTES &&
    slice(code, 0, size(BEFORE)) === BEFORE &&
    slice(code, size(BEFORE) + 20, PROXY_BYTES) === AFTER;
  if (!isClone) throw new ForeignRoundError(round, "code", "its code is not that of a round");
  try {
    return decodeAbiParameters(ARGUMENTS, slice(code, PROXY_BYTES));
  } catch {
    throw new ForeignRoundError(round, "code", "the settings in its code cannot be read");
  }
}

/** The code of a clone with these arguments. */
export const cloneCode = (implementation: Address, args: Hex): Hex =>
  concatHex([BEFORE, implementation, AFTER, args]);

/** Where a factory puts the clone with this code: CREATE2 over the init code that returns it. */
export function cloneAddress({
  factory,
  salt,
  code,
}: {
  readonly factory: Address;
  readonly salt: Hex;
  readonly code: Hex;
}): Address {
  const initCode = concatHex([
    "0x61",
    numberToHex(size(code), { size: 2 }),
    "0x3d81600a3d39f3",
    code,
  ]);
  return getContractAddress({ opcode: "CREATE2", from: factory, salt, bytecode: initCode });
}
