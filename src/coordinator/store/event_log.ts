import type { Address, Hex } from "viem";
import type { Database } from "./database.ts";

/** A log as a node gives it, without what the place in the table says. */
export type StoredLog = {
  readonly block: number;
  readonly logIndex: number;
  readonly txHash: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
};

export type Checkpoint = { readonly block: number; readonly hash: Hex };

/** The logs of one round, complete up to a block. */
export type EventLog = {
  /** The block up to which logs are here. Undefined for a round that is not followed yet. */
  readonly position: () => Promise<number | undefined>;
  readonly start: (chainId: number, round: Address, before: number) => Promise<number>;
  /** All logs in chain order, some thousands at a time. */
  readonly pages: () => AsyncGenerator<readonly StoredLog[]>;
  /** Adds logs and moves the position to block `to`, both or neither. */
  readonly append: (logs: readonly StoredLog[], to: number) => Promise<void>;
  /** The last block up to which the logs were found right, with its hash. */
  readonly lastCheckpoint: () => Promise<Checkpoint | undefined>;
  readonly addCheckpoint: (block: number, hash: Hex) => Promise<void>;
  /** Gives the block of the checkpoint before, if there is one. */
  readonly dropCheckpoint: (block: number) => Promise<number | undefined>;
  /** Forgets logs after a block, or all of them. */
  readonly truncate: (block: number | undefined) => Promise<void>;
};

/** Checkpoints kept: one a sync, enough to look behind any reorganisation that is not a disaster. */
const CHECKPOINTS = 100;
/** Rows an insert: SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const ROWS_PER_INSERT = 1_000;
const ROWS_PER_PAGE = 5_000;

export function eventLog({ query }: Database, id: string): EventLog {
  const lastCheckpoint = async (): Promise<Checkpoint | undefined> => {
    const row = await query
      .selectFrom("checkpoints")
      .select(["block", "hash"])
      .where("round_id", "=", id)
      .orderBy("block", "desc")
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? undefined : { block: row.block, hash: row.hash as Hex };
  };
  return {
    async position() {
      return (
        await query
          .selectFrom("rounds")
          .select("synced_block")
          .where("id", "=", id)
          .executeTakeFirst()
      )?.synced_block;
    },
    async start(chainId, round, before) {
      await query
        .insertInto("rounds")
        .values({ id, chain_id: chainId, address: round, from_block: before, synced_block: before })
        .execute();
      return before;
    },
    async *pages() {
      for (let after = { block: -1, logIndex: -1 }; ; ) {
        const { block: last, logIndex } = after;
        const rows = await query
          .selectFrom("logs")
          .selectAll()
          .where("round_id", "=", id)
          .where((where) =>
            where.or([
              where("block", ">", last),
              where.and([where("block", "=", last), where("log_index", ">", logIndex)]),
            ]),
          )
          .orderBy("block")
          .orderBy("log_index")
          .limit(ROWS_PER_PAGE)
          .execute();
        const logs = rows.map(({ block, log_index, tx_hash, topics, data }) => ({
          block,
          logIndex: log_index,
          txHash: tx_hash as Hex,
          topics: JSON.parse(topics) as Hex[],
          data: data as Hex,
        }));
        if (logs.length > 0) yield logs;
        if (logs.length < ROWS_PER_PAGE) return;
        after = logs.at(-1) as StoredLog;
      }
    },
    async append(logs, to) {
      await query.transaction().execute(async (transaction) => {
        for (let start = 0; start < logs.length; start += ROWS_PER_INSERT) {
          const rows = logs
            .slice(start, start + ROWS_PER_INSERT)
            .map(({ block, logIndex, txHash, topics, data }) => ({
              round_id: id,
              block,
              log_index: logIndex,
              tx_hash: txHash,
              topics: JSON.stringify(topics),
              data,
            }));
          await transaction.insertInto("logs").values(rows).execute();
        }
        await transaction
          .updateTable("rounds")
          .set({ synced_block: to })
          .where("id", "=", id)
          .execute();
      });
    },
    lastCheckpoint,
    async addCheckpoint(block, hash) {
      await query
        .insertInto("checkpoints")
        .values({ round_id: id, block, hash })
        .onConflict((c) => c.columns(["round_id", "block"]).doUpdateSet({ hash }))
        .execute();
      const kept = query
        .selectFrom("checkpoints")
        .select("block")
        .where("round_id", "=", id)
        .orderBy("block", "desc")
        .limit(CHECKPOINTS);
      await query
        .deleteFrom("checkpoints")
        .where("round_id", "=", id)
        .where("block", "not in", kept)
        .execute();
    },
    async dropCheckpoint(block) {
      await query
        .deleteFrom("checkpoints")
        .where("round_id", "=", id)
        .where("block", ">=", block)
        .execute();
      return (await lastCheckpoint())?.block;
    },
    async truncate(block) {
      await query.transaction().execute(async (transaction) => {
        const { from_block: start } = await transaction
          .selectFrom("rounds")
          .select("from_block")
          .where("id", "=", id)
          .executeTakeFirstOrThrow();
        await transaction
          .deleteFrom("logs")
          .where("round_id", "=", id)
          .where("block", ">", block ?? start)
          .execute();
        await transaction
          .updateTable("rounds")
          .set({ synced_block: block ?? start })
          .where("id", "=", id)
          .execute();
      });
    },
  };
}
