import type { Address } from "viem";
import type {
  Check,
  Contracts,
  HeldAgainst,
  ListChanges,
  ProjectResult,
} from "../../../src/index.ts";

export type VerifyRequest = {
  readonly rpc: string;
  readonly chainId: number;
  readonly round: Address;
  readonly keysFolder: string;
  readonly contracts: Contracts;
};
/** Why there is no verdict. */
export type VerifyFailure = "network" | "chain" | "notFinalized" | "logs" | "keys" | "other";
export type VerifyNews =
  | {
      readonly news: "progress";
      readonly stage: "logs" | "proofs";
      readonly done: number;
      readonly total: number;
    }
  | { readonly news: "check"; readonly check: Check }
  | {
      readonly news: "verdict";
      readonly ok: boolean;
      readonly developmentKeys: boolean;
      readonly heldAgainst: readonly HeldAgainst[];
      /** Of what the organiser chose, what nobody can vouch for; undefined where the round is foreign. */
      readonly unproven: readonly string[] | undefined;
      /** Who could ever change an owner-approved list of projects (REG-4). */
      readonly couldEdit: readonly Address[];
      /** Which of several did what; undefined where the node does not tell. */
      readonly listChanges: ListChanges | undefined;
      /** Until when a guardian may make the result void, in seconds since 1970; undefined once it is final. */
      readonly voidableUntil: bigint | undefined;
      /** Totals as the proofs have them. */
      readonly figures: readonly ProjectResult[];
    }
  | { readonly news: "failed"; readonly why: VerifyFailure };
