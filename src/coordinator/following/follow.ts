import { bytesToHex, parseEventLogs, type Address, type Hex, type Log } from "viem";
import { foldHistory, historyReader, type RoundHistory } from "../../chain/history.ts";
import type { KeptLog } from "../../chain/log_archive.ts";
import { LogRangeError } from "../../chain/logs.ts";
import { iRoundAbi } from "../../chain/generated/abis.ts";
import { creationBlock } from "../../chain/creation_block.ts";
import type { ReadClient } from "../../chain/client.ts";
import { nextChainValue } from "../../protocol/link.ts";
import { roundRefText } from "../../protocol/round_ref.ts";
import { finalBlock, type Finality } from "../../chain/finality.ts";
import type { Database } from "../store/database.ts";
import { eventLog, type EventLog, type StoredLog } from "../store/event_log.ts";
import { LinkList } from "../planning/link_list.ts";
import { chainValueOf, IncompleteLogsError } from "./sync.ts";

export type FollowOptions = {
  readonly database: Database;
  /** Nodes of one chain. One at a time is asked; after an error, the next. */
  readonly nodes: readonly ReadClient[];
  readonly chainId: number;
  readonly round: Address;
  readonly finality: Finality;
  /** The block before the round's creation; found by bisection where it is not given, which takes a node that keeps old states. */
  readonly fromBlock?: number | undefined;
  /** What made the round: its event tells the block, where nodes keep no old state. */
  readonly factory?: Address | undefined;
  readonly onProgress?: (block: number, final: number) => void;
};

/** Up to which block a round is known, and that block's time in seconds. */
export type Followed = { readonly block: number; readonly timestamp: bigint };

type Chain = { readonly links: LinkList; value: Uint8Array };

const FIRST_RANGE = 5_000;
const MAX_RANGE = 50_000;
const RANGES_BEFORE_GROWTH = 50;

/**
 * A round's events, kept in the database up to the last final block. What is kept was checked: its links add up to the chain value that the
 * contract had at that block, so that logs which a node left out, cut off or made up are noticed. Where a final block turns out to
 * be another one after all, everything after the last block that is still there is read again.
 */
