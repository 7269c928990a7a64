import { bytesToHex, pad, toHex, type Hex } from "viem";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { Fp } from "../../src/crypto/field.ts";
import { foldsPerCall } from "../../src/coordinator/planning/replay_plan.ts";
import { foldSizeAt } from "../../src/proofs/artifacts.ts";
import { encodeKnownIdentity } from "../../src/gates/index.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { chainValues, concatBytes, encodeLink, type Link } from "../../src/protocol/link.ts";
import { openPayoutRule } from "../../src/payouts/index.ts";
import type { PayoutChoice } from "../../src/payouts/rule.ts";
import type { ProjectResult } from "../../src/round/semantics.ts";
import { encodeResult, resultsFraction, resultsHash } from "../../src/transcript/results.ts";
import { resultsTree } from "../../src/transcript/results_tree.ts";
import { simulator } from "../keys/simulate.ts";
import {
  CREDITS,
  createGasRound,
  PROJECTS,
  sampleMessage,
  UNIT,
  type GasRound,
  type Words,
} from "./gas_round.ts";
import type { Json, Snapshot } from "./snapshot.ts";

/**
 * Messages of one large fold. The round has three times as many, for a replay with a fold, one without, and one with as many
 * contributions; and as many more as folds go together in a call.
 */
const LARGE_ROWS = foldSizeAt(1).rows;
const TOGETHER = foldsPerCall(LARGE_ROWS);
const MESSAGES = (3 + TOGETHER) * LARGE_ROWS;
const SALT = 0x5a5a5a5a5a5an;
/** State commitments look like random words. */
const stateAt = (i: number) => multiplyBase(BigInt(i + 1)).x;
const D = multiplyBase(99n).y;

/** Votes and credits as large as those of a round whose unit is a tenth of a cent. */
const makeResults = (count: number): readonly ProjectResult[] =>
  Array.from({ length: count }, (_, project) => ({
    project,
    votes: 1_000_003n * BigInt(project + 1),
    credits: 1_000_000_007n + BigInt(project),
  }));
const RESULTS = makeResults(PROJECTS);

const CAPPED: PayoutChoice = { id: "capped", args: [500n, 10n ** 20n, 2n, 0n, true] };
/** As in a large real round: a ceiling of 5 % and a floor; the same among qualified projects; 20 prizes in six tiers. */
const RULES: readonly (readonly [name: string, choice: PayoutChoice, isQualified?: boolean])[] = [
  ["", { id: "quadratic", args: [false] }],
  ["Capped", CAPPED],
  ["CappedQualified", CAPPED, true],
  [
    "Tiers",
    {
      id: "tiers",
      args: [[1n, 1n, 3n, 5n, 5n, 5n], [9n, 7n, 5n, 4n, 3n, 2n].map((prize) => prize * 10n ** 22n)],
    },
  ],
];
const MANY = 1_000;

/** Each in the middle of a busy round, with real verifiers: slots that a first call would have filled are filled. */
async function measure(): Promise<Json> {
  const prepared = await createGasRound("large");
  const { links, gas } = await donors(prepared);
  return {
    ...gas,
    ...(await gated()),
    ...(await tally(prepared, links)),
    ...(await listed()),
    ...(await instalments(prepared)),
  };
}

/** A panel's reviews, and escrows for matches. */
async function instalments({ viem, first, second, measureGas, time }: GasRound) {
  const accounts = [first.account, second.account];
  const freezeTime = BigInt(await time.latest()) + 1_000n;
  const reviews = await viem.deployContract("Reviews", [
    accounts.map(({ address }) => address),
    2n,
    freezeTime,
    toHex(0, { size: 32 }),
  ]);
  const say = (account: (typeof accounts)[number], sroi: number) =>
    measureGas(
      reviews.write.review(
        [[{ project: 3n, sroiMilli: sroi, reportDigest: toHex(1, { size: 32 }) }]],
        { account },
      ),
    );
  const [review, reviewThatQualifies] = [
    await say(accounts[0] as (typeof accounts)[number], 1_500),
    await say(accounts[1] as (typeof accounts)[number], 1_200),
  ];
  const token = await viem.deployContract("TestToken");
  const factory = await viem.deployContract("InstalmentEscrowFactory");
  const terms = Array.from({ length: 50 }, (_, i) => ({
    payee: first.account.address,
    milestones: reviews.address,
    project: BigInt(i),
    firstBps: 4_000n,
    deadline: freezeTime,
    fallbackTo: second.account.address,
  }));
  const { result } = await factory.simulate.make([terms]);
  const made = await measureGas(factory.write.make([terms]));
  const escrow = await viem.getContractAt("InstalmentEscrow", result[3] as Hex);
  await token.write.mint([escrow.address, 1_000n]);
  await token.write.mint([first.account.address, 1n]);
  const releaseFirst = await measureGas(escrow.write.release([token.address]));
  await time.increaseTo(freezeTime);
  const releaseRest = await measureGas(escrow.write.release([token.address]));
  return {
    review,
    reviewThatQualifies,
    escrowMadePerProject: perOne(made, terms.length),
    releaseFirst,
    releaseRest,
  };
}

