import { bytesToHex, zeroHash, type Hex } from "viem";
import { chainValues } from "../../src/protocol/link.ts";
import type { ReadClient } from "../../src/chain/client.ts";
import { historyOf } from "../../src/chain/history.ts";
import { readEvents } from "../../src/chain/logs.ts";
import { accumulatorOf, pathOf, leafOf, resultsHashOf, encodeEntry, type Entry } from "../contracts/support/reference.ts";
import { outcomeOf as revertOf } from "../contracts/support/reverts.ts";
import type { Setup, Wallet } from "../contracts/support/round.ts";
import { closeSignals, encodeLinks, keyOf, linksOf, messageOf, SALT } from "../contracts/support/steps.ts";
import { simulator } from "../../scripts/keys/simulate.ts";
import type { Seeded } from "../helpers/seeded.ts";

/** What a run remembers of the round beside the chain: who paid in what. */
export type Ledger = {
  /** Token units that each account has paid in, by what for. */
  readonly paid: Map<string, bigint>;
  readonly funded: Map<string, bigint>;
  readonly tags: bigint[];
  results: readonly Entry[];
  seed: number;
};

export const newLedger = (): Ledger => ({ paid: new Map(), funded: new Map(), tags: [], results: [], seed: 1 });

type Action = { readonly name: string; readonly weight: number; readonly run: (setup: Setup, ledger: Ledger, random: Seeded) => Promise<unknown> };

const people = ({ alice, bob, carol, sponsor, secondSponsor, stranger, organiser, coordinator }: Setup): Wallet[] => [alice, bob, carol, sponsor, secondSponsor, stranger, organiser, coordinator];
const add = (map: Map<string, bigint>, { account }: Wallet, amount: bigint) => map.set(account.address, (map.get(account.address) ?? 0n) + amount);

/** Lists that fit what was contributed, so that a simulated close tells no lie that a real proof could not: S in all ≤ credits. */
async function drawResults({ round }: Setup, random: Seeded): Promise<Entry[]> {
  let left = await round.read.totalCredits();
  return [0, 1, 2, 3].flatMap((project): Entry[] => {
    const credits = left === 0n || random.index(4) === 0 ? 0n : 1n + random.below(left);
    left -= credits;
    return credits === 0n ? [] : [{ project, credits, votes: isqrt(credits) + 1n + random.below(credits + 1n) }];
  });
}

const isqrt = (n: bigint): bigint => BigInt(Math.floor(Math.sqrt(Number(n))));

