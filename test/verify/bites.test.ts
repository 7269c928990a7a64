import { concatHex, erc20Abi, pad, slice, stringToHex, type Address, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  iPayoutRuleAbi,
  iProjectRegistryAbi,
  quadraticPayoutAbi,
} from "../../src/chain/generated/abis.ts";
import { RESULT } from "../../src/params.ts";
import { releaseProver } from "../../src/proofs/prove.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { decodeResult, encodeResult } from "../../src/transcript/results.ts";
import { UNACCEPTABLE } from "../helpers/points.ts";
import { roundFixture, type Setup } from "../contracts/support/round.ts";
import {
  atTime,
  claim,
  claimsAt,
  contribute,
  finalize,
  funded,
  makeKey,
  makeMessage,
  RESULTS,
} from "../contracts/support/steps.ts";
import type { ViewLie } from "../helpers/lying_node.ts";
import {
  listLies,
  readTruth,
  verifiedBy,
  type Slips,
  type Told,
  type Truth,
} from "./support/told_round.ts";

/*
 * For each comparison that `verify` makes, a lie that only this one can see: the node tells another round, with hashes, challenges and
 * proofs (by the development keys' trapdoor) that all fit, but for one slip. Exactly the check with its id fails, with these words.
 */

/** Coincidences that would take 2^64 trials and more to find, and so stand in for themselves. */
const found = vi.hoisted(() => ({
  product: false,
  den: false,
  tag: undefined as string | undefined,
}));
vi.mock("../../src/transcript/fingerprint.ts", async (load) => {
  const real = await load<typeof import("../../src/transcript/fingerprint.ts")>();
  return {
    ...real,
    grandProduct: (...args: Parameters<typeof real.grandProduct>) =>
      found.product ? 0n : real.grandProduct(...args),
  };
});
vi.mock("../../src/transcript/results.ts", async (load) => {
  const real = await load<typeof import("../../src/transcript/results.ts")>();
  return {
    ...real,
    resultsFraction: (...args: Parameters<typeof real.resultsFraction>) =>
      found.den ? { num: 0n, den: 0n } : real.resultsFraction(...args),
  };
});
vi.mock("../../src/protocol/context.ts", async (load) => {
  const real = await load<typeof import("../../src/protocol/context.ts")>();
  return {
    ...real,
    deriveTag: (...args: Parameters<typeof real.deriveTag>) =>
      args[0] === found.tag ? 0n : real.deriveTag(...args),
  };
});

const FEE = 10_000n;
/** Odd, so that one unit is left when matches are rounded. */
const ODD_POOL = 1_000_003n;
const KINDS = ["money", "shared", "sharing", "coarse", "ownPool", "foreignRule", "signs"] as const;
type Kind = (typeof KINDS)[number];
const rounds = {} as Record<Kind, Truth>;

const finished: Record<Kind, () => Promise<Setup>> = {
  async money() {
    const setup = await roundFixture({ settings: { coordinatorFee: FEE } })();
    await setup.round.write.publish([makeMessage(1)]);
    await funded(setup, 60_000n, 40_000n);
    await setup.round.write.topUp(
      [deriveTag(setup.bob.account.address as Address, makeKey(2)), 5n * setup.settings.unit, "0x"],
      { account: setup.bob.account },
    );
    await finalize(setup, RESULTS);
    await claim(setup, RESULTS, 0);
    return setup;
  },
  shared: () => sharedRound([0, 1, 2]),
  sharing: () => sharedRound([0, 1]),
  /** A pool too small to share by. */
  coarse: () => sharedRound([0, 1], 1_000n),
  /** A pool in its own token, beside contributions that cost nothing. */
  async ownPool() {
    const setup = await roundFixture({ token: "none", pool: true, payout: { paySurplus: true } })();
    await funded(setup, ODD_POOL, 0n);
    await finalize(setup, RESULTS);
    for (const place of RESULTS.keys()) await claim(setup, RESULTS, place);
    return setup;
  },
  async foreignRule() {
    const setup = await roundFixture({ payout: "HostilePayout" })();
    const rule = await setup.viem.getContractAt("HostilePayout", setup.payout.address);
    await rule.write.answer([1_000n, 7n]);
    await funded(setup, 1_000n, 0n);
    await finalize(setup, RESULTS);
    return setup;
  },
  async signs() {
    const setup = await roundFixture({ token: "none", settings: { allowSigns: true, unit: 1n } })();
    await atTime(setup, setup.start);
    await contribute(setup, setup.alice, 1, 60n);
    await finalize(setup, RESULTS);
    return setup;
  },
};

