import { bytesToHex, toHex, type Hex } from "viem";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { Fp } from "../../src/crypto/field.ts";
import { foldSizeAt } from "../../src/proofs/artifacts.ts";
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

/** Messages of one large fold; the round has three times as many, for a replay with a fold, one without, and one with as many contributions. */
const LARGE_ROWS = foldSizeAt(1).rows;
const SALT = 0x5a5a5a5a5a5an;
/** State commitments look like random words. */
const STATES = [1n, 2n, 3n].map((i) => multiplyBase(i).x) as [bigint, bigint, bigint];
const D = multiplyBase(99n).y;

/** Votes and credits as large as those of a round whose unit is a tenth of a cent. */
const makeResults = (count: number): readonly ProjectResult[] =>
  Array.from({ length: count }, (_, project) => ({
    project,
    votes: 1_000_003n * BigInt(project + 1),
    credits: 1_000_000_007n + BigInt(project),
  }));
const RESULTS = makeResults(PROJECTS);

/** As in a large real round: a ceiling of 5 % and a floor; 20 prizes in six tiers. */
const RULES: readonly (readonly [name: string, choice: PayoutChoice])[] = [
  ["", { id: "quadratic", args: [false] }],
  ["Capped", { id: "capped", args: [500n, 10n ** 20n, 2n, 0n, true] }],
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
  return { ...gas, ...(await gated()), ...(await tally(prepared, links)), ...(await listed()) };
}

/** The whole list in one transaction, by payout rule; that of the quadratic rule at 134 projects is among the others. */
async function listed() {
  const gas: Record<string, number> = {};
  for (const count of [PROJECTS, MANY])
    for (const [name, rule] of RULES) {
      if (name === "" && count === PROJECTS) continue;
      const { round, settings, sponsor, coordinator, measureGas, time } = await createGasRound(
        "large",
        "open",
        { count, rule },
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
  const { round, settings, first, second, measureGas, makeGateData, time } = await createGasRound(
    "large",
    "allow-list",
  );
  await time.increaseTo(settings.start);
  const send = async (donor: typeof first, secret: bigint) => {
    const { x, y } = multiplyBase(secret);
    return round.write.contribute(
      [x, y, CREDITS * UNIT, await makeGateData(donor.account.address)],
      {
        account: donor.account,
      },
    );
  };
  await send(first, 11n);
  const contributeAllowList = await measureGas(send(second, 12n));
  const topUpAllowList = await measureGas(
    round.write.topUp(
      [
        deriveTag(second.account.address, multiplyBase(12n)),
        1_000_000n * UNIT,
        await makeGateData(second.account.address),
      ],
      { account: second.account },
    ),
  );
  return { contributeAllowList, topUpAllowList };
}

async function donors({ round, settings, sponsor, first, second, measureGas, time }: GasRound) {
  await round.write.fund([10n ** 24n], { account: sponsor.account });
  await time.increaseTo(settings.start);
  const keys = [multiplyBase(11n), multiplyBase(12n)] as const;
  const send = (donor: typeof first, key: (typeof keys)[number]) =>
    round.write.contribute([key.x, key.y, CREDITS * UNIT, "0x"], { account: donor.account });
  await send(first, keys[0]);
  const contribute = await measureGas(send(second, keys[1]));
  const tags = [
    deriveTag(first.account.address, keys[0]),
    deriveTag(second.account.address, keys[1]),
  ] as const;
  const topUp = await measureGas(
    round.write.topUp([tags[1], 1_000_000n * UNIT, "0x"], { account: second.account }),
  );
  const others = Array.from({ length: LARGE_ROWS }, (_, i) => multiplyBase(100n + BigInt(i)));
  for (const key of others) await send(second, key);
  const messages = Array.from({ length: 3 * LARGE_ROWS }, (_, i) => sampleMessage(i + 1));
  const publish = await measureGas(round.write.publish([messages[0] as Words]));
  const batch = await measureGas(round.write.publishBatch([messages.slice(1, 2 * LARGE_ROWS)]));
  await round.write.publishBatch([messages.slice(2 * LARGE_ROWS)]);
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
  const alone = await measureGas(round.write.fold([fold([0n, STATES[0]]), STATES[0]], { account }));

  const chain = chainValues(links).map((value) => bytesToHex(value));
  const chunk = (from: number, until = links.length) => {
    const t0 = links.slice(0, from).filter(({ kind }) => kind !== "topUp").length;
    return [
      chain[from] as Hex,
      BigInt(t0),
      bytesToHex(concatBytes(links.slice(from, until).map(encodeLink))),
    ] as const;
  };
  const middle = links.length - LARGE_ROWS;
  const foldReplay = await measureGas(
    round.write.foldWithReplay([fold([STATES[0], STATES[1]]), STATES[1], ...chunk(middle)], {
      account,
    }),
  );
  const replay = await measureGas(round.write.replay(chunk(middle - LARGE_ROWS, middle)));
  const beginning = middle - 3 * LARGE_ROWS;
  const gifts = await measureGas(
    round.write.foldWithReplay(
      [fold([STATES[1], STATES[2]]), STATES[2], ...chunk(beginning, middle - LARGE_ROWS)],
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
  const { project, votes, credits } = RESULTS[PROJECTS >> 1] as ProjectResult;
  const path = resultsTree(RESULTS)
    .pathTo(project)
    .map((hash) => bytesToHex(hash));
  const claim = await measureGas(round.write.claim([BigInt(project), votes, credits, path]));
  return {
    commit,
    replayPerMessage: perOne(replay, LARGE_ROWS),
    fold: alone,
    foldReplayPerBallotLarge: perOne(foldReplay, LARGE_ROWS),
    foldReplayPerGiftLarge: perOne(gifts, LARGE_ROWS),
    results134: results,
    close: closing,
    claim,
  };
}

const perOne = (gas: number, count: number): number => Math.round(gas / count);

export const gas: Snapshot = { name: "gas", measure, tolerance: 0.001 };
