import { expect, test } from "vitest";
import { zeroAddress } from "viem";
import { leafOf, pathOf } from "../contracts/support/reference.ts";
import { outcomeOf as revertOf } from "../contracts/support/reverts.ts";
import { roundFixture, TIMES, type Options, type Setup } from "../contracts/support/round.ts";
import { seeded } from "../helpers/seeded.ts";
import { depth, FUZZ_TIMEOUT_MS, fuzzSeed } from "../assurance/depth.ts";
import { ENDINGS, newLedger, readBack, step, type Ledger } from "./model.ts";

const SETTINGS: readonly (readonly [string, Options])[] = [
  ["surplus returned", { settings: { coordinatorFee: 700n, messageFee: 5n } }],
  ["pool paid in full, unit 1", { payout: { paySurplus: true }, settings: { unit: 10n, messageFee: 5n } }],
  ["a guardian and a latest deadline", { settings: { coordinatorFee: 700n, messageFee: 5n, disputeWindow: 40, tallyMost: TIMES.tallyBase + 30 } }],
  ["a hostile payout rule", { payout: "HostilePayout", settings: { coordinatorFee: 1n << 90n } }],
];
const STEPS = 60;
/** Kinds of calls that have succeeded at least once, in any run. */
const succeeded = new Set<string>();
/** Statuses of rounds that were emptied. */
const drained = new Set<number>();

const sum = (map: ReadonlyMap<string, bigint>) => [...map.values()].reduce((total, x) => total + x, 0n);

/** Values that an earlier moment fixes for a later one. */
type Before = { readonly status: number; readonly time: bigint; readonly deadline: bigint; readonly paymentsFrom: bigint; readonly frozen: string; readonly credits: ReadonlyMap<bigint, bigint> };

async function look({ round, helpers }: Setup, { tags }: Ledger): Promise<Before> {
  const [status, deadline, items, links, credits, pool, head, paymentsFrom] = await Promise.all([
    round.read.status(), round.read.tallyDeadline(), round.read.items(), round.read.links(), round.read.totalCredits(), round.read.pool(), round.read.chainHead(), round.read.paymentsFrom(),
  ]);
  const donors = await Promise.all(tags.map(async (tag) => [tag, (await round.read.donors([tag])).credits] as const));
  return { status, deadline, paymentsFrom, time: BigInt(await helpers.time.latest()), frozen: [items, links, credits, pool, head].join(), credits: new Map(donors) };
}

/** P1, P2, P4, P6, I1 to I4: compared with the moment before. */
async function checkPhases({ round, end, settings }: Setup, ledger: Ledger, before: Before, after: Before): Promise<void> {
  const transition = `${before.status}>${after.status}`;
  expect(["0>0", "0>1", "0>2", "0>3", "1>1", "1>2", "2>2", "3>3"]).toContain(transition);
  if (transition === "0>1") expect(after.time >= end && after.time < after.deadline).toBe(true);
  if (transition === "0>2") expect(after.time >= after.deadline).toBe(true);
  if (transition === "0>3") expect(after.time < end).toBe(true);
  if (transition === "1>2") expect(after.time < before.paymentsFrom).toBe(true);
  if (transition === "0>1") expect(after.paymentsFrom).toBe(after.time + BigInt(settings.disputeWindow));
  if (transition === "1>1") expect(after.paymentsFrom).toBe(before.paymentsFrom);
  if (settings.tallyMost !== 0) expect(after.deadline <= end + BigInt(settings.tallyMost)).toBe(true);
  if (before.time >= end || before.status !== 0) expect(after.frozen).toBe(before.frozen);
  expect(after.deadline >= before.deadline).toBe(true);
  for (const [tag, credits] of before.credits) expect((after.credits.get(tag) as bigint) >= credits).toBe(true);
  const [items, links, contributions, total] = await Promise.all([round.read.items(), round.read.links(), round.read.contributions(), round.read.totalCredits()]);
  expect(links >= items && items >= contributions).toBe(true);
  expect(contributions).toBe(ledger.tags.length);
  expect([...after.credits.values()].reduce((all, credits) => all + credits, 0n)).toBe(total);
  expect(ledger.tags.every((tag) => tag !== 0n)).toBe(true);
}

/** "donate past the round" moves 3 units, and nothing else moves so few in. */
async function donatedTo({ token, round }: Setup): Promise<bigint> {
  const transfers = await token.getEvents.Transfer({ to: round.address }, { fromBlock: 0n });
  return 3n * BigInt(transfers.filter(({ args }) => args.value === 3n && args.from?.toLowerCase() !== zeroAddress).length);
}

