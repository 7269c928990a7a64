import { randomUUID } from "node:crypto";
import { decodeMessage, encodeMessage, type MessageWords } from "../../protocol/message.ts";
import type { Database } from "./database.ts";

export type QueuedMessage = { readonly id: number; readonly words: MessageWords };

/** Messages that wait to be published, and those of batches that are not final yet. */
export type RelayQueue = {
  /** Adds messages that must stay in this order. What waits already, word for word, is not added again. */
  readonly add: (messages: readonly MessageWords[]) => Promise<void>;
  readonly waiting: () => Promise<number>;
  /** Gives the first groups, up to `limit` messages, to a batch, in the order that `arrange` makes of them. */
  readonly assign: (batch: string, arrange: (groups: QueuedMessage[][]) => QueuedMessage[], limit: number) => Promise<void>;
  readonly openBatches: () => Promise<string[]>;
  readonly ofBatch: (batch: string) => Promise<QueuedMessage[]>;
  readonly remove: (batch: string) => Promise<void>;
};

export function relayQueue({ query }: Database, round: string): RelayQueue {
  const table = () => query.selectFrom("relay_queue").where("round_id", "=", round);
  return {
    async add(messages) {
      const known = await table().select("words").where("words", "in", messages.map(encode)).execute();
      if (known.length === messages.length) return;
      const group = randomUUID();
      await query.insertInto("relay_queue").values(messages.map((words) => ({ round_id: round, group_id: group, words: encode(words), batch: null, place: 0 }))).execute();
    },
    async waiting() {
      return Number((await table().select((e) => e.fn.countAll().as("count")).where("batch", "is", null).executeTakeFirstOrThrow()).count);
    },
    async assign(batch, arrange, limit) {
      await query.transaction().execute(async (transaction) => {
        const rows = await transaction.selectFrom("relay_queue").selectAll().where("round_id", "=", round).where("batch", "is", null).orderBy("id").execute();
        const groups = new Map<string, QueuedMessage[]>();
        for (const row of rows) groups.set(row.group_id, [...(groups.get(row.group_id) ?? []), decode(row)]);
        const taken: QueuedMessage[][] = [];
        for (const group of groups.values()) {
          if (taken.length > 0 && taken.flat().length + group.length > limit) break;
          taken.push(group);
        }
        for (const [place, { id }] of arrange(taken).entries()) await transaction.updateTable("relay_queue").set({ batch, place }).where("id", "=", id).execute();
      });
    },
    async openBatches() {
      const rows = await table().select("batch").where("batch", "is not", null).groupBy("batch").orderBy((e) => e.fn.min("id")).execute();
      return rows.map(({ batch }) => batch as string);
    },
    async ofBatch(batch) {
      return (await table().selectAll().where("batch", "=", batch).orderBy("place").execute()).map(decode);
    },
    async remove(batch) {
      await query.deleteFrom("relay_queue").where("round_id", "=", round).where("batch", "=", batch).execute();
    },
  };
}

const encode = (words: MessageWords): string => encodeMessage(words).join(",");
const decode = ({ id, words }: { id: number; words: string }): QueuedMessage => ({ id, words: decodeMessage(words.split(",")) });
