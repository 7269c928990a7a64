import { expect, test } from "vitest";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { roundFixture, TIMES, type Options, type Setup } from "../contracts/support/round.ts";
import { atTime } from "../contracts/support/steps.ts";
import { seeded } from "../helpers/seeded.ts";
import { depth, FUZZ_TIMEOUT_MS, fuzzSeed } from "../assurance/depth.ts";
import { CALLS, PAYMENTS, type Call } from "./calls.ts";
import { drawPlan, make, next, type Ending, type Successes } from "./guide.ts";
import {
  hasMoney,
  look,
  newLedger,
  readBack,
  STATUS,
  sum,
  type Ledger,
  type View,
  type Moment,
} from "./model.ts";

const FEES = { coordinatorFee: 700n, messageFee: 5n };
const WINDOW = { disputeWindow: 40, tallyMost: TIMES.tallyBase + 30 };
const SETTINGS: readonly (readonly [string, Options])[] = [
  ["surplus returned, a guardian", { settings: { ...FEES, ...WINDOW } }],
  [
    "pool paid in full, a small unit, a guardian",
    { payout: { paySurplus: true }, settings: { ...FEES, ...WINDOW, unit: 10n } },
  ],
  [
    "a hostile payout rule, a fee above the pool",
    { payout: "HostilePayout", settings: { ...FEES, ...WINDOW, coordinatorFee: 1n << 90n } },
  ],
  ["native coin, a guardian", { token: "TestWrappedNative", settings: { ...FEES, ...WINDOW } }],
  [
    "native coin, large folds, pool paid in full",
    { token: "TestWrappedNative", payout: { paySurplus: true }, settings: { ...FEES, size: 1 } },
  ],
  [
    "large folds, least amounts, a guardian, no message fee",
    { settings: { ...WINDOW, coordinatorFee: 700n, size: 1, minContribution: 3n, minTopUp: 2n } },
  ],
  [
    "leftovers shared, a guardian",
    { payout: { paySurplus: true }, settings: { ...FEES, ...WINDOW, shareLeftovers: true } },
  ],
  [
    "leftovers shared by a hostile payout rule",
    { payout: "HostilePayout", settings: { ...FEES, shareLeftovers: true, unit: 3n } },
  ],
  ["no money, a guardian", { token: "none", settings: { ...WINDOW, messageFee: 5n } }],
  [
    "no money, votes against, large folds",
    { token: "none", settings: { messageFee: 5n, unit: 1n, allowSigns: true, size: 1 } },
  ],
];
const CALLS_WANTED = depth(1_600, 100_000);
/** What each call must have succeeded, in all and in each setting that allows it: a fuzzer that hardly gets anywhere finds nothing. */
const FLOOR = { all: depth(10, 1_000), each: depth(1, 50) };

const everywhere: Successes = new Map();
const inSetting = new Map<string, Successes>();
/** Statuses of rounds that were emptied. */
const drained = new Set<number>();

/** Calls that can never succeed with these settings. */
function impossible({
  token,
  settings: { coordinatorFee = 0n, messageFee = 0n, disputeWindow = 0 } = {},
}: Options): string[] {
  return [
    ...(token === "none"
      ? ["fund", "claim", "claimBatch", "claimRemainder", "refund", "refundSponsor"]
      : []),
    ...(coordinatorFee === 0n ? ["claimFee"] : []),
    ...(messageFee === 0n ? ["claimMessageFees"] : []),
    ...(disputeWindow === 0 ? ["dispute"] : []),
  ];
}

/** L1, L2, L4, L6, I1 to I4: compared with the moment before. */
function checkPhases({ end, settings }: Setup, ledger: Ledger, before: View, after: View): void {
  const transition = `${before.status}>${after.status}`;
  expect(["0>0", "0>1", "0>2", "0>3", "1>1", "1>2", "2>2", "3>3"]).toContain(transition);
  if (transition === "0>1") expect(after.time >= end && after.time < after.deadline).toBe(true);
  if (transition === "0>2") expect(after.time >= after.deadline).toBe(true);
  if (transition === "0>3") expect(after.time < end).toBe(true);
  if (transition === "1>2") expect(after.time < before.paymentsFrom).toBe(true);
  if (transition === "0>1")
    expect(after.paymentsFrom).toBe(after.time + BigInt(settings.disputeWindow));
  if (transition === "1>1") expect(after.paymentsFrom).toBe(before.paymentsFrom);
  if (settings.tallyMost !== 0)
    expect(after.deadline <= end + BigInt(settings.tallyMost)).toBe(true);
  if (before.time >= end || before.status !== 0) expect(after.frozen).toBe(before.frozen);
  expect(after.deadline >= before.deadline).toBe(true);
  for (const [tag, credits] of before.credits)
    expect((after.credits.get(tag) as bigint) >= credits).toBe(true);
  expect(after.links >= after.items && after.items >= after.contributions).toBe(true);
  expect(after.contributions).toBe(ledger.payers.size);
  expect(sum(after.credits)).toBe(after.totalCredits);
  expect(ledger.payers.has(0n)).toBe(false);
}

