import { keccak256, stringToBytes, type Address, type Hex } from "viem";
import type { ReadClient } from "../chain/client.ts";
import type { Contracts } from "../chain/provenance.ts";
import type { VerificationKey } from "../proofs/verify.ts";

/** One thing that a check trusts, short enough to be compared by eye with what another installation shows. */
export type HeldAgainst = {
  readonly name: "factory" | "implementation" | "foldVerifier" | "closeVerifier" | "fold" | "close";
  /** Of a contract. */
  readonly address?: Address;
  /** Keccak-256 of a contract's code as the node shows it, or of a verifying key; undefined where the node shows no code. */
  readonly hash: Hex | undefined;
};

/** Contracts that make a round what it is, with what a node shows at their addresses. @throws what the RPC throws */
export async function showContracts(
  client: ReadClient,
  { factory, implementation, foldVerifiers, closeVerifier }: Contracts,
  size?: number,
): Promise<readonly HeldAgainst[]> {
  const foldVerifier = size === undefined ? undefined : foldVerifiers[size];
  const contracts = { factory, implementation, foldVerifier, closeVerifier };
  return Promise.all(
    Object.entries(contracts).flatMap(([name, address]) =>
      address === undefined
        ? []
        : [
            client.getCode({ address }).then((code) => ({
              name: name as HeldAgainst["name"],
              address,
              hash: code === undefined ? undefined : keccak256(code),
            })),
          ],
    ),
  );
}

/** The verifying keys that proofs are held against. */
export const showKeys = (
  keys: Readonly<Record<"fold" | "close", VerificationKey>>,
): readonly HeldAgainst[] =>
  (["fold", "close"] as const).map((name) => ({ name, hash: keyHash(keys[name]) }));

/** Keccak-256 of a verifying key as JSON without spaces, its members in the order of their names: the same however its file is written. */
export function keyHash(key: VerificationKey): Hex {
  const sorted = Object.fromEntries(
    Object.entries(key).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
  return keccak256(stringToBytes(JSON.stringify(sorted)));
}