/** M1, M3, M8, I2: the balance against everything paid in and out, as the events tell. */
async function checkMoney(setup: Setup, ledger: Ledger): Promise<void> {
  const { round, token, publicClient } = setup;
  const { events, head } = await readBack(setup);
  expect(await round.read.chainHead()).toBe(head);
  let out = 0n;
  const once = new Set<string>();
  for (const event of events) {
    const named = (event.args ?? {}) as { project?: bigint; tag?: bigint; sponsor?: string };
    const key = `${event.eventName} ${named.project ?? named.tag ?? named.sponsor ?? ""}`;
    if (event.eventName === "Claimed") out += event.args.payout;
    else if (event.eventName === "Refunded" || event.eventName === "SponsorRefunded" || event.eventName === "FeePaid") out += event.args.amount;
    else if (event.eventName === "RemainderPaid") {
      out += event.args.amount;
      continue; // may come in parts
    } else continue;
    expect(once.has(key), `${key} twice`).toBe(false);
    once.add(key);
  }
  const names = new Set(events.map(({ eventName }) => eventName));
  if (names.has("Disputed")) expect(["Claimed", "FeePaid", "RemainderPaid"].filter((name) => names.has(name as "Claimed"))).toEqual([]);
  const [balance, native, due] = await Promise.all([token.read.balanceOf([round.address]), publicClient.getBalance({ address: round.address }), round.read.messageFees()]);
  expect(balance).toBe(sum(ledger.paid) + sum(ledger.funded) + (await donatedTo(setup)) - out);
  expect(native).toBe(due);
}

/** M2, M4: once everything is asked for, by a stranger, nothing is left but what was donated past the round. */
async function drain(setup: Setup, { tags, funded, results }: Ledger): Promise<void> {
  const { round, token, stranger } = setup;
  const by = { account: stranger.account };
  if ((await round.read.status()) === 0) return;
  await setup.helpers.time.increaseTo(BigInt(await setup.helpers.time.latest()) + BigInt(setup.settings.disputeWindow) + 1n); // payments are open
  const paths = results.map(leafOf);
  const calls = [
    ...results.map(({ project, votes, credits }, i) => () => round.write.claim([BigInt(project), votes, credits, pathOf(paths, i)], by)),
    ...tags.map((tag) => () => round.write.refund([tag], by)),
    ...[...funded.keys()].map((sponsor) => () => round.write.refundSponsor([sponsor as `0x${string}`], by)),
    () => round.write.claimFee(by), () => round.write.claimMessageFees(by), () => round.write.claimRemainder(by),
  ];
  const reverts = new Set<string>();
  for (const call of calls) reverts.add((await revertOf(call())).split("(")[0] as string);
  const usual = ["success", "NothingToPay", "NotClaimable", "NotRefunding", "NotFinalized", "NotInResult"];
  expect([...reverts].filter((name) => !usual.includes(name))).toEqual([]);
  expect(await token.read.balanceOf([round.address])).toBe(await donatedTo(setup));
  drained.add(await round.read.status());
  if ((await round.read.status()) === 1) {
    const { budgetLeft, surplusLeft, remainder, claimsLeft } = await round.read.settlement();
    expect([budgetLeft, surplusLeft, remainder, claimsLeft]).toEqual([0n, 0n, 0n, 0]);
  }
}

test.each(SETTINGS)("M1 to M8, P1 to P6, I1 to I4 hold through random calls: %s (MONEY-8)", async (name, options) => {
  const load = roundFixture(options);
  const seed = fuzzSeed(`contracts, ${name}`);
  const runs = depth(5, Math.ceil(100_000 / STEPS / SETTINGS.length));
  const outcomes = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const setup = await load();
    const random = seeded(`${seed} ${run}`);
    const ledger = newLedger();
    if (options.payout === "HostilePayout") await (await setup.viem.getContractAt("HostilePayout", setup.payout.address)).write.answer([random.below(1n << 255n), random.below(1n << 255n)]);
    // Turning points of a round, a few seconds around each; steps are spread over them.
    const moments = [setup.start - 2n, setup.start, setup.end - 3n, setup.end, setup.end + 80n, setup.end + BigInt(TIMES.tallyBase) - 3n, setup.end + BigInt(TIMES.tallyBase) * 9n];
    const without = ENDINGS[run % ENDINGS.length] as readonly string[];
    const until = without.includes("close") ? 7 : random.pick([4, 5, 6]);
    let before = await look(setup, ledger);
    for (let i = 0; i < STEPS; i++) {
      const moment = moments[Math.min(until - 1, Math.floor((i * until) / STEPS))] as bigint;
      const now = BigInt(await setup.helpers.time.latest());
      if (moment > now) await setup.helpers.time.increaseTo(moment);
      const { name: action, outcome } = await step(setup, ledger, random, without);
      const key = `${action}: ${outcome.split("(")[0]?.slice(0, 40)}`;
      outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
      const after = await look(setup, ledger);
      await checkPhases(setup, ledger, before, after);
      await checkMoney(setup, ledger);
      before = after;
    }
    await drain(setup, ledger);
    await checkMoney(setup, ledger);
  }
  if (process.env["TACIT_FUZZ"] === "deep") console.log([...outcomes].sort().map(([key, count]) => `${count} ${key}`).join("\n"));
  for (const key of outcomes.keys()) if (key.endsWith("success")) succeeded.add(key.split(":")[0] as string);
}, FUZZ_TIMEOUT_MS);

test("the random calls reach every part of a round's life", () => {
  expect([...succeeded]).toEqual(expect.arrayContaining(["contribute", "topUp", "fund", "publish", "commit", "replay", "addResults", "a whole tally", "claim", "cancel", "abort", "dispute"]));
  expect([...drained].sort()).toEqual([1, 2, 3]); // finalized, aborted, cancelled: each emptied to the last unit
});
