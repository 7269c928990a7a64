import type { Address } from "viem";
import type { Check, Contracts } from "../../../src/index.ts";

export type VerifyRequest = {
  readonly rpc: string;
  readonly round: Address;
  readonly keysFolder: string;
  readonly contracts: Contracts;
};
export type VerifyNews =
  | {
      readonly news: "progress";
      readonly stage: "logs" | "proofs";
      readonly done: number;
      readonly total: number;
    }
  | { readonly news: "check"; readonly check: Check }
  | { readonly news: "verdict"; readonly ok: boolean; readonly developmentKeys: boolean }
  | { readonly news: "failed"; readonly why: "network" | "notFinalized" | "keys" | "other" };
