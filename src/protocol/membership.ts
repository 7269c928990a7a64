import { encodeAbiParameters, keccak256, numberToHex, type Address } from "viem";

/** Levels of the circuit that proofs of membership are for, as SemaphoreChecker has it: groups have at most 2^16 members. */
export const GROUP_DEPTH = 16;

/** What is to be proved: that the owner of `secret` is a member of the group with `root`, for one message in one scope (GATE-12). */
export type MembershipRequest = {
  /** A Semaphore identity as its `export` writes it: base64. Secret. */
  readonly secret: string;
  /** Groups that may be the one, each a list of commitments in its order. */
  readonly groups: readonly (readonly bigint[])[];
  readonly root: bigint;
  readonly message: bigint;
  readonly scope: bigint;
};

/** A Semaphore proof: the nullifier and the eight numbers of A, B and C as the verifier takes them. */
export type MembershipProof = { readonly nullifier: bigint; readonly points: readonly bigint[] };

/** Makes proofs; the page's does it in a worker. @throws MemberSecretError, WrongGroupError, NotInGroupError */
export type MembershipProver = (request: MembershipRequest) => Promise<MembershipProof>;

/** What a member's proof says: the tag and the credits in all (GATE-12). */
export const membershipMessage = (tag: bigint, credits: bigint): bigint => (credits << 64n) | tag;

/** Where a nullifier counts: one round on one chain (GATE-12). */
export const membershipScope = (chainId: number, round: Address): bigint =>
  BigInt(
    keccak256(
      encodeAbiParameters([{ type: "uint256" }, { type: "address" }], [BigInt(chainId), round]),
    ),
  );

/** A message or scope as Semaphore's circuit takes it: below the order of the field. */
export const semaphoreHash = (value: bigint): bigint =>
  BigInt(keccak256(numberToHex(value, { size: 32 }))) >> 8n;
