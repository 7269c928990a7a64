import type { Address } from "viem";
import type { Point, RoundRef } from "../../../src/index.ts";

export type BallotEntries = readonly (readonly [project: number, votes: bigint])[];

type Encrypt = {
  readonly round: RoundRef;
  readonly coordinatorKey: Point;
  readonly ballot: BallotEntries;
  readonly itemsSeen: number;
};

export type KeysRequest =
  | {
      readonly ask: "derive";
      readonly slot: "current" | "next";
      readonly passphrase: string;
      readonly salt: Uint8Array;
    }
  | { readonly ask: "forgetNext" }
  | (Encrypt & { readonly ask: "first"; readonly payer: Address })
  | (Encrypt & { readonly ask: "change"; readonly tag: bigint });

type Messages = readonly (readonly bigint[])[];

export type Answers = {
  readonly derive: Point;
  readonly forgetNext: undefined;
  readonly first: { readonly key: Point; readonly tag: bigint; readonly messages: Messages };
  readonly change: { readonly messages: Messages };
};
