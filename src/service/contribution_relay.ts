import { zeroAddress, type Abi, type Address, type Hex } from "viem";
import { finalBlock, type Finality } from "../chain/finality.ts";
import { TransactionFailedError } from "../chain/fate.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import type { ReadClient } from "../chain/client.ts";
import { readParts } from "../chain/parts.ts";
import type { Contracts, RoundConfig } from "../chain/provenance.ts";
import { readProgress } from "../chain/round.ts";
import { ContractRefusedError, refusal } from "../chain/send.ts";
import type { StepSender } from "../coordinator/sending/sender.ts";
import {
  contributionQueue,
  type ContributionQueue,
  type QueuedContribution,
} from "../coordinator/store/contribution_queue.ts";
import type { Database } from "../coordinator/store/database.ts";
import { findChecker, readEvidence, type Clauses } from "../gates/index.ts";
import { deriveTag } from "../protocol/context.ts";
import { roundRefText } from "../protocol/round_ref.ts";
import { ContributionRefusedError, RelayClosedError } from "./relay_errors.ts";

export type ContributionRelayOptions = {
  readonly client: ReadClient;
  readonly database: Database;
  readonly sender: StepSender;
  /** Who sends, and so pays, contributions. */
  readonly account: Address;
  readonly chainId: number;
  readonly round: Address;
  readonly finality: Finality;
  /** Amount of one credit; nothing is paid of it, as the round has no money. */
  readonly unit: bigint;
  readonly end: bigint;
  readonly batchSeconds: number;
  /** What is established of the round's gate. */
  readonly clauses: Clauses;
  readonly onRefused?: (why: string) => void;
};

/** One for a round without money whose gate is this version's; undefined for any other round. */
export async function openContributions({
  contracts,
  config,
  ...options
}: Omit<ContributionRelayOptions, "unit" | "end" | "clauses"> & {
  readonly contracts: Contracts;
  readonly config: Pick<RoundConfig, "token" | "unit" | "end" | "gate" | "registry" | "payoutRule">;
}): Promise<ContributionRelay | undefined> {
  if (config.token !== zeroAddress) return undefined;
  const { gate } = await readParts(options.client, config, contracts);
  if (gate.kind !== "clauses") return undefined;
  const { unit, end } = config;
  return new ContributionRelay({ ...options, unit, end, clauses: gate.clauses });
}

/** Intervals before the end in which what comes can no longer be sure to go out. */
const LAST_INTERVALS = 2;

/** The round's state speaks, and nothing of the contribution: it is kept. */
const OF_THE_ROUND = ["OutsideInterval", "NotLive"];

/**
 * Sends members' contributions to a round without money from the relay's own account, those of an interval together and in the order of their
 * tags, so that neither sender nor moment tells one member from another (GATE-12). It sends only what the gate admits by a proof that names
 * the tag, and with it this account and the member's key: so it cannot put a key of its own in, and pays gas once a member. Which connection
 * a contribution came by it could know; it keeps nothing of that.
 */
export class ContributionRelay {
  readonly #options: ContributionRelayOptions;
  readonly #queue: ContributionQueue;
  /** Tags that wait, by the member's identity in the round: so that nobody fills the queue with proofs of one member. */
  #waiting: Promise<Map<Hex, bigint>> | undefined;

