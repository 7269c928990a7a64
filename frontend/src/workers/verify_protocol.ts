import type { Address } from "viem";
import type { Check } from "../../../src/index.ts";

export type VerifyRequest = { readonly rpc: string; readonly round: Address; readonly keysFolder: string };
export type VerifyNews =
  | { readonly news: "progress"; readonly stage: "logs" | "proofs"; readonly done: number; readonly total: number }
  | { readonly news: "check"; readonly check: Check }
  | { readonly news: "verdict"; readonly ok: boolean; readonly developmentKeys: boolean }
  | { readonly news: "failed"; readonly why: "network" | "notFinalized" | "keys" | "other" };
