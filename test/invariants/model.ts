import { bytesToHex, zeroAddress, type Address, type Hex } from "viem";
import { chainValues } from "../../src/protocol/link.ts";
import type { ReadClient } from "../../src/chain/client.ts";
import { foldHistory } from "../../src/chain/history.ts";
import { readEvents } from "../../src/chain/logs.ts";
import type { Seeded } from "../helpers/seeded.ts";
import type { Entry } from "../contracts/support/reference.ts";
import type { Setup, Wallet } from "../contracts/support/round.ts";

/** What a run remembers of the round beside the chain: who paid what in, what was said in the tally, and what has been paid out. */
export type Ledger = {
  /** Token units that each account has paid in, by what for. */
  readonly paid: Map<Address, bigint>;
  readonly funded: Map<Address, bigint>;
  /** Payers of the tags, in the order of the contributions. */
  readonly payers: Map<bigint, Wallet>;
  /** What the last commit committed to, and what has been listed since. */
  results: readonly Entry[];
  listed: readonly Entry[];
  readonly claimed: Set<number>;
  readonly refunded: Set<bigint | Address>;
  feePaid: boolean;
  /** Token units that were sent to the round past its calls. */
  gifts: bigint;
  seed: number;
};

export const newLedger = (): Ledger => ({
  paid: new Map(),
  funded: new Map(),
  payers: new Map(),
  results: [],
  listed: [],
  claimed: new Set(),
  refunded: new Set(),
  feePaid: false,
  gifts: 0n,
  seed: 1,
});

export const add = (map: Map<Address, bigint>, { account }: Wallet, amount: bigint) =>
  map.set(account.address, (map.get(account.address) ?? 0n) + amount);
export const sum = (map: ReadonlyMap<unknown, bigint>): bigint =>
  [...map.values()].reduce((total, x) => total + x, 0n);

export const STATUS = { live: 0, finalized: 1, aborted: 2, cancelled: 3 } as const;

/** What the chain says at a moment. */
export type View = Awaited<ReturnType<typeof look>>;

/** Asks the chain; the settlement only where there is one. */
export async function look({ round, helpers }: Setup, { payers }: Ledger) {
  const [
    status,
    deadline,
    items,
    links,
    contributions,
    totalCredits,
    pool,
    head,
    cancelFrom,
    paymentsFrom,
    tally,
    messageFees,
    latest,
  ] = await Promise.all([
    round.read.status(),
    round.read.tallyDeadline(),
    round.read.items(),
    round.read.links(),
    round.read.contributions(),
    round.read.totalCredits(),
    round.read.pool(),
    round.read.chainHead(),
    round.read.cancelFrom(),
    round.read.paymentsFrom(),
    round.read.tally(),
    round.read.messageFees(),
    helpers.time.latest(),
  ]);
  const settlement = status === STATUS.finalized ? await round.read.settlement() : NOTHING;
  const donors = await Promise.all(
    [...payers.keys()].map(async (tag) => [tag, (await round.read.donors([tag])).credits] as const),
  );
  return {
    status,
    deadline,
    items,
    links,
    contributions,
    totalCredits,
    pool,
    head,
    cancelFrom,
    paymentsFrom,
    tally,
    settlement,
    messageFees,
    time: BigInt(latest),
    frozen: [items, links, totalCredits, pool, head].join(),
    credits: new Map(donors),
  };
}

const NOTHING = {
  available: 0n,
  budget: 0n,
  budgetLeft: 0n,
  surplusLeft: 0n,
  claimsLeft: 0,
  leftovers: 0n,
  remainder: 0n,
  poolRemainder: 0n,
};

/** The moment before one step: the round, what is known of it, whether its token wraps native coin, and the second at which the next call is mined. */
export type Moment = {
  readonly setup: Setup;
  readonly ledger: Ledger;
  readonly random: Seeded;
  readonly isNative: boolean;
  readonly view: View;
  readonly now: bigint;
};

export const hasMoney = ({ settings }: Setup): boolean => settings.token !== zeroAddress;

/** The round's links and payments, read back from its events (EVT-1). */
export async function readBack({ publicClient, round }: Setup) {
  const client = publicClient as unknown as ReadClient;
  const events = await readEvents(client, round.address, {
    from: 0n,
    to: await client.getBlockNumber(),
  });
  const history = foldHistory(events);
  return {
    events,
    history,
    head: bytesToHex(chainValues(history.links).at(-1) as Uint8Array) as Hex,
  };
}
