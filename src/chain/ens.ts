import { isAddressEqual, zeroAddress, type Address } from "viem";
import { normalize } from "viem/ens";
import { BaseError } from "../errors.ts";
import { isTransport, type ReadClient } from "./client.ts";

/** Chains with the Ethereum Name Service, and its universal resolver, which is at one address on all of them. */
const CHAINS: ReadonlySet<number> = new Set([1, 17_000, 11_155_111]);
const UNIVERSAL_RESOLVER: Address = "0xeEeEEEeE14D718C2B47D9923Deab1335E144EeEe";

export class NameServiceError extends BaseError {
  constructor(name: string, chainId: number) {
    super(`"${name}" cannot be looked up: chain ${chainId} has no name service.`, {
      fix: "Give the address itself, 0x and 40 hexadecimal digits.",
    });
  }
}

export class UnknownNameError extends BaseError {
  constructor(name: string, cause?: unknown) {
    super(`"${name}" names no address.`, {
      fix: "Check its spelling, or give the address itself.",
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** Whether names can be looked up on a chain. */
export const hasNames = (chainId: number): boolean => CHAINS.has(chainId);

/** The address that a name such as "ana.eth" stands for. @throws NameServiceError, UnknownNameError */
export async function lookUpName(
  read: ReadClient,
  chainId: number,
  name: string,
): Promise<Address> {
  if (!hasNames(chainId)) throw new NameServiceError(name, chainId);
  let spelt: string;
  try {
    spelt = normalize(name);
  } catch (cause) {
    throw new UnknownNameError(name, cause);
  }
  const address = await read
    .getEnsAddress({ name: spelt, universalResolverAddress: UNIVERSAL_RESOLVER })
    .catch((error: unknown) => {
      if (isTransport(error)) throw error;
      throw new UnknownNameError(name, error);
    });
  if (address === null || isAddressEqual(address, zeroAddress)) throw new UnknownNameError(name);
  return address;
}