/** M1, M3, M8, I2: the balance against everything paid in and out, as the events tell. */
async function checkMoney(setup: Setup, ledger: Ledger): Promise<void> {
  const { round, token, publicClient } = setup;
  const { events, head } = await readBack(setup);
  expect(await round.read.chainHead()).toBe(head);
  const [native, due] = await Promise.all([
    publicClient.getBalance({ address: round.address }),
    round.read.messageFees(),
  ]);
  expect(native).toBe(due);
  if (!hasMoney(setup)) return;
  let out = 0n;
  const once = new Set<string>();
  for (const event of events) {
    const named = (event.args ?? {}) as { project?: bigint; tag?: bigint; sponsor?: string };
    const key = `${event.eventName} ${named.project ?? named.tag ?? named.sponsor ?? ""}`;
    if (event.eventName === "Claimed")
      out += event.args.given + event.args.shared + event.args.matched;
    else if (
      event.eventName === "Refunded" ||
      event.eventName === "SponsorRefunded" ||
      event.eventName === "FeePaid"
    )
      out += event.args.amount;
    else if (event.eventName === "RemainderPaid") {
      out += event.args.amount + event.args.poolAmount;
      continue; // may come in parts
    } else continue;
    expect(once.has(key), `${key} twice`).toBe(false);
    once.add(key);
  }
  const names = new Set(events.map(({ eventName }) => eventName));
  if (names.has("Disputed"))
    expect(
      ["Claimed", "FeePaid", "RemainderPaid"].filter((name) => names.has(name as "Claimed")),
    ).toEqual([]);
  expect(await token.read.balanceOf([round.address])).toBe(
    sum(ledger.paid) + sum(ledger.funded) + ledger.gifts - out,
  );
}

/** M2, M4: once everything was asked for, by a stranger, nothing is left but what was donated past the round. */
async function checkEmpty(
  setup: Setup,
  { gifts }: Ledger,
  {
    status,
    settlement: { budgetLeft, surplusLeft, remainder, poolRemainder, claimsLeft },
    messageFees,
  }: View,
): Promise<void> {
  if (status === STATUS.live) return;
  drained.add(status);
  expect([remainder, poolRemainder, messageFees]).toEqual([0n, 0n, 0n]);
  if (!hasMoney(setup)) return;
  expect([budgetLeft, surplusLeft, claimsLeft]).toEqual([0n, 0n, 0]);
  expect(await setup.token.read.balanceOf([setup.round.address])).toBe(gifts);
}

