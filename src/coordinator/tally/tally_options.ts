import type { Address } from "viem";
import type { WriteClient } from "../../chain/client.ts";
import type { Artifacts } from "../../proofs/artifacts.ts";
import type { PayoutKind } from "../../payouts/rule.ts";
import type { Prover } from "../../proofs/prover.ts";
import type { CoordinatorKey } from "../../protocol/coordinator_key.ts";

import type { ProjectResult } from "../../round/semantics.ts";
import type { LinkList } from "../planning/link_list.ts";
import type { SenderOptions } from "../sending/durable_sender.ts";
import type { TallyStore } from "../store/tally_store.ts";
import type { StepSender } from "../sending/sender.ts";

/** Progress of a tally, for a bar: `done` of `total` steps of a stage. */
export type TallyEvent = {
  readonly stage: "sync" | "prepare" | "commit" | "prove" | "submit" | "results" | "close";
  readonly done: number;
  readonly total: number;
  /** Seconds that proving will still take, from the proofs made so far. */
  readonly secondsLeft?: number;
};

export type TallyResult = {
  readonly results: readonly ProjectResult[];
  readonly folds: number;
  /** By call, of what this run has sent. */
  readonly gasUsed: Readonly<Record<string, bigint>>;
};

export type TallyOptions = {
  readonly client: WriteClient;
  readonly round: Address;
  readonly key: CoordinatorKey;
  readonly artifacts: Artifacts;
  readonly store: TallyStore;
  /** By default a pool on this machine, ended with the tally. */
  readonly prover?: Prover;
  /** By default one that keeps its journal in the store. */
  readonly sender?: StepSender;
  readonly fees?: SenderOptions;
  /** The round's links where they are known already, checked against the chain's head; by default they are read from the logs. */
  readonly links?: LinkList;
  /** Kinds of payout rules that hints are made for; by default all that this version knows. */
  readonly payouts?: readonly PayoutKind[];
  readonly onProgress?: (event: TallyEvent) => void;
};
