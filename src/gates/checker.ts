import type { Abi, Address, Hex } from "viem";

/** An account and the most credits that it may buy. */
export type AllowListEntry = { readonly account: Address; readonly credits: bigint };

/** What is known of a donor when evidence is wanted for it. */
export type DonorContext = {
  readonly round: Address;
  readonly payer: Address;
  /** 0 where the key, and so the tag, is not made yet. */
  readonly tag: bigint;
  /** Credits in all. */
  readonly credits: bigint;
  /** The entries of the allow-list that goes with the gate, in the order of its tree, where there is one. */
  readonly allowList?: readonly AllowListEntry[];
};

/** A kind of checker (GATE-3), as software knows it: one file a kind. */
export type CheckerKind = {
  /** What the contract answers as `id()`. */
  readonly id: string;
  /** Its views and errors. */
  readonly abi: Abi;
  /** What a donor can do about its errors, by name. */
  readonly fixes: Readonly<Record<string, string>>;
  /** Its evidence for a donor, or undefined where the context lacks what that takes. */
  readonly dataFor: (
    context: DonorContext & { readonly checker: Address },
  ) => Promise<Hex | undefined>;
  /** The identity that it gives a donor, where that can be told without evidence: a top-up then needs none (GATE-5). */
  readonly identityFor?: (context: DonorContext & { readonly checker: Address }) => Hex;
};