/** The whole list in one transaction, by payout rule; that of the quadratic rule at 134 projects is among the others. */
async function listed() {
  const gas: Record<string, number> = {};
  for (const count of [PROJECTS, MANY])
    for (const [name, rule, isQualified = false] of RULES) {
      if (name === "" && count === PROJECTS) continue;
      const { round, settings, sponsor, coordinator, measureGas, time } = await createGasRound(
        "large",
        "open",
        { count, rule, isQualified },
      );
      await round.write.fund([10n ** 24n], { account: sponsor.account });
      await time.increaseTo(settings.end);
      const { account } = coordinator;
      const results = makeResults(count);
      const entries = results.map(encodeResult);
      await round.write.commit([D, toHex(resultsHash(SALT, entries), { size: 32 })], { account });
      const hint = openPayoutRule(rule).hint({
        unit: UNIT,
        available: 10n ** 24n - settings.coordinatorFee,
        projects: results,
      });
      gas[`results${count}${name}`] = await measureGas(
        round.write.addResults([entries, hint], { account }),
      );
    }
  return gas;
}

/** The same donors through an allow-list gate of thousands. */
async function gated() {
  const { round, settings, first, second, measureGas, makeGateData, contribute, time } =
    await createGasRound("large", "allow-list");
  await time.increaseTo(settings.start);
  await contribute(first, multiplyBase(11n));
  const contributeAllowList = await measureGas(contribute(second, multiplyBase(12n)));
  const { address } = second.account;
  const topUp = async (data: Hex) =>
    measureGas(
      round.write.topUp([deriveTag(address, multiplyBase(12n)), 1_000_000n * UNIT, data], {
        account: second.account,
      }),
    );
  // By what the gate knows already; and with the evidence once more, as more credits than that would want it.
  const topUpAllowList = await topUp(encodeKnownIdentity(0, 0, pad(address, { size: 32 })));
  const topUpAllowListEvidence = await topUp(
    await makeGateData(address, { round: round.address, tag: 0n }),
  );
  return { contributeAllowList, topUpAllowList, topUpAllowListEvidence };
}

async function donors(gasRound: GasRound) {
  const { round, settings, sponsor, first, second, measureGas, time } = gasRound;
  await round.write.fund([10n ** 24n], { account: sponsor.account });
  await time.increaseTo(settings.start);
  const keys = [multiplyBase(11n), multiplyBase(12n)] as const;
  await gasRound.contribute(first, keys[0]);
  const contribute = await measureGas(gasRound.contribute(second, keys[1]));
  const tags = [
    deriveTag(first.account.address, keys[0]),
    deriveTag(second.account.address, keys[1]),
  ] as const;
  const topUp = await measureGas(
    round.write.topUp([tags[1], 1_000_000n * UNIT, "0x"], { account: second.account }),
  );
  const others = Array.from({ length: LARGE_ROWS }, (_, i) => multiplyBase(100n + BigInt(i)));
  for (const key of others) await gasRound.contribute(second, key);
  const messages = Array.from({ length: MESSAGES }, (_, i) => sampleMessage(i + 1));
  const publish = await measureGas(round.write.publish([messages[0] as Words]));
  const batch = await measureGas(round.write.publishBatch([messages.slice(1, 2 * LARGE_ROWS)]));
  for (let from = 2 * LARGE_ROWS; from < MESSAGES; from += 2 * LARGE_ROWS)
    await round.write.publishBatch([messages.slice(from, from + 2 * LARGE_ROWS)]);
  const contribution = (donor: typeof first, key: (typeof keys)[number]) =>
    ({
      kind: "contribution",
      tag: deriveTag(donor.account.address, key),
      key,
      credits: CREDITS,
    }) as const;
  const links: Link[] = [
    ...[first, second].map((donor, i) => contribution(donor, keys[i] as (typeof keys)[number])),
    { kind: "topUp", tag: tags[1], credits: CREDITS + 1_000_000n },
    ...others.map((key) => contribution(second, key)),
    ...messages.map((words) => ({ kind: "message", words }) as const),
  ];
  return {
    links,
    gas: { contribute, topUp, publish, publishBatchPerMessage: perOne(batch, 2 * LARGE_ROWS - 1) },
  };
}

