import type { Address } from "viem";
import type { CoordinatorKey } from "../protocol/coordinator_key.ts";
import type { WriteClient } from "../chain/client.ts";
import { readConfig, type RoundConfig } from "../chain/provenance.ts";
import { readProgress, type Phase } from "../chain/round.ts";
import { writeArchive } from "../coordinator/tally/archive.ts";
import type { RoundFollower } from "../coordinator/following/follow.ts";
import type { StepSender } from "../coordinator/sending/sender.ts";
import type { TallyStore } from "../coordinator/store/tally_store.ts";
import {
  openedIn,
  requireCoordinatorKey,
  runTally,
  type TallyEvent,
} from "../coordinator/tally/tally.ts";
import type { Artifacts } from "../proofs/artifacts.ts";
import { dateOf } from "../date.ts";
import { trustedContracts } from "../proofs/trusted_contracts.ts";
import type { Prover } from "../proofs/prover.ts";

/** What the coordinator does about a round. `waiting`: it cannot go on by itself; `detail` says why. */
export type WorkState = "following" | "tallying" | "finalized" | "ended" | "waiting";

/** What the public reads of an error: its text may name files, nodes and more, and stands in the log. */
export const HELD_UP =
  "something held it up and is tried again; its operator finds the reason in the log";

/** A round as the API shows it. */
export type RoundView = {
  readonly round: Address;
  readonly state: WorkState;
  readonly phase: Phase | undefined;
  readonly block: number;
  readonly items: number;
  readonly tally: TallyEvent | undefined;
  readonly detail: string;
};

export type RoundWorkerOptions = {
  readonly client: WriteClient;
  readonly round: Address;
  readonly key: CoordinatorKey;
  readonly follower: RoundFollower;
  readonly artifacts: Artifacts;
  readonly store: TallyStore;
  readonly sender: StepSender;
  readonly prover: Prover;
  readonly archiveFolder: string;
  readonly onTally?: (event: TallyEvent) => void;
};

/** Brings one round from wherever it is to its archive. `tick` may fail at any time; the next one goes on. */
export class RoundWorker {
  readonly #options: RoundWorkerOptions;
  #config: RoundConfig | undefined;
  #view: RoundView;
  #archived = false;

  constructor(options: RoundWorkerOptions) {
    this.#options = options;
    this.#view = {
      round: options.round,
      state: "following",
      phase: undefined,
      block: 0,
      items: 0,
      tally: undefined,
      detail: "",
    };
  }

  get view(): RoundView {
    return this.#view;
  }

  get isDone(): boolean {
    return this.#view.state === "finalized" || this.#view.state === "ended";
  }

  /** What stays fixed for the round's life. @throws WrongCoordinatorKeyError, ForeignRoundError, DevelopmentKeysError */
  async config(): Promise<RoundConfig> {
    const { client, round, key, artifacts } = this.#options;
    if (this.#config === undefined) {
      const config = await readConfig(client.read, round, await trustedContracts(artifacts));
      requireCoordinatorKey(config, key);
      this.#config = config;
    }
    return this.#config;
  }

  async tick(): Promise<void> {
    const { client, round, follower } = this.#options;
    const config = await this.config();
    const { block, timestamp } = await follower.sync();
    const { phase, paymentsFrom } = await readProgress(client.read, round);
    // Of what is not final nothing is told: how often somebody asks shall not show him when messages came.
    this.#set({ phase, block, items: (await follower.links()).items, detail: "" });
    // Until a final block lies at or after the end, items may still change.
    if (phase === "tallying" && timestamp >= config.end) {
      this.#set({ state: "tallying" });
      await this.#tally();
      this.#set({
        phase: config.disputeWindow === 0 ? "finalized" : "disputable",
        state: "tallying",
        detail: "waiting for a final block",
      });
    } else if (phase === "finalized") await this.#finish(config);
    else if (phase === "disputable") await this.#await(config, paymentsFrom);
    else if (phase === "aborted" || phase === "cancelled") {
      await this.#writeArchive(config);
      this.#set({ state: "ended" });
    } else if (phase === "overdue")
      this.#set({
        state: "waiting",
        detail:
          "the tally's deadline has passed: anyone can abort the round, and donors get everything back",
      });
    else this.#set({ state: "following" });
  }

  /** The last try failed. */
  fail(): void {
    this.#set({ detail: HELD_UP });
  }

  async #tally(): Promise<void> {
    const { client, round, key, artifacts, store, sender, prover, follower, onTally } =
      this.#options;
    const onProgress = (tally: TallyEvent) => {
      this.#set({ tally });
      onTally?.(tally);
    };
    await runTally({
      client,
      round,
      key,
      artifacts,
      store,
      sender,
      prover,
      links: await follower.links(),
      onProgress,
    });
  }

  /** The round is done when the block that finalized it is final. */
  async #finish(config: RoundConfig): Promise<void> {
    const history = await this.#options.follower.history();
    if (history.tally?.finalized === undefined)
      return this.#set({ state: "tallying", detail: "waiting for a final block" });
    await this.#writeArchive(config);
    this.#set({ state: "finalized" });
  }

  /** A result that may still be disputed: archived once it is final, and the round is watched until it is paid or void. */
  async #await(config: RoundConfig, paymentsFrom: bigint): Promise<void> {
    const history = await this.#options.follower.history();
    if (history.tally?.finalized === undefined)
      return this.#set({ state: "tallying", detail: "waiting for a final block" });
    if (!this.#archived) await this.#writeArchive(config);
    this.#archived = true;
    this.#set({
      state: "waiting",
      detail: `the guardian may dispute the result until ${dateOf(paymentsFrom).toISOString()}; payments open then`,
    });
  }

  async #writeArchive(config: RoundConfig): Promise<void> {
    const { archiveFolder, client, round, follower, artifacts } = this.#options;
    await writeArchive(client.read, {
      folder: archiveFolder,
      chainId: client.chainId,
      round,
      config,
      documents: (await trustedContracts(artifacts)).documents,
      logs: () => follower.logs(),
      to: BigInt(this.#view.block),
    });
    // A tally that was killed as it ended, or overtaken by another end, could not do it.
    await (await openedIn(this.#options, config))?.clear();
  }

  #set(change: Partial<RoundView>): void {
    this.#view = { ...this.#view, ...change };
  }
}