/** Plays one round to its end and gives the number of calls. Of calls that were open and rightly made none may revert. */
async function play(
  moment: Omit<Moment, "view" | "now">,
  options: Options,
  here: Successes,
  outcomes: Map<string, number>,
  wanted: number,
): Promise<number> {
  const { setup, ledger, random } = moment;
  const endings: readonly Ending[] =
    options.settings?.disputeWindow === undefined
      ? ["close", "abort", "cancel"]
      : ["close", "abort", "cancel", "dispute"];
  const never = impossible(options);
  const opened = ["claim", "claimFee", "claimRemainder"].filter((name) => !never.includes(name));
  const plan = drawPlan(random, endings, opened, here, everywhere);
  let view = await look(setup, ledger);
  let now = random.index(2) === 0 ? view.time + 1n : setup.start - 2n;
  let again: Call | undefined;
  let wasOpen: readonly Call[] = [];
  for (let made = 0; made < wanted; ) {
    // At its edges: a call that was open before, or opens in a second, rightly made.
    const isOpen = (call: Call, time: bigint) => call.open({ ...moment, view, now: time });
    const shut = CALLS.filter(
      (call) => !isOpen(call, now) && (wasOpen.includes(call) || isOpen(call, now + 1n)),
    );
    wasOpen = CALLS.filter((call) => isOpen(call, now));
    const edge = shut.length > 0 && random.index(3) === 0 ? random.pick(shut) : undefined;
    const counts = random.index(2) === 0 ? here : everywhere;
    const step =
      again !== undefined
        ? { call: again, right: false }
        : edge !== undefined
          ? { call: edge, right: true }
          : next({ ...moment, view, now }, plan, counts);
    again = undefined;
    if (step === undefined) {
      await checkEmpty(setup, ledger, view);
      return made;
    }
    if ("until" in step) {
      now = step.until;
      continue;
    }
    const isGift = options.token === undefined && random.index(40) === 0;
    if (isGift) {
      await setup.token.write.transfer([setup.round.address, 3n], { account: setup.bob.account });
      ledger.gifts += 3n;
      const latest = BigInt(await setup.helpers.time.latest());
      if (latest >= now) now = latest + 1n;
    }
    await atTime(setup, now);
    const open = isOpen(step.call, now);
    const outcome = await make({ ...moment, view, now }, step.call, step.right);
    const { name } = step.call;
    if (step.right && open)
      expect(
        outcome,
        `${name}, rightly made while it is open (${setup.settings.size}, ${plan.ending})`,
      ).toBe("success");
    if (!open) expect(outcome, `${name} while it is not open`).not.toBe("success");
    const key = `${name}: ${outcome.split("(")[0]?.slice(0, 40)}`;
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1);
    made++;
    if (outcome !== "success") continue; // no block was mined, so nothing can have changed
    if (step.right && PAYMENTS.includes(name) && random.index(2) === 0) again = step.call;
    for (const successes of [here, everywhere]) successes.set(name, (successes.get(name) ?? 0) + 1);
    const after = await look(setup, ledger);
    checkPhases(setup, ledger, view, after);
    await checkMoney(setup, ledger);
    view = after;
    if (view.time >= now) now = view.time + 1n;
  }
  return wanted;
}

test.each(SETTINGS)(
  "M1 to M8, L1 to L6, I1 to I4 hold through random calls, and what may be called can be: %s (MONEY-8)",
  async (name, options) => {
    const load = roundFixture(options);
    const seed = fuzzSeed(`contracts, ${name}`);
    const here: Successes = new Map();
    inSetting.set(name, here);
    const outcomes = new Map<string, number>();
    for (let [run, left] = [0, Math.ceil(CALLS_WANTED / SETTINGS.length)]; left > 0; run++) {
      const setup = await load();
      const random = seeded(`${seed} ${run}`);
      if (options.payout === "HostilePayout")
        await (await setup.viem.getContractAt("HostilePayout", setup.payout.address)).write.answer([
          random.below(1n << 255n),
          random.below(1n << 255n),
        ]);
      left -= await play(
        { setup, ledger: newLedger(), random, isNative: options.token === "TestWrappedNative" },
        options,
        here,
        outcomes,
        left,
      );
    }
    if (process.env["TACIT_FUZZ"] === "deep")
      console.log(
        [...outcomes]
          .sort()
          .map(([key, count]) => `${count} ${key}`)
          .join("\n"),
      );
  },
  FUZZ_TIMEOUT_MS,
);

test("the model has every call of the round's interface, and each succeeded often, in every setting that allows it", () => {
  const writes = iRoundAbi
    .filter((entry) => entry.type === "function" && entry.stateMutability !== "view")
    .map((entry) => ("name" in entry ? entry.name : ""));
  expect(CALLS.map(({ name }) => name).sort()).toEqual(writes.sort());
  const rows = SETTINGS.map(([name, options]) => ({
    name,
    counts: inSetting.get(name) as Successes,
    never: impossible(options),
  }));
  console.log(
    [
      "successes in all and by setting",
      ...CALLS.map(
        ({ name }) =>
          `${name.padEnd(18)}${[everywhere, ...rows.map(({ counts }) => counts)].map((counts) => String(counts.get(name) ?? 0).padStart(7)).join("")}`,
      ),
    ].join("\n"),
  );
  const rare = CALLS.filter(({ name }) => (everywhere.get(name) ?? 0) < FLOOR.all).map(
    ({ name }) => name,
  );
  const missing = rows.flatMap(({ name: setting, counts, never }) =>
    CALLS.filter(({ name }) => !never.includes(name) && (counts.get(name) ?? 0) < FLOOR.each).map(
      ({ name }) => `${name}: ${setting}`,
    ),
  );
  expect({ rare, missing }).toEqual({ rare: [], missing: [] });
  expect([...drained].sort()).toEqual([1, 2, 3]); // finalized, aborted, cancelled: each emptied to the last unit
});