async function tally(
  { round, settings, coordinator: { account }, measureGas, time }: GasRound,
  links: readonly Link[],
) {
  await time.increaseTo(settings.end);
  const [fold, close] = await Promise.all([simulator("fold_large"), simulator("close")]);
  const entries = RESULTS.map(encodeResult);
  const commit = await measureGas(
    round.write.commit([D, toHex(resultsHash(SALT, entries), { size: 32 })], { account }),
  );
  const alone = await measureGas(
    round.write.fold([fold([0n, stateAt(0)]), stateAt(0)], { account }),
  );

  const chain = chainValues(links).map((value) => bytesToHex(value));
  const chunk = (from: number, until = links.length) => {
    const t0 = links.slice(0, from).filter(({ kind }) => kind !== "topUp").length;
    return [
      chain[from] as Hex,
      BigInt(t0),
      bytesToHex(concatBytes(links.slice(from, until).map(encodeLink))),
    ] as const;
  };
  const end = links.length - TOGETHER * LARGE_ROWS;
  const folds = Array.from({ length: TOGETHER }, (_, i) => ({
    proof: fold([stateAt(i), stateAt(i + 1)]),
    afterState: stateAt(i + 1),
  }));
  const submit = await measureGas(round.write.submit([folds, ...chunk(end)], { account }));
  const middle = end - LARGE_ROWS;
  const [before, after, last] = [0, 1, 2].map((i) => stateAt(TOGETHER + i)) as [
    bigint,
    bigint,
    bigint,
  ];
  const foldReplay = await measureGas(
    round.write.foldWithReplay([fold([before, after]), after, ...chunk(middle, end)], { account }),
  );
  const replay = await measureGas(round.write.replay(chunk(middle - LARGE_ROWS, middle)));
  const beginning = middle - 3 * LARGE_ROWS;
  const gifts = await measureGas(
    round.write.foldWithReplay(
      [fold([after, last]), last, ...chunk(beginning, middle - LARGE_ROWS)],
      { account },
    ),
  );
  await round.write.replay(chunk(0, beginning));
  const results = await measureGas(round.write.addResults([entries, "0x"], { account }));

  const progress = await round.read.tally();
  const { g, beta, theta, delta } = await round.read.challenges();
  const { num, den } = resultsFraction(RESULTS, { theta, delta });
  const acc = Fp.div(num, den);
  const signals = [
    ...[
      g,
      beta,
      theta,
      delta,
      settings.coordinatorKeyX,
      settings.coordinatorKeyY,
      await round.read.context(),
      BigInt(PROJECTS),
      0n,
    ],
    ...[D, progress.product, acc, progress.foldHead],
  ];
  const closing = await measureGas(
    round.write.close([close(signals), acc, toHex(SALT, { size: 32 })]),
  );
  const { pathTo } = resultsTree(RESULTS);
  const claims = RESULTS.map(({ project, votes, credits }) => ({
    project: BigInt(project),
    votes,
    credits,
    merkleProof: pathTo(project).map((hash) => bytesToHex(hash)),
  }));
  const { project, votes, credits, merkleProof } = claims.splice(
    PROJECTS >> 1,
    1,
  )[0] as (typeof claims)[number];
  const claim = await measureGas(round.write.claim([project, votes, credits, merkleProof]));
  const batched = async (count: number) =>
    perOne(await measureGas(round.write.claimBatch([claims.splice(0, count)])), count);
  return {
    commit,
    replayPerMessage: perOne(replay, LARGE_ROWS),
    fold: alone,
    foldReplayPerBallotLarge: perOne(foldReplay, LARGE_ROWS),
    foldReplayPerGiftLarge: perOne(gifts, LARGE_ROWS),
    submitPerBallotLarge: perOne(submit, TOGETHER * LARGE_ROWS),
    results134: results,
    close: closing,
    claim,
    claimBatchOf1: await batched(1),
    claimBatchOf10PerProject: await batched(10),
    claimBatchOf100PerProject: await batched(100),
  };
}

const perOne = (gas: number, count: number): number => Math.round(gas / count);

export const gas: Snapshot = { name: "gas", measure, tolerance: 0.001 };
