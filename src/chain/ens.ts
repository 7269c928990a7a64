import {
  BaseError as ViemError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  type Address,
  type ReadContractParameters,
} from "viem";
import { getEnsAddress, getEnsName } from "viem/actions";
import { BaseError } from "../errors.ts";
import type { NameAnswer } from "../readers/address.ts";
import { visibleText } from "../readers/text.ts";
import type { ReadClient } from "./client.ts";
import { findResolver, type NameChain } from "./name_resolver.ts";

/** Resolvers are contracts that anybody may have written, and a node would let one take all the gas of a block; honest ones take less than a tenth of this. */
const BOUND = 5_000_000n;

/** Where a chain's names are asked for: of that chain alone, the one that the round is on. */
export type NameService = NameChain & { readonly read: ReadClient };

export class NameServiceError extends BaseError {
  constructor(name: string, chainId: number) {
    super(`"${shown(name)}" cannot be looked up: chain ${chainId} has no name service.`, {
      fix: "Give the address itself, 0x and 40 hexadecimal digits.",
    });
  }
}

export class UnknownNameError extends BaseError {
  constructor(name: string, cause?: unknown) {
    super(`"${shown(name)}" names no address.`, {
      fix: "Check its spelling, or give the address itself.",
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** A name that nobody can have: look-alike letters of several alphabets, hidden ones, or what is no letter of names (ENSIP-15). */
export class NameFormError extends BaseError {
  constructor(name: string, cause: unknown) {
    const why = cause instanceof Error ? ` (${visibleText(cause.message, 120)})` : "";
    super(`"${shown(name)}" is a name that nobody can have${why}.`, {
      fix: "It may imitate another name. Type it anew, or give the address itself.",
      cause,
    });
  }
}

/** A name whose owner has the answer given by a server outside of the chain (EIP-3668), which is not asked: it would be one of the owner's choice. */
export class OutsideNameError extends BaseError {
  constructor(name: string, cause: unknown) {
    super(
      `"${shown(name)}" cannot be looked up: its answer is on a server outside of the chain, and none is asked.`,
      { fix: "Give the address itself, 0x and 40 hexadecimal digits.", cause },
    );
  }
}

const NAME_ERRORS = [NameServiceError, UnknownNameError, NameFormError, OutsideNameError];

const shown = (name: string): string => visibleText(name, 60);

/** Names of nothing but these signs are spelt as they are looked up; for all others it takes the normaliser, which is large. */
const PLAIN = /^(?!..--)[a-z0-9-]+(?:\.(?!..--)[a-z0-9-]+)*$/;

/** A name as it is looked up (ENSIP-15): "Ana.ETH" is "ana.eth". @throws NameFormError */
export async function spellName(name: string): Promise<string> {
  const small = name.toLowerCase();
  if (PLAIN.test(small)) return small;
  const { normalize } = await import("viem/ens");
  try {
    return normalize(name);
  } catch (cause) {
    throw new NameFormError(name, cause);
  }
}

/**
 * The address that a name such as "ana.eth" stands for now, by the chain alone.
 * @throws NameServiceError, NameFormError, UnknownNameError, OutsideNameError, and what the node fails with
 */
export async function lookUpName(service: NameService, name: string): Promise<Address> {
  const universalResolverAddress = findResolver(service);
  if (universalResolverAddress === undefined) throw new NameServiceError(name, service.chainId);
  const spelt = await spellName(name);
  const address = await getEnsAddress(bounded(service.read), {
    name: spelt,
    universalResolverAddress,
  }).catch((error: unknown) => {
    if (finds(error, ContractFunctionZeroDataError))
      throw new NameServiceError(name, service.chainId);
    const revert = findRevert(error);
    if (revert === undefined) throw error;
    throw revert.startsWith(OUTSIDE)
      ? new OutsideNameError(name, error)
      : new UnknownNameError(name, error);
  });
  if (address === null) throw new UnknownNameError(name);
  return address;
}

/**
 * What each of several names stands for, or why it stands for nothing: for `readWithNames`.
 * @throws what the node fails with: then nothing is known of any
 */
export async function lookUpNames(
  service: NameService,
  names: readonly string[],
): Promise<ReadonlyMap<string, NameAnswer>> {
  const answers = new Map<string, NameAnswer>();
  for (let i = 0; i < names.length; i += TOGETHER)
    await Promise.all(
      names.slice(i, i + TOGETHER).map(async (name) => {
        const answer = await lookUpName(service, name).catch((error: unknown) => {
          if (NAME_ERRORS.some((kind) => error instanceof kind)) return error as BaseError;
          throw error;
        });
        answers.set(name, answer);
      }),
    );
  return answers;
}

/**
 * The names that accounts go by (ENSIP-3, ENSIP-19): what each has chosen, where that name stands for the account, and is spelt as names are.
 * Accounts without one are left out; of what stands there for nobody, nothing is told. Names are strangers' words.
 * @throws what the node fails with
 */
export async function readPrimaryNames(
  service: NameService,
  accounts: readonly Address[],
): Promise<ReadonlyMap<Address, string>> {
  const universalResolverAddress = findResolver(service);
  if (universalResolverAddress === undefined) return new Map();
  const client = bounded(service.read);
  const named = new Map<Address, string>();
  const ask = async (address: Address) => {
    const name = await getEnsName(client, { address, universalResolverAddress }).catch(
      (error: unknown) => {
        if (findRevert(error) === undefined && !finds(error, ContractFunctionZeroDataError))
          throw error;
        return null;
      },
    );
    if (name === null || name.length > LONGEST) return;
    const spelt = await spellName(name).catch(() => undefined);
    if (spelt === name) named.set(address, name);
  };
  const all = [...new Set(accounts)];
  for (let i = 0; i < all.length; i += TOGETHER)
    await Promise.all(all.slice(i, i + TOGETHER).map(ask));
  return named;
}

/** Names that are asked for at once. */
const TOGETHER = 100;
/** A name in DNS form has 255 bytes at most; to spell longer ones takes long. */
const LONGEST = 255;

function bounded(read: ReadClient): ReadClient {
  const readContract = (request: ReadContractParameters) =>
    read.readContract({ ...request, ...{ gas: BOUND } });
  return { ...read, readContract } as ReadClient;
}

/** `OffchainLookup(address,string[],bytes,bytes4,bytes)` of EIP-3668. */
const OUTSIDE = "0x556f1830";

/** What a contract reverted with. A failure without data may be the node's own. */
function findRevert(error: unknown): string | undefined {
  if (!(error instanceof ViemError)) return undefined;
  const revert = error.walk((one) => one instanceof ContractFunctionRevertedError);
  return revert instanceof ContractFunctionRevertedError ? revert.raw : undefined;
}

const finds = (error: unknown, kind: new (...args: never[]) => Error): boolean =>
  error instanceof ViemError && error.walk((one) => one instanceof kind) !== null;