  constructor(options: ContributionRelayOptions) {
    this.#options = options;
    this.#queue = contributionQueue(
      options.database,
      roundRefText({ chainId: options.chainId, address: options.round }),
    );
  }

  get account(): Address {
    return this.#options.account;
  }

  /** Takes one member's contribution; one that it has is taken again. @throws ContributionRefusedError, RelayClosedError */
  async accept(given: Omit<QueuedContribution, "tag">): Promise<bigint> {
    const { client, round, account, batchSeconds, end } = this.#options;
    const contribution = { ...given, tag: deriveTag(account, given.key) };
    const identity = this.#requireBound(given);
    const [{ phase }, { timestamp }] = await Promise.all([
      readProgress(client, round),
      client.getBlock(),
    ]);
    if (
      phase !== "contributing" ||
      timestamp + BigInt(Math.ceil(LAST_INTERVALS * batchSeconds)) >= end
    )
      throw new RelayClosedError(phase);
    if (await this.#isContributed(contribution.tag)) return contribution.tag;
    try {
      await client.simulateContract({ ...this.#call(contribution), account } as never);
    } catch (error) {
      const refused = refusal("contribute", error);
      if (!(refused instanceof ContractRefusedError)) throw refused;
      throw new ContributionRefusedError(`the round refuses it (${refused.reason})`);
    }
    await this.#add(contribution, identity);
    return contribution.tag;
  }

  async #add(contribution: QueuedContribution, identity: Hex): Promise<void> {
    const waiting = await this.#readWaiting();
    const earlier = waiting.get(identity);
    if (earlier !== undefined && earlier !== contribution.tag)
      throw new ContributionRefusedError("another one of this member's waits already");
    waiting.set(identity, contribution.tag);
    try {
      await this.#queue.add(contribution);
    } catch (error) {
      if (earlier === undefined) waiting.delete(identity);
      throw error;
    }
  }

  async #drop({ tag, gateData }: QueuedContribution): Promise<void> {
    await this.#queue.drop(tag);
    const waiting = await this.#readWaiting();
    const identity = this.#identityIn(gateData);
    if (identity !== undefined && waiting.get(identity) === tag) waiting.delete(identity);
  }

  async #readWaiting(): Promise<Map<Hex, bigint>> {
    this.#waiting ??= this.#queue.all().then(
      (all) =>
        new Map(
          all.flatMap(({ gateData, tag }) => {
            const identity = this.#identityIn(gateData);
            return identity === undefined ? [] : [[identity, tag] as const];
          }),
        ),
    );
    try {
      return await this.#waiting;
    } catch (error) {
      this.#waiting = undefined; // the database was away
      throw error;
    }
  }

  /** Called every `batchSeconds`, and at no other time. @throws what sending throws: then the next one goes on */
  async flush(): Promise<void> {
    const { client, finality, end } = this.#options;
    const waiting = await this.#queue.all();
    if (waiting.length === 0) return;
    const { number, timestamp } = await finalBlock(client, finality);
    for (const contribution of waiting) {
      // Only a final block tells for good that the round is over.
      if (timestamp >= end) await this.#drop(contribution);
      else await this.#send(contribution, number);
    }
  }

  async #send(contribution: QueuedContribution, final: number): Promise<void> {
    const { sender, round, onRefused } = this.#options;
    const { tag } = contribution;
    try {
      const receipt = await sender.perform({
        name: `contribution ${round.toLowerCase()} ${tag}`,
        isDone: async (mined) => mined !== undefined || (await this.#isContributed(tag)),
        call: async () => this.#call(contribution),
      });
      // Kept until the block is final, as a reorganisation may take it back.
      if (
        receipt === undefined
          ? await this.#isContributed(tag, final)
          : Number(receipt.blockNumber) <= final
      )
        await this.#drop(contribution);
    } catch (error) {
      if (!(error instanceof ContractRefusedError || error instanceof TransactionFailedError))
        throw error;
      if (error instanceof ContractRefusedError && OF_THE_ROUND.includes(error.reason)) return;
      await this.#drop(contribution);
      onRefused?.(error instanceof ContractRefusedError ? error.reason : "it failed on the chain");
    }
  }

  #call({ key, credits, gateData }: Omit<QueuedContribution, "tag">) {
    const { round, unit } = this.#options;
    return {
      address: round,
      abi: iRoundAbi as Abi,
      functionName: "contribute",
      args: [key.x, key.y, credits * unit, gateData],
    };
  }

  /** Only evidence that names the tag is spent once, whoever asks: by any other the relay would pay for strangers without end. */
  #requireBound({ gateData }: Pick<QueuedContribution, "gateData">): Hex {
    const identity = this.#identityIn(gateData);
    if (identity === undefined)
      throw new ContributionRefusedError(
        "it names no clause of the gate whose proof names the tag",
      );
    return identity;
  }

  /** Whom the evidence that names the tag is of, as far as it says so itself; undefined where there is no such evidence. */
  #identityIn(gateData: Hex): Hex | undefined {
    const clause = this.#options.clauses[Number.parseInt(gateData.slice(2, 4), 16)] ?? [];
    const evidence = readEvidence(gateData) ?? [];
    const found = clause.map(({ id }, i) => findChecker(id)?.identityIn?.(evidence[i] ?? "0x"));
    return found.find((identity) => identity !== undefined);
  }

  async #isContributed(tag: bigint, blockNumber?: number): Promise<boolean> {
    const { client, round } = this.#options;
    const { credits } = await client.readContract({
      address: round,
      abi: iRoundAbi,
      functionName: "donors",
      args: [tag],
      ...(blockNumber === undefined ? {} : { blockNumber: BigInt(blockNumber) }),
    });
    return credits !== 0n;
  }
}