export class RoundFollower {
  readonly #options: FollowOptions;
  readonly #log: EventLog;
  #node = 0;
  #maxRange = MAX_RANGE;
  /** The links in the database and the chain value after them; undefined until read. */
  #chain: Chain | undefined;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#log = eventLog(
      options.database,
      roundRefText({ chainId: options.chainId, address: options.round }),
    );
  }

  /** The node that answered last. */
  get node(): ReadClient {
    return this.#options.nodes[this.#node % this.#options.nodes.length] as ReadClient;
  }

  /** The links known so far; those of the whole round once a block at or after its end is reached. */
  async links(): Promise<LinkList> {
    return (await this.#loaded()).links;
  }

  /** The round's logs known so far, in chain order, some thousands at a time. */
  async *logs(): AsyncGenerator<readonly Omit<KeptLog, "address">[]> {
    for await (const logs of this.#log.pages())
      yield logs.map(({ block, txHash, ...log }) => ({
        ...log,
        blockNumber: BigInt(block),
        transactionHash: txHash,
      }));
  }

  async history(): Promise<RoundHistory<LinkList>> {
    const reader = historyReader(new LinkList());
    for await (const logs of this.#log.pages()) reader.add(parse(logs));
    return reader.history();
  }

  /** Reads on to the last final block. @throws IncompleteLogsError, LogRangeError and what the RPC throws; then call it again: the next node is asked */
  async sync(): Promise<Followed> {
    try {
      return await this.#syncFrom(this.node);
    } catch (error) {
      this.#node++;
      throw error;
    }
  }

  async #syncFrom(node: ReadClient): Promise<Followed> {
    const { chainId, round, finality, fromBlock, factory, onProgress } = this.#options;
    const final = await finalBlock(node, finality);
    if ((await this.#log.position()) === undefined)
      await this.#log.start(
        chainId,
        round,
        fromBlock ?? Number(await creationBlock(node, round, { factory })) - 1,
      );
    await this.#undoReorganised(node, final.number);
    const good = await this.#log.lastCheckpoint();
    if (good !== undefined && final.number <= good.block)
      return {
        block: good.block,
        timestamp: (await node.getBlock({ blockNumber: BigInt(good.block) })).timestamp,
      };
    // Read by another node but not checked yet: a node that is behind cannot check it either.
    if (final.number < (await this.#position())) await this.#rollBack(good?.block);
    let [synced, answered] = [await this.#position(), 0];
    for (let range = Math.min(FIRST_RANGE, this.#maxRange); synced < final.number; ) {
      range = Math.min(range, final.number - synced);
      const to = synced + range;
      let logs: StoredLog[];
      try {
        logs = await logsBetween(node, round, synced + 1, to);
      } catch (cause) {
        if (range === 1) throw new LogRangeError(BigInt(to), cause);
        this.#maxRange = range = Math.floor(range / 2);
        answered = 0;
        continue;
      }
      await this.#append(logs, to);
      synced = to;
      // What a node refused once it refuses again: larger ranges are tried only after a while.
      if (++answered % RANGES_BEFORE_GROWTH === 0)
        this.#maxRange = Math.min(this.#maxRange * 2, MAX_RANGE);
      range = Math.min(range * 2, this.#maxRange);
      onProgress?.(to, final.number);
    }
    await this.#check(node, final);
    return { block: final.number, timestamp: final.timestamp };
  }

  /** Forgets what lies after the last checkpoint whose block is still there. A block that the node does not have yet says nothing. */
  async #undoReorganised(node: ReadClient, final: number): Promise<void> {
    for (
      let checkpoint = await this.#log.lastCheckpoint();
      checkpoint !== undefined;
      checkpoint = await this.#log.lastCheckpoint()
    ) {
      if (checkpoint.block > final && (await node.getBlockNumber()) < BigInt(checkpoint.block))
        return;
      if ((await node.getBlock({ blockNumber: BigInt(checkpoint.block) })).hash === checkpoint.hash)
        return;
      await this.#rollBack(await this.#log.dropCheckpoint(checkpoint.block));
    }
  }

  async #append(logs: readonly StoredLog[], to: number): Promise<void> {
    const chain = await this.#loaded();
    await this.#log.append(logs, to);
    for (const link of foldHistory(parse(logs)).links) {
      chain.links.push(link);
      chain.value = nextChainValue(chain.value, link);
    }
  }

  /** Compares with the contract's own chain value, then marks the place as good. @throws IncompleteLogsError after forgetting what is not */
  async #check(
    node: ReadClient,
    { number, hash }: { readonly number: number; readonly hash: Hex },
  ): Promise<void> {
    const expected = await node.readContract({
      address: this.#options.round,
      abi: iRoundAbi,
      functionName: "chainHead",
      blockNumber: BigInt(number),
    });
    const found = bytesToHex((await this.#loaded()).value);
    if (found === expected) return this.#log.addCheckpoint(number, hash);
    // A node that cuts answers off does so less often on smaller ranges.
    this.#maxRange = Math.max(1, Math.floor(this.#maxRange / 4));
    await this.#rollBack((await this.#log.lastCheckpoint())?.block);
    throw new IncompleteLogsError(expected, found);
  }

  async #position(): Promise<number> {
    return (await this.#log.position()) as number;
  }

  async #rollBack(block: number | undefined): Promise<void> {
    await this.#log.truncate(block);
    this.#chain = undefined;
  }

  async #loaded(): Promise<Chain> {
    if (this.#chain === undefined) {
      const { links } = await this.history();
      this.#chain = { links, value: chainValueOf(links) };
    }
    return this.#chain;
  }
}

/** The round's logs in a range of blocks, in order. @throws RangeError if the node gives others */
async function logsBetween(
  node: ReadClient,
  address: Address,
  from: number,
  to: number,
): Promise<StoredLog[]> {
  const logs = await node.getLogs({ address, fromBlock: BigInt(from), toBlock: BigInt(to) });
  const stored = logs.map((log) => {
    const block = Number(log.blockNumber);
    if (
      log.blockNumber === null ||
      log.logIndex === null ||
      block < from ||
      block > to ||
      log.removed ||
      log.address.toLowerCase() !== address.toLowerCase()
    ) {
      throw new RangeError(
        `the node answers with a log of block ${log.blockNumber}, asked for ${from} to ${to}`,
      );
    }
    return {
      block,
      logIndex: log.logIndex,
      txHash: log.transactionHash as Hex,
      topics: log.topics as readonly Hex[],
      data: log.data,
    };
  });
  // One answer may hold a log twice; in whatever order it comes, this is the chain's.
  const unique = new Map(stored.map((log) => [`${log.block}:${log.logIndex}`, log]));
  return [...unique.values()].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex);
}

function parse(logs: readonly StoredLog[]) {
  return parseEventLogs({
    abi: iRoundAbi,
    strict: true,
    logs: logs.map(({ topics, data }) => ({ topics, data })) as unknown as Log[],
  });
}