/** Leftovers are shared, and these have claimed, in one call that skips the first when it comes once more. */
async function sharedRound(places: readonly number[], pool = ODD_POOL): Promise<Setup> {
  const setup = await roundFixture({
    payout: { paySurplus: true },
    settings: { shareLeftovers: true },
  })();
  await funded(setup, pool, 0n);
  await finalize(setup, RESULTS);
  const claims = claimsAt(RESULTS, [...places, places[0] as number]);
  await setup.round.write.claimBatch([claims], { gas: 12_000_000n });
  return setup;
}

beforeAll(async () => {
  for (const kind of KINDS) rounds[kind] = await readTruth(await finished[kind]());
}, 120_000);
afterAll(releaseProver);

const replaced = <T>(list: readonly T[], place: number, change: (one: T) => T): T[] =>
  list.map((one, i) => (i === place ? change(one) : one));
const contribution = ({ links }: Told) => links.findIndex(({ kind }) => kind === "contribution");
const stranger = "0x000000000000000000000000000000000000dEaD" as Address;

/** What the contract says of its chain, whatever the events are. */
let head: Hex;
const keepsHead = () => ({ views: { chainHead: head } });

/** A lie changes what the round is made of, or slips. */
type Lie = {
  readonly of?: Kind;
  readonly id: string;
  readonly says: RegExp;
  readonly parts?: (told: Told) => Partial<Told>;
  readonly slips?: (told: Told) => Slips;
  readonly coincidence?: Partial<typeof found>;
};

const sybil = {
  kind: "contribution" as const,
  key: makeKey(9),
  tag: deriveTag(stranger, makeKey(9)),
  credits: 3n,
  payer: stranger,
};
const settlement =
  (change: (old: Told["settlement"]) => Partial<Told["settlement"]>) => (told: Told) => ({
    settlement: { ...told.settlement, ...change(told.settlement) } as Told["settlement"],
  });
type Paid = {
  readonly project: bigint;
  readonly given: bigint;
  readonly shared: bigint;
  readonly matched: bigint;
};
const claimed =
  (change: (args: Paid) => Partial<Paid>, place = 0) =>
  ({ claims }: Told) => ({
    claims: replaced(claims, place, ({ eventName, args }) => ({
      eventName,
      args: { ...(args as object), ...change(args as never) },
    })),
  });

