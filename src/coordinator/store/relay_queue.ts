import { randomUUID } from "node:crypto";
import { decodeMessage, encodeMessage, type MessageWords } from "../../protocol/message.ts";
import type { Database } from "./database.ts";

export type QueuedMessage = {
  readonly id: number;
  readonly group: string;
  readonly words: MessageWords;
};

/** What a round's relay has published for good, and what that cost: gas and message fees, in wei. */
export type RelayTotals = { readonly messages: number; readonly wei: bigint };

/** Messages that wait to be published, and those of batches that are not final yet. */
export type RelayQueue = {
  /** Adds messages that must stay in this order. What waits already, word for word, is not added again. */
  readonly add: (messages: readonly MessageWords[]) => Promise<void>;
  /** Those that are in no batch yet. */
  readonly waiting: () => Promise<QueuedMessage[]>;
  /** Forgets messages that are not to be published. */
  readonly drop: (ids: readonly number[]) => Promise<void>;
  /** All that is not published for good: waiting, in batches and set aside. */
  readonly unpublished: () => Promise<number>;
  /**
   * Gives the first groups, up to `limit` messages, to a batch, in the order that `arrange` makes of them. The rows are written anew in that
   * order, so that their numbers do not tell in which order they came.
   * @returns how many messages
   */
  readonly assign: (
    batch: string,
    arrange: (groups: QueuedMessage[][]) => QueuedMessage[],
    limit: number,
  ) => Promise<number>;
  readonly openBatches: () => Promise<string[]>;
  readonly ofBatch: (batch: string) => Promise<QueuedMessage[]>;
  /** Makes two batches of one, each with half of its groups; false where it has but one. */
  readonly part: (batch: string) => Promise<boolean>;
  /** Keeps a batch that is not to be tried again. */
  readonly setAside: (batch: string) => Promise<void>;
  /** Forgets a batch that is on the chain for good, and counts it. */
  readonly finish: (batch: string, wei: bigint) => Promise<void>;
  /** Forgets all that can never be published any more. @returns how many messages */
  readonly clear: () => Promise<number>;
  readonly totals: () => Promise<RelayTotals>;
};

const ASIDE = "aside ";

export function relayQueue({ query }: Database, round: string): RelayQueue {
  const table = () => query.selectFrom("relay_queue").where("round_id", "=", round);
  const count = async (rows: ReturnType<typeof table>) =>
    Number((await rows.select((e) => e.fn.countAll().as("count")).executeTakeFirstOrThrow()).count);
  const rename = (batch: string, to: string) =>
    query
      .updateTable("relay_queue")
      .set({ batch: to })
      .where("round_id", "=", round)
      .where("batch", "=", batch);
  const totalsKey = `relay ${round}`;
  const ofBatch = async (batch: string) =>
    (await table().selectAll().where("batch", "=", batch).orderBy("place").execute()).map(decode);
  const totals = async (from = query): Promise<RelayTotals> => {
    const row = await from
      .selectFrom("meta")
      .select("value")
      .where("key", "=", totalsKey)
      .executeTakeFirst();
    const [messages = "0", wei = "0"] = row?.value.split(" ") ?? [];
    return { messages: Number(messages), wei: BigInt(wei) };
  };
  return {
    async add(messages) {
      const known = await table()
        .select("words")
        .where("words", "in", messages.map(encode))
        .execute();
      if (known.length === messages.length) return;
      const group = randomUUID();
      await query
        .insertInto("relay_queue")
        .values(
          messages.map((words) => ({
            round_id: round,
            group_id: group,
            words: encode(words),
            batch: null,
            place: 0,
          })),
        )
        .execute();
    },
    async waiting() {
      return (await table().selectAll().where("batch", "is", null).orderBy("id").execute()).map(
        decode,
      );
    },
    async drop(ids) {
      if (ids.length > 0)
        await query
          .deleteFrom("relay_queue")
          .where("round_id", "=", round)
          .where("id", "in", ids)
          .execute();
    },
    unpublished: () => count(table()),
    async assign(batch, arrange, limit) {
      return query.transaction().execute(async (transaction) => {
        const rows = await transaction
          .selectFrom("relay_queue")
          .selectAll()
          .where("round_id", "=", round)
          .where("batch", "is", null)
          .orderBy("id")
          .execute();
        const taken: QueuedMessage[][] = [];
        for (const group of groupMessages(rows.map(decode))) {
          if (taken.length > 0 && taken.flat().length + group.length > limit) break;
          taken.push(group);
        }
        const arranged = arrange(taken);
        if (arranged.length === 0) return 0;
        await transaction
          .deleteFrom("relay_queue")
          .where(
            "id",
            "in",
            arranged.map(({ id }) => id),
          )
          .execute();
        await transaction
          .insertInto("relay_queue")
          .values(
            arranged.map(({ group, words }, place) => ({
              round_id: round,
              group_id: group,
              words: encode(words),
              batch,
              place,
            })),
          )
          .execute();
        return arranged.length;
      });
    },
    async openBatches() {
      const rows = await table()
        .select("batch")
        .where("batch", "is not", null)
        .where("batch", "not like", `${ASIDE}%`)
        .groupBy("batch")
        .orderBy((e) => e.fn.min("id"))
        .execute();
      return rows.map(({ batch }) => batch as string);
    },
    ofBatch,
    async part(batch) {
      const groups = groupMessages(await ofBatch(batch));
      if (groups.length < 2) return false;
      const moved = groups
        .slice(Math.ceil(groups.length / 2))
        .flat()
        .map(({ id }) => id);
      await query.transaction().execute(async (transaction) => {
        await transaction
          .updateTable("relay_queue")
          .set({ batch: randomUUID() })
          .where("round_id", "=", round)
          .where("id", "in", moved)
          .execute();
        await transaction
          .updateTable("relay_queue")
          .set({ batch: randomUUID() })
          .where("round_id", "=", round)
          .where("batch", "=", batch)
          .execute();
      });
      return true;
    },
    async setAside(batch) {
      await rename(batch, `${ASIDE}${batch}`).execute();
    },
    async finish(batch, wei) {
      await query.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom("relay_queue")
          .where("round_id", "=", round)
          .where("batch", "=", batch)
          .executeTakeFirstOrThrow();
        const before = await totals(transaction);
        const value = `${before.messages + Number(numDeletedRows)} ${before.wei + wei}`;
        await transaction
          .insertInto("meta")
          .values({ key: totalsKey, value })
          .onConflict((c) => c.column("key").doUpdateSet({ value }))
          .execute();
      });
    },
    async clear() {
      return Number(
        (
          await query
            .deleteFrom("relay_queue")
            .where("round_id", "=", round)
            .executeTakeFirstOrThrow()
        ).numDeletedRows,
      );
    },
    totals: () => totals(),
  };
}

function groupMessages(messages: readonly QueuedMessage[]): QueuedMessage[][] {
  return [...Map.groupBy(messages, ({ group }) => group).values()];
}

const encode = (words: MessageWords): string => encodeMessage(words).join(",");
const decode = ({
  id,
  group_id,
  words,
}: {
  id: number;
  group_id: string;
  words: string;
}): QueuedMessage => ({ id, group: group_id, words: decodeMessage(words.split(",")) });
