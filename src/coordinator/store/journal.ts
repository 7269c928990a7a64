import type { Address, Hex } from "viem";
import type { Database } from "./database.ts";
import type { TransactionState } from "./schema.ts";

/** A signed transaction of one step. Several with the same nonce differ in their fees; at most one of them can be mined. */
export type JournalEntry = {
  readonly hash: Hex;
  readonly step: string;
  readonly chainId: number;
  readonly account: Address;
  readonly nonce: number;
  readonly raw: Hex;
  readonly maxFee: bigint;
  readonly priorityFee: bigint;
  readonly state: TransactionState;
  readonly sentAt: number;
  /** Made by the sender over step and hash: what it did not write is not its own. */
  readonly mac: string;
};

export type Sender = { readonly chainId: number; readonly account: Address };

/** What was signed, written before it is sent: after a crash the same bytes are sent again, so that nothing is paid twice. */
export type Journal = {
  readonly add: (entry: JournalEntry) => Promise<void>;
  /** Entries of a step in these states, by nonce, the latest fee last. */
  readonly ofStep: (
    sender: Sender,
    step: string,
    states: readonly TransactionState[],
  ) => Promise<JournalEntry[]>;
  /** All entries of the sender that may still be mined, by nonce, the latest fee last. */
  readonly allOpen: (sender: Sender) => Promise<JournalEntry[]>;
  /** Moves all entries with this nonce from one state to another; `block` is where one of them was mined. */
  readonly settle: (
    sender: Sender,
    nonce: number,
    states: { readonly from: TransactionState; readonly to: TransactionState },
    block?: number,
  ) => Promise<void>;
};

export function journal({ query }: Database): Journal {
  const read = async (
    { chainId, account }: Sender,
    states: readonly TransactionState[],
    step?: string,
  ): Promise<JournalEntry[]> => {
    const all = query
      .selectFrom("transactions")
      .selectAll()
      .where("chain_id", "=", chainId)
      .where("account", "=", lower(account))
      .where("state", "in", states);
    const rows = await (step === undefined ? all : all.where("step", "=", step))
      .orderBy("nonce")
      .orderBy("sent_at")
      .execute();
    return rows.map((row) => ({
      hash: row.hash as Hex,
      step: row.step,
      chainId: row.chain_id,
      account: row.account as Address,
      nonce: row.nonce,
      raw: row.raw as Hex,
      maxFee: BigInt(row.max_fee),
      priorityFee: BigInt(row.priority_fee),
      state: row.state,
      sentAt: row.sent_at,
      mac: row.mac,
    }));
  };
  return {
    async add({
      hash,
      step,
      chainId,
      account,
      nonce,
      raw,
      maxFee,
      priorityFee,
      state,
      sentAt,
      mac,
    }) {
      await query
        .insertInto("transactions")
        .values({
          hash,
          step,
          chain_id: chainId,
          account: lower(account),
          nonce,
          raw,
          max_fee: String(maxFee),
          priority_fee: String(priorityFee),
          state,
          sent_at: sentAt,
          block: null,
          mac,
        })
        .execute();
    },
    ofStep: (sender, step, states) => read(sender, states, step),
    allOpen: (sender) => read(sender, ["open"]),
    async settle({ chainId, account }, nonce, { from, to }, block) {
      await query
        .updateTable("transactions")
        .set({ state: to, block: block ?? null })
        .where("chain_id", "=", chainId)
        .where("account", "=", lower(account))
        .where("nonce", "=", nonce)
        .where("state", "=", from)
        .execute();
    },
  };
}

const lower = (address: Address): string => address.toLowerCase();
