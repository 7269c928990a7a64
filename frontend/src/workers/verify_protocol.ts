import type { Address } from "viem";
import type { Check, Contracts, HeldAgainst } from "../../../src/index.ts";

export type VerifyRequest = {
  readonly rpc: string;
  readonly chainId: number;
  readonly round: Address;
  readonly keysFolder: string;
  readonly contracts: Contracts;
};
/** Why there is no verdict. */
export type VerifyFailure = "network" | "chain" | "notFinalized" | "keys" | "other";
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
    }
  | { readonly news: "failed"; readonly why: VerifyFailure };
