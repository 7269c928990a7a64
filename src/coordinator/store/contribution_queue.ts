import type { Hex } from "viem";
import type { Point } from "../../crypto/curve.ts";
import type { Database } from "./database.ts";

/** A contribution that somebody else than its donor sends; nothing in it is secret once it is on the chain. */
export type QueuedContribution = {
  readonly tag: bigint;
  readonly key: Point;
  readonly credits: bigint;
  readonly gateData: Hex;
};

/** Contributions that wait for the chain, in the order of their tags, which are hashes: nothing here tells in which order they came. */
export type ContributionQueue = {
  /** Adds one; what is there already under its tag stays. */
  readonly add: (contribution: QueuedContribution) => Promise<void>;
  readonly all: () => Promise<QueuedContribution[]>;
  readonly drop: (tag: bigint) => Promise<void>;
};

export function contributionQueue({ query }: Database, round: string): ContributionQueue {
  return {
    async add({ tag, key, credits, gateData }) {
      await query
        .insertInto("contribution_queue")
        .values({
          round_id: round,
          tag: place(tag),
          key_x: String(key.x),
          key_y: String(key.y),
          credits: String(credits),
          gate_data: gateData,
        })
        .onConflict((c) => c.columns(["round_id", "tag"]).doNothing())
        .execute();
    },
    async all() {
      const rows = await query
        .selectFrom("contribution_queue")
        .selectAll()
        .where("round_id", "=", round)
        .orderBy("tag")
        .execute();
      return rows.map((row) => ({
        tag: BigInt(row.tag),
        key: { x: BigInt(row.key_x), y: BigInt(row.key_y) },
        credits: BigInt(row.credits),
        gateData: row.gate_data as Hex,
      }));
    },
    async drop(tag) {
      await query
        .deleteFrom("contribution_queue")
        .where("round_id", "=", round)
        .where("tag", "=", place(tag))
        .execute();
    },
  };
}

/** As text whose order is that of the numbers. */
const place = (tag: bigint): string => String(tag).padStart(20, "0");
