import type { Abi, Address, Hex } from "viem";
import type { MembershipProver } from "../protocol/membership.ts";

/** An account and the most credits that it may buy. */
export type AllowListEntry = { readonly account: Address; readonly credits: bigint };

/** What evidence may take from the chain. */
export type ChainFacts = {
  readonly chainId: () => Promise<number>;
  /** The nodes from the root of a contract's storage down to a place, at the end of a block; undefined where the node keeps no state of it. */
  readonly storageProof: (
    contract: Address,
    place: Hex,
    block: bigint,
  ) => Promise<readonly Hex[] | undefined>;
};

/** What is known of a donor when evidence is wanted for it. */
export type DonorContext = {
  readonly round: Address;
  readonly payer: Address;
  /** 0 where the key, and so the tag, is not made yet. */
  readonly tag: bigint;
  /** Credits in all. */
  readonly credits: bigint;
  /** The lists of accounts that go with the gate, each in the order of its tree: a checker takes the one that it was made with. */
  readonly lists?: readonly (readonly AllowListEntry[])[];
  /** The groups that go with the gate: lists of commitments, each in the order of its tree. */
  readonly groups?: readonly (readonly bigint[])[];
  /** Who proves membership of a group; without it nobody is shown to be a member. */
  readonly proveMembership?: MembershipProver;
  readonly chain?: ChainFacts;
  /** What else the donor has for a kind of checker, by its id: see `CheckerKind.asks`. */
  readonly given?: Readonly<Record<string, string>>;
};

/** What a checker was made with: its constructor's arguments, in their order. */
export type CheckerSettings = readonly unknown[];

/** A kind of checker (GATE-3), as software knows it: one file a kind. */
export type CheckerKind = {
  /** What the contract answers as `id()`. */
  readonly id: string;
  /** Its constructor, views and errors. */
  readonly abi: Abi;
  /** The views that tell what the contract was made with, in the order of the constructor's arguments: with the code they give its address (PROV-3). */
  readonly settings: readonly string[];
  /** Those of the constructor's arguments, by name, that follow from a list of accounts; undefined for kinds that take no list. */
  readonly fromList?: (entries: readonly AllowListEntry[]) => Readonly<Record<string, unknown>>;
  /** The same for a list of members' commitments. @throws GroupError */
  readonly fromMembers?: (members: readonly bigint[]) => Promise<Readonly<Record<string, unknown>>>;
  /** What no verification can tell of it, in plain words: what its answers rest on (PROV-6). */
  readonly trust: (settings: CheckerSettings) => string;
  /** What a donor has to give for it, in plain words, as `given` holds it or, for "list", as `lists` does; "secret" is kept and shown nowhere; undefined where that is nothing. */
  readonly asks?: string;
  /** Whether the evidence names the tag: it can be had only once there is a key, and a donor's ballot should be on the chain before (KEY-7). */
  readonly bindsTag?: true;
  /** The identity that evidence of this kind names itself, whether it is right or not; for kinds that bind the tag. */
  readonly identityIn?: (evidence: Hex) => Hex | undefined;
  /** What a donor can do about its errors, by name. */
  readonly fixes: Readonly<Record<string, string>>;
  /** Evidence that it refuses by name, for who has none: so that the refusal tells what is missing. */
  readonly without: Hex;
  /**
   * Its evidence for a donor, or undefined where the context lacks what that takes. `settings` are what the contract itself says: what it is
   * worth must be established.
   */
  readonly dataFor: (
    context: DonorContext & { readonly checker: Address; readonly settings: CheckerSettings },
  ) => Promise<Hex | undefined>;
  /** The identity that it gives a donor, where that can be told without evidence: a top-up then needs none (GATE-5). */
  readonly identityFor?: (
    context: DonorContext & { readonly checker: Address; readonly settings: CheckerSettings },
  ) => Hex | undefined;
};