const LIES: Record<string, Lie> = {
  "a contribution that never was": {
    id: "LINK-1",
    says: /chain head/,
    parts: (told) => ({ links: [...told.links, sybil] }),
    slips: keepsHead,
  },
  "a message left out": {
    id: "LINK-1",
    says: /chain head/,
    parts: ({ links }) => ({ links: links.filter(({ kind }) => kind !== "message") }),
    slips: keepsHead,
  },
  "two items in another order": {
    id: "LINK-1",
    says: /chain head/,
    parts: ({ links }) => ({ links: [links[1]!, links[0]!, ...links.slice(2)] }),
    slips: keepsHead,
  },
  "an item more in the count": {
    id: "LINK-1",
    says: /number of items/,
    slips: ({ links }) => ({
      views: { items: links.filter(({ kind }) => kind !== "topUp").length + 1 },
    }),
  },
  "a link more in the count": {
    id: "LINK-1",
    says: /number of links/,
    slips: ({ links }) => ({ views: { links: links.length + 1 } }),
  },

  "another payer": { id: "KEY-7", says: /tag is/, slips: () => ({ payer: () => stranger }) },
  "one contribution twice": {
    id: "KEY-7",
    says: /used twice/,
    parts: (told) => ({ links: [...told.links, told.links[contribution(told)]!] }),
  },
  "a key that is no point": {
    id: "KEY-7",
    says: /not acceptable/,
    parts: (told) => ({
      links: [
        ...told.links,
        ...UNACCEPTABLE.slice(0, 1).map(({ point }) => ({
          ...sybil,
          key: point,
          tag: deriveTag(stranger, point),
        })),
      ],
    }),
  },
  "a tag of 0": {
    id: "KEY-7",
    says: /is 0/,
    parts: (told) => ({ links: [...told.links, { ...sybil, tag: 0n }] }),
    coincidence: { tag: stranger },
  },

  "another number of projects at the commit": {
    id: "TALLY-1",
    says: /number of projects/,
    slips: ({ projects }) => ({ committed: { projects: BigInt(projects) + 1n } }),
  },
  "challenges of the coordinator's choice": {
    id: "TALLY-1",
    says: /committed base/,
    slips: () => ({ committed: { base: 12_345n } }),
  },

  "a message whose point is none": {
    id: "MSG-1",
    says: /unacceptable point/,
    parts: ({ links }) => ({
      links: links.map((link) =>
        link.kind === "message" ? { ...link, words: [7n, 7n, ...link.words.slice(2)] } : link,
      ),
    }),
  },
  "a message with a value beyond the field": {
    id: "MSG-1",
    says: /out of range/,
    parts: ({ links }) => ({
      links: links.map((link) =>
        link.kind === "message"
          ? { ...link, words: [...link.words.slice(0, 10), (1n << 256n) - 1n] }
          : link,
      ),
    }),
  },

  "no fold": { id: "FOLD-1", says: /no fold/, parts: () => ({ folds: [] }) },
  "a first fold from elsewhere": {
    id: "FOLD-1",
    says: /fold 1's state before/,
    parts: () => ({ folds: [[5n, 99n]] }),
  },
  "a second fold from elsewhere": {
    id: "FOLD-1",
    says: /fold 2's state before/,
    parts: () => ({
      folds: [
        [0n, 99n],
        [98n, 100n],
      ],
    }),
  },
  "a fold to genesis": {
    id: "FOLD-1",
    says: /state after is 0/,
    parts: () => ({ folds: [[0n, 0n]] }),
  },
  "a fold's proof of another state before": {
    id: "FOLD-1",
    says: /proof of fold 1/,
    slips: () => ({ foldSignals: ([before, after]) => [(before as bigint) + 1n, after as bigint] }),
  },
  "a fold's proof of another state after": {
    id: "FOLD-1",
    says: /proof of fold 1/,
    slips: () => ({ foldSignals: ([before, after]) => [before as bigint, (after as bigint) + 1n] }),
  },

  "another list than the one committed to": {
    id: "TALLY-8",
    says: /result hash/,
    slips: () => ({ committed: { resultsHash: 77n } }),
  },
  "payments by the root of another list": {
    id: "TALLY-8",
    says: /root of the results/,
    slips: () => ({ views: { resultsRoot: pad("0x77", { size: 32 }) } }),
  },
  "two results in another order": {
    id: "TALLY-8",
    says: /out of order/,
    parts: ({ entries }) => ({ entries: [entries[1]!, entries[0]!, ...entries.slice(2)] }),
  },
  "a result for a project that does not exist": {
    id: "TALLY-8",
    says: /does not exist/,
    parts: ({ entries, projects }) => ({
      entries: [...entries, encodeResult({ project: projects, votes: 1n, credits: 1n })],
    }),
  },
  "a result without credits": {
    id: "TALLY-8",
    says: /out of range/,
    parts: ({ entries }) => ({ entries: [...entries, 3n] }),
  },
  "votes against where there are none": {
    id: "TALLY-8",
    says: /sign/,
    parts: ({ entries }) => ({
      entries: replaced(entries, 2, (entry) =>
        encodeResult({ ...decodeResult(entry), votes: -3n }),
      ),
      eligible: 3n,
      ...settlement(() => ({ claimsLeft: 1 }))(rounds.money.told),
    }),
  },
  "votes against, but none": {
    of: "signs",
    id: "TALLY-8",
    says: /sign/,
    parts: ({ entries }) => ({
      entries: [
        ...entries,
        3n | (1n << BigInt(RESULT.signShift)) | (1n << BigInt(RESULT.creditsShift)),
      ],
    }),
  },

  "a product of 0": { id: "CLOSE-4", says: /degenerate/, coincidence: { product: true } },
  "a denominator of 0": { id: "CLOSE-4", says: /degenerate/, coincidence: { den: true } },
  "a proof of another sum": {
    id: "CLOSE-4",
    says: /add up/,
    slips: () => ({ acc: (acc) => acc + 1n }),
  },
  ...Object.fromEntries(
    Array.from({ length: 13 }, (_, i): [string, Lie] => [
      `a closing proof of another signal ${i}`,
      {
        id: "CLOSE-4",
        says: /closing proof/,
        slips: () => ({ signals: (signals) => replaced(signals, i, (x) => x + 1n) }),
      },
    ]),
  ),

  "more credits spent than bought": {
    id: "MONEY-8",
    says: /only 55 were bought/,
    parts: ({ entries }) => ({
      entries: [...entries, encodeResult({ project: 3, votes: 10n, credits: 100n })],
      eligible: 7n,
    }),
  },
  "more credits spent than bought, without money": {
    of: "signs",
    id: "MONEY-8",
    says: /only 60 were bought/,
    parts: ({ entries }) => ({
      entries: [...entries, encodeResult({ project: 3, votes: 10n, credits: 100n })],
    }),
  },
  "a sponsor's money left out": {
    id: "MONEY-8",
    says: /the pool is/,
    parts: ({ funded: all }) => ({ funded: all.slice(1) }),
  },
  "another fee": {
    id: "MONEY-8",
    says: /the fee is/,
    parts: settlement(({ fee, available }) => ({ fee: fee - 1n, available: available + 1n })),
  },
  "another pool after the fee": {
    id: "MONEY-8",
    says: /available for matching/,
    parts: settlement(({ available }) => ({ available: available + 1n })),
  },
  "another budget": {
    id: "MONEY-8",
    says: /the budget is/,
    parts: settlement(({ budget, budgetLeft }) => ({
      budget: budget + 1n,
      budgetLeft: budgetLeft + 1n,
    })),
  },
  "a foreign rule's budget above the pool": {
    of: "foreignRule",
    id: "MONEY-8",
    says: /budget exceeds the pool/,
    parts: settlement(({ available }) => ({ budget: available + 1n, budgetLeft: available + 1n })),
  },
  "a foreign rule's matches above the budget": {
    of: "foreignRule",
    id: "MONEY-8",
    says: /exceed the budget/,
    slips: ({ config }) => ({
      more: [
        {
          address: config.payoutRule,
          abi: iPayoutRuleAbi,
          functionName: "matchOf",
          result: 1_000n,
        },
      ],
    }),
  },
  "a payment to a project without votes": {
    id: "MONEY-8",
    says: /without being in the result/,
    parts: ({ claims }) => ({
      claims: [
        ...claims,
        { eventName: "Claimed", args: { ...(claims[0]?.args as object), project: 3n } },
      ],
    }),
  },
  "another match paid": {
    id: "MONEY-8",
    says: /match paid/,
    parts: (told) => ({
      ...claimed(({ matched }) => ({ matched: matched + 1n }))(told),
      ...settlement(({ budgetLeft }) => ({ budgetLeft: budgetLeft - 1n }))(told),
    }),
  },
  "another gift": {
    id: "MONEY-8",
    says: /was given/,
    parts: claimed(({ given }) => ({ given: given + 1n })),
  },
  "another share of the leftovers": {
    of: "sharing",
    id: "MONEY-8",
    says: /project 1's share/,
    parts: claimed(({ shared }) => ({ shared: shared + 1n }), 1),
  },
  "a share where nothing is shared": {
    id: "MONEY-8",
    says: /project 0's share/,
    parts: claimed(() => ({ shared: 1n })),
  },
  "leftovers that are not shared": {
    id: "MONEY-8",
    says: /what is shared/,
    parts: settlement(() => ({ leftovers: 1n })),
  },
  "other leftovers": {
    of: "sharing",
    id: "MONEY-8",
    says: /what is shared/,
    parts: settlement(({ leftovers }) => ({ leftovers: (leftovers as bigint) + 1n })),
  },
  "what rounding left, before the last claim": {
    of: "sharing",
    id: "MONEY-8",
    says: /match paid to project 1/,
    parts: (told) => ({
      ...claimed(
        ({ matched, shared }) => ({ matched: matched + 1n, shared: shared + 1n }),
        1,
      )(told),
      ...settlement(() => ({ budgetLeft: 0n }))(told),
    }),
  },
  "a last claim without what rounding left": {
    of: "shared",
    id: "MONEY-8",
    says: /match paid to project 2/,
    parts: claimed(({ matched, shared }) => ({ matched: matched - 1n, shared: shared - 1n }), 2),
  },
  "another project eligible than stands on the list": {
    id: "MONEY-8",
    says: /whether project 2 is eligible is true, but false follows/,
    slips: ({ config }) => ({
      more: [
        {
          address: config.registry,
          abi: iProjectRegistryAbi,
          functionName: "eligibility",
          result: 3n,
        },
      ],
    }),
  },
  "a hint for a rule that takes none": {
    id: "MONEY-8",
    says: /hint/,
    parts: () => ({ hint: "0x01" }),
  },
  "totals of no ballots": {
    id: "MONEY-8",
    says: /project 2/i,
    parts: ({ entries }) => ({
      entries: replaced(entries, 2, (entry) => encodeResult({ ...decodeResult(entry), votes: 2n })),
    }),
  },
  "a foreign rule that is none of the kind that it names": {
    of: "foreignRule",
    id: "MONEY-8",
    says: /payout rule's match for project 0 is 7, but 571/,
    slips: ({ config }) => ({ more: saysQuadratic(config.payoutRule) }),
  },
  "a project more to be paid": {
    id: "MONEY-8",
    says: /still to be paid/,
    parts: settlement(({ claimsLeft }) => ({ claimsLeft: (claimsLeft as number) + 1 })),
  },
  "a project paid twice": {
    id: "MONEY-8",
    says: /number of projects paid/,
    parts: ({ claims }) => ({ claims: [...claims, ...claims] }),
  },
  "a budget that is gone": {
    id: "MONEY-8",
    says: /left of the budget/,
    parts: settlement(({ budgetLeft }) => ({ budgetLeft: budgetLeft - 1n })),
  },
  "a unit less than is due": {
    id: "MONEY-8",
    says: /still due/,
    parts: (told) => ({ balance: computeDue(told) - 1n }),
  },
  "a unit less than is due, leftovers included": {
    of: "sharing",
    id: "MONEY-8",
    says: /still due/,
    parts: (told) => ({ balance: computeDue(told) - 1n }),
  },
  "a unit less than is due of the pool's token": {
    of: "ownPool",
    id: "MONEY-8",
    says: /holds 0 of .* but 1 is still due/,
    slips: ({ config }) => ({
      more: [{ address: config.poolToken, abi: erc20Abi, functionName: "balanceOf", result: 0n }],
    }),
  },
};

