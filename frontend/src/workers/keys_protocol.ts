import type { Address } from "viem";
import type { Point } from "../../../src/index.ts";

export type BallotEntries = readonly (readonly [project: number, votes: bigint])[];
export type RoundPlace = { readonly chainId: bigint; readonly address: Address };

export type KeysRequest =
  | { readonly ask: "derive"; readonly slot: "current" | "next"; readonly passphrase: string; readonly salt: Uint8Array }
  | { readonly ask: "forgetNext" }
  | { readonly ask: "first"; readonly round: RoundPlace; readonly payer: Address; readonly coordinatorKey: Point; readonly ballot: BallotEntries; readonly itemsSeen: number }
  | { readonly ask: "change"; readonly round: RoundPlace; readonly tag: bigint; readonly coordinatorKey: Point; readonly ballot: BallotEntries; readonly itemsSeen: number };

export type Answers = {
  readonly derive: Point;
  readonly forgetNext: undefined;
  readonly first: { readonly key: Point; readonly tag: bigint; readonly messages: bigint[][] };
  readonly change: bigint[][];
};