/** Every call of the round, by anybody, at any time, mostly sensible; what it may not do must revert and change nothing. */
export const ACTIONS: readonly Action[] = [
  { name: "contribute", weight: 6, run: async (setup, ledger, random) => {
    const who = random.pick(people(setup));
    const amount = (BigInt(random.index(60))) * setup.settings.unit + BigInt(random.index(12) === 0 ? 1 : 0);
    const { x, y } = keyOf(ledger.seed++);
    const value = random.index(10) === 0 ? 1n : 0n;
    await setup.round.write.contribute([x, random.index(20) === 0 ? y + 1n : y, amount, "0x"], { account: who.account, value });
    add(ledger.paid, who, amount);
    ledger.tags.push((await setup.publicClient.getContractEvents({ address: setup.round.address, abi: setup.round.abi, eventName: "Contributed", fromBlock: "latest" }))[0]?.args.tag as bigint);
  } },
  { name: "topUp", weight: 3, run: async (setup, ledger, random) => {
    const tag = ledger.tags.length === 0 ? 7n : random.pick(ledger.tags);
    const { payer } = await setup.round.read.donors([tag]);
    const who = people(setup).find(({ account }) => random.index(4) > 0 && account.address === payer.toLowerCase()) ?? setup.stranger;
    const amount = BigInt(1 + random.index(9)) * setup.settings.unit;
    await setup.round.write.topUp([tag, amount, "0x"], { account: who.account });
    add(ledger.paid, who, amount);
  } },
  { name: "publish", weight: 3, run: async ({ round, settings, stranger }, ledger, random) => {
    const count = 1 + random.index(3);
    const value = settings.messageFee * BigInt(count) + BigInt(random.index(8) === 0 ? 1 : 0);
    await round.write.publishBatch([Array.from({ length: count }, () => messageOf(ledger.seed++))], { account: stranger.account, value });
  } },
  { name: "fund", weight: 3, run: async (setup, ledger, random) => {
    const who = random.pick([setup.sponsor, setup.secondSponsor, setup.alice]);
    const amount = 4n + random.below(100_000n);
    await setup.round.write.fund([amount], { account: who.account });
    add(ledger.funded, who, amount);
  } },
  { name: "donate past the round", weight: 1, run: async ({ token, round, bob }) => token.write.transfer([round.address, 3n], { account: bob.account }) },
  { name: "announceCancel", weight: 1, run: async ({ round, organiser }) => round.write.announceCancel({ account: organiser.account }) },
  { name: "cancel", weight: 1, run: async ({ round, organiser, stranger }, _, random) => round.write.cancel({ account: random.pick([organiser, stranger, stranger, stranger]).account }) },
  { name: "abort", weight: 5, run: async ({ round, stranger }) => round.write.abort({ account: stranger.account }) },
  { name: "dispute", weight: 4, run: async ({ round, guardian, coordinator }, _, random) => round.write.dispute(["void"], { account: random.pick([guardian, guardian, coordinator]).account }) },
  { name: "commit", weight: 3, run: async (setup, ledger, random) => {
    const results = await drawResults(setup, random);
    await setup.round.write.commit([random.below(1n << 250n), resultsHashOf(SALT, results.map(encodeEntry))], { account: random.pick([setup.coordinator, setup.coordinator, setup.stranger]).account });
    ledger.results = results;
  } },
  { name: "replay", weight: 4, run: async (setup, _, random) => {
    const links = await linksOf(setup);
    await setup.round.write.replay([zeroHash, 0n, encodeLinks(random.index(4) === 0 ? links.slice(1) : links)], { account: setup.stranger.account });
  } },
  { name: "fold", weight: 4, run: async ({ round, coordinator, stranger }, _, random) => {
    const { foldHead } = await round.read.tally();
    const after = 1n + random.below(1n << 200n);
    await round.write.fold([(await simulator("fold_small"))([foldHead, after]), after], { account: random.pick([coordinator, stranger]).account });
  } },
  { name: "addResults", weight: 4, run: async ({ round, coordinator, stranger }, { results }, random) => round.write.addResults([results.map(encodeEntry)], { account: random.pick([coordinator, coordinator, stranger]).account }) },
  { name: "close", weight: 5, run: async (setup, { results }) => {
    const acc = accumulatorOf(results, await setup.round.read.challenges());
    await setup.round.write.close([(await simulator("close"))(await closeSignals(setup, acc)), acc, SALT], { account: setup.stranger.account });
  } },
  { name: "a whole tally", weight: 4, run: async (setup, ledger, random) => {
    const called = new Map(ACTIONS.map((action) => [action.name, action]));
    const honest = { ...random, index: () => 1, pick: <T>(list: readonly T[]) => list[0] as T };
    for (const name of ["commit", "replay", "fold", "addResults", "close"]) await called.get(name)?.run(setup, ledger, name === "commit" ? { ...random, pick: honest.pick } : honest);
  } },
  { name: "claim", weight: 8, run: async ({ round, stranger }, { results }, random) => {
    const place = random.index(Math.max(1, results.length));
    const entry = results[place] ?? { project: 0, votes: 1n, credits: 1n };
    await round.write.claim([BigInt(entry.project), entry.votes, entry.credits, pathOf(results.map(leafOf), place)], { account: stranger.account });
  } },
  { name: "claimFee", weight: 1, run: async ({ round, stranger }) => round.write.claimFee({ account: stranger.account }) },
  { name: "claimRemainder", weight: 2, run: async ({ round, stranger }) => round.write.claimRemainder({ account: stranger.account }) },
  { name: "claimMessageFees", weight: 1, run: async ({ round, stranger }) => round.write.claimMessageFees({ account: stranger.account }) },
  { name: "refund", weight: 9, run: async ({ round, stranger }, { tags }, random) => round.write.refund([tags.length === 0 ? 1n : random.pick(tags)], { account: stranger.account }) },
  { name: "refundSponsor", weight: 3, run: async (setup, _, random) => setup.round.write.refundSponsor([random.pick(people(setup)).account.address], { account: setup.stranger.account }) },
];

/** Calls left out of a run, so that rounds come to every end. */
export const ENDINGS: readonly (readonly string[])[] = [[], ["cancel"], ["cancel", "a whole tally", "close"], ["cancel", "abort"], ["a whole tally", "abort"], ["cancel", "dispute"]];

/** One random call; "success" or the revert. */
export async function step(setup: Setup, ledger: Ledger, random: Seeded, without: readonly string[] = []): Promise<{ readonly name: string; readonly outcome: string }> {
  const action = random.pick(ACTIONS.filter(({ name }) => !without.includes(name)).flatMap((a) => Array.from({ length: a.weight }, () => a)));
  try {
    return { name: action.name, outcome: await revertOf(action.run(setup, ledger, random)) };
  } catch (error) {
    return { name: action.name, outcome: `refused: ${(error as Error).message.split("\n", 1)[0]}` };
  }
}

/** The round's links and payments, read back from its events (EVT-1). */
export async function readBack({ publicClient, round }: Setup) {
  const client = publicClient as unknown as ReadClient;
  const events = await readEvents(client, round.address, { from: 0n, to: await client.getBlockNumber() });
  const history = historyOf(events);
  return { events, history, head: bytesToHex(chainValues(history.links).at(-1) as Uint8Array) as Hex };
}