/** What the settlement leaves, the contributions of projects that have not claimed, and what they have not taken of shared leftovers. */
function computeDue({
  settlement: { budgetLeft, surplusLeft, remainder, poolRemainder, leftovers },
  claims,
  config,
}: Told): bigint {
  const paid = claims.map(({ args }) => args as Paid);
  const unpaid = RESULTS.slice(paid.length).reduce((sum, { credits }) => sum + credits, 0n);
  const unshared = (leftovers as bigint) - paid.reduce((sum, { shared }) => sum + shared, 0n);
  return (
    budgetLeft +
    (surplusLeft as bigint) +
    (remainder as bigint) +
    (poolRemainder as bigint) +
    config.unit * unpaid +
    unshared
  );
}

/** A rule that claims to be quadratic matching which pays the whole pool. */
const saysQuadratic = (address: Address): ViewLie[] => [
  {
    address,
    abi: quadraticPayoutAbi,
    functionName: "id",
    result: pad(stringToHex("quadratic"), { dir: "right", size: 32 }),
  },
  { address, abi: quadraticPayoutAbi, functionName: "paySurplus", result: true },
];

describe("each comparison of verify sees a lie that no other sees (P6)", () => {
  beforeAll(async () => {
    head = await rounds.money.setup.round.read.chainHead();
  });

  const failing = async (
    truth: Truth,
    { parts, slips, coincidence }: Pick<Lie, "parts" | "slips" | "coincidence">,
  ) => {
    Object.assign(found, { product: false, den: false, tag: undefined }, coincidence);
    try {
      const lies = await listLies(
        truth,
        { ...truth.told, ...parts?.(truth.told) },
        slips?.(truth.told) ?? {},
      );
      const { ok, checks } = await verifiedBy(truth.provider, truth.setup.round.address, lies);
      const failed = checks.filter((check) => !check.ok);
      expect(ok).toBe(failed.length === 0);
      expect(failed.every(({ values }) => Object.keys(values).length === 0)).toBe(true);
      return failed.map(({ values: _, ...check }) => check);
    } finally {
      Object.assign(found, { product: false, den: false, tag: undefined });
    }
  };

  test.each(KINDS)("a round that is told as it is: %s", async (kind) => {
    expect(await failing(rounds[kind], {})).toEqual([]);
    const { checks } = await verifiedBy(
      rounds[kind].provider,
      rounds[kind].setup.round.address,
      {},
    );
    expect(checks.map(({ id, ok }) => `${id} ${ok}`)).toEqual(
      [
        "PROV-2",
        "LINK-1",
        "KEY-7",
        "TALLY-1",
        "MSG-1",
        "FOLD-1",
        "TALLY-8",
        "CLOSE-4",
        "MONEY-8",
        ...(kind === "signs" ? ["VOTE-4"] : []),
      ].map((id) => `${id} true`),
    );
  });

  test.each(Object.entries(LIES))("%s", async (_name, { of = "money", id, says, ...lie }) => {
    expect(await failing(rounds[of], lie)).toEqual([
      {
        id,
        ok: false,
        title: expect.any(String) as string,
        detail: expect.stringMatching(says) as string,
      },
    ]);
  });

  test("an entry beyond its bits is out of range, and more than anybody bought", async () => {
    const failed = await failing(rounds.signs, {
      parts: ({ entries }) => ({
        entries: [
          ...entries,
          (1n << BigInt(RESULT.bits)) | encodeResult({ project: 3, votes: 1n, credits: 1n }),
        ],
      }),
    });
    expect(failed.map(({ id, detail }) => [id, detail])).toEqual([
      ["TALLY-8", expect.stringContaining("out of range")],
      ["MONEY-8", expect.stringContaining("were bought")],
    ]);
  });

  test("MONEY-11 a foreign rule that lacks the views of its kind, or answers for no project, is taken as it is", async () => {
    const { provider, setup, told } = rounds.foreignRule;
    const [id] = saysQuadratic(told.config.payoutRule) as [ViewLie];
    expect(await verifiedBy(provider, setup.round.address, { views: [id] })).toMatchObject({
      ok: true,
    });
    const rule = await setup.viem.getContractAt("HostilePayout", setup.payout.address);
    await rule.write.refuse([false, true]);
    expect(await verifiedBy(provider, setup.round.address, {})).toMatchObject({ ok: true });
    await rule.write.refuse([false, false]);
  });

  test("TALLY-12 another number of folds is told, and is no fault", async () => {
    const truth = rounds.money;
    const findDetail = async (parts: Partial<Told>) => {
      const { ok, checks } = await verifiedBy(
        truth.provider,
        truth.setup.round.address,
        await listLies(truth, { ...truth.told, ...parts }, {}),
      );
      expect(ok).toBe(true);
      return checks.find(({ id }) => id === "FOLD-1")?.detail;
    };
    expect(await findDetail({})).not.toContain("TALLY-12");
    expect(
      await findDetail({
        folds: [
          [0n, 99n],
          [99n, 100n],
        ],
      }),
    ).toContain("TALLY-12 makes 1,");
  });

  test.each<[string, RegExp, (code: Hex) => Hex]>([
    ["no code", /no contract/, () => "0x"],
    ["another contract's code", /not that of a round/, (code) => slice(code, 0, 45)],
    [
      "code that names another factory",
      /another factory/,
      (code) => concatHex([slice(code, 0, -64), pad(stranger, { size: 32 }), slice(code, -32)]),
    ],
    [
      "another coordinator's key in it",
      /somebody else/,
      (code) =>
        concatHex([
          slice(code, 0, 45 + 2 * 32),
          pad("0x07", { size: 32 }),
          slice(code, 45 + 3 * 32),
        ]),
    ],
  ])("PROV-2 %s", async (_name, says, change) => {
    const { provider, setup, told } = rounds.money;
    const code = (await setup.publicClient.getCode({ address: setup.round.address })) as Hex;
    const { ok, checks, results } = await verifiedBy(provider, setup.round.address, {
      ...(await listLies(rounds.money, told, {})),
      code: { [setup.round.address]: change(code) },
    });
    expect({ ok, results, checks }).toEqual({
      ok: false,
      results: [],
      checks: [
        {
          id: "PROV-2",
          ok: false,
          title: expect.any(String) as string,
          detail: expect.stringMatching(says) as string,
          // What the page has words of its own for.
          values: { reason: expect.stringMatching(/^(absent|code|factory|address)$/) as string },
        },
      ],
    });
  });

  test("PROV-3 PROV-4 PROV-5 parts that are told falsely count as foreign, and as not checked", async () => {
    const { provider, setup, told } = rounds.money;
    const honest = await verifiedBy(provider, setup.round.address, {});
    expect(honest.notChecked.join("\n")).not.toMatch(/its code may change/);
    // REG-4: who could change the list of projects.
    expect(honest.editors?.ever).toHaveLength(1);
    expect(honest.notChecked.join("\n")).toContain(`${honest.editors?.owner} (owner)`);
    const { registry } = told.config;
    const lied = await verifiedBy(provider, setup.round.address, {
      views: [
        { address: registry, abi: [FIRST_OWNER], functionName: "firstOwner", result: stranger },
      ],
    });
    expect(lied).toMatchObject({ ok: true, parts: { registry: { kind: "foreign" } } });
    expect(lied.notChecked.join("\n")).toContain(
      `the registry ${registry}: this version's factory did not make it`,
    );
    const renamed = await verifiedBy(provider, setup.round.address, {
      views: saysQuadratic(told.config.payoutRule),
    });
    expect(renamed).toMatchObject({
      ok: true,
      parts: { payoutRule: { kind: "known", id: "quadratic", args: [false] } },
    });
    const foreign = await verifiedBy(
      rounds.foreignRule.provider,
      rounds.foreignRule.setup.round.address,
      {},
    );
    expect(foreign).toMatchObject({ ok: true, parts: { payoutRule: { kind: "foreign" } } });
    expect(foreign.notChecked.join("\n")).toContain("its answers were taken as they are");
  });
});

const FIRST_OWNER = {
  type: "function",
  name: "firstOwner",
  stateMutability: "view",
  inputs: [],
  outputs: [{ type: "address" }],
} as const;

test("MONEY-8 a project that is paid while the round is verified makes no honest round wrong", async () => {
  const setup = await finished.money();
  const { provider } = await readTruth(setup);
  const { checks } = await verifiedBy(provider, setup.round.address, {}, () =>
    claim(setup, RESULTS, 1),
  );
  expect(checks.find(({ id }) => id === "MONEY-8")).toMatchObject({ ok: true });
});
