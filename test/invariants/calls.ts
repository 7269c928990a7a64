import { parseEventLogs, zeroHash, type Hex } from "viem";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import type { Proof } from "../../src/proofs/proof.ts";
import { FOLD_SIZES } from "../../src/params.ts";
import { foldCircuitName } from "../../src/proofs/artifacts.ts";
import { simulator } from "../../scripts/keys/simulate.ts";
import {
  sumResults,
  hashChain,
  encodeEntry,
  hashLeaf,
  computePath,
  hashResults,
  deriveTag,
  type Entry,
} from "../contracts/support/reference.ts";
import type { Setup, Wallet } from "../contracts/support/round.ts";
import {
  claimsAt,
  closeSignals,
  encodeLinks,
  makeKey,
  readLinks,
  makeMessage,
  SALT,
} from "../contracts/support/steps.ts";
import { add, hasMoney, STATUS, type Ledger, type Moment } from "./model.ts";

/**
 * A call of the round. `open`: whether the rules let it succeed at `now`, made rightly. `run` makes it: where `right`, as it must be made,
 * by whom and with what it must; else by anybody, with anything, mostly nearly right. `useful`: whether it brings the round on; where it
 * does not, the guide makes it now and then only. A new call of the interface is one more entry here.
 */
export type Call = {
  readonly name: string;
  readonly open: (moment: Moment) => boolean;
  readonly useful?: (moment: Moment) => boolean;
  readonly run: (moment: Moment, right: boolean) => Promise<unknown>;
};

const live = ({ view }: Moment) => view.status === STATUS.live;
const beforeEnd = (moment: Moment) => live(moment) && moment.now < moment.setup.end;
const contributing = (moment: Moment) => beforeEnd(moment) && moment.now >= moment.setup.start;
const tallying = (moment: Moment) =>
  live(moment) && moment.now >= moment.setup.end && moment.now < moment.view.deadline;
const committed = (moment: Moment) => tallying(moment) && BigInt(moment.view.tally.base) !== 0n;
const paying = ({ view, now }: Moment) =>
  view.status === STATUS.finalized && now >= view.paymentsFrom;
const refunding = ({ view }: Moment) =>
  view.status === STATUS.aborted || view.status === STATUS.cancelled;

const people = ({
  alice,
  bob,
  carol,
  sponsor,
  secondSponsor,
  stranger,
  organiser,
  coordinator,
  guardian,
}: Setup): Wallet[] => [
  alice,
  bob,
  carol,
  sponsor,
  secondSponsor,
  stranger,
  organiser,
  coordinator,
  guardian,
];
/** Now and then, where the call need not be right. */
const rarely = ({ random }: Moment, right: boolean, of: number) => !right && random.index(of) === 0;
const who = (moment: Moment, right: boolean, rightful: Wallet, of = 3) =>
  (rarely(moment, right, of) ? moment.random.pick(people(moment.setup)) : rightful).account;
/** Native coin with a payment: the amount where the token wraps it. */
const chooseValue = (moment: Moment, right: boolean, amount: bigint) =>
  rarely(moment, right, 8) ? 1n : moment.isNative ? amount : 0n;

const isqrt = (n: bigint): bigint => BigInt(Math.floor(Math.sqrt(Number(n))));

/** Lists that fit what was contributed, so that a simulated close tells no lie that a real proof could not: S in all ≤ credits. */
function drawResults({ setup, random, view }: Moment): Entry[] {
  let left = view.totalCredits;
  return [0, 1, 2, 3].flatMap((project): Entry[] => {
    const credits = left === 0n || random.index(4) === 0 ? 0n : 1n + random.below((left + 1n) / 2n);
    left -= credits;
    const votes = isqrt(credits) + 1n + random.below(credits + 1n);
    return credits === 0n
      ? []
      : [
          {
            project,
            credits,
            votes: setup.settings.allowSigns && random.index(2) === 0 ? -votes : votes,
          },
        ];
  });
}

const sameList = (a: readonly Entry[], b: readonly Entry[]) =>
  a.length === b.length && a.every((entry, i) => encodeEntry(entry) === encodeEntry(b[i] as Entry));
const isPrefix = ({ listed, results }: Ledger) => sameList(listed, results.slice(0, listed.length));
const isReplayed = ({ view: { tally } }: Moment) =>
  BigInt(tally.replayPointer) === 0n && tally.replayItems === 0;

/** A chunk that ends at the replay's pointer: mostly all that is left, else some links of it, else a wrong one. */
async function chunk(
  { setup, random, view: { tally } }: Moment,
  right: boolean,
): Promise<readonly [Hex, bigint, Hex]> {
  const links = await readLinks(setup);
  const values = hashChain(links);
  const until = values.indexOf(tally.replayPointer);
  const from = random.index(3) > 0 ? 0 : random.index(until + 1);
  const items = BigInt(links.slice(0, from).filter(({ kind }) => kind !== "topUp").length);
  const wrong = right ? 0 : random.index(4);
  return [
    wrong === 1 ? zeroHash : (values[from] as Hex),
    wrong === 2 ? items + 1n : items,
    encodeLinks(links.slice(wrong === 3 ? from + 1 : from, until)),
  ];
}

async function foldProof(
  { setup, random, view: { tally } }: Moment,
  right: boolean,
): Promise<readonly [Proof, bigint]> {
  const after = 1n + random.below(1n << 200n);
  const before = right || random.index(3) > 0 ? tally.foldHead : tally.foldHead + 1n;
  return [(await foldSimulator(setup))([before, after]), after];
}
const foldSimulator = ({ settings }: Setup) =>
  simulator(foldCircuitName((FOLD_SIZES[settings.size] as (typeof FOLD_SIZES)[number]).name));
/** The first fold is the coordinator's. */
const folder = (moment: Moment, right: boolean) =>
  who(
    moment,
    right,
    moment.view.tally.foldHead === 0n ? moment.setup.coordinator : moment.setup.stranger,
    2,
  );

/** Whom a payment is asked for: rightly those who were not paid; else mostly those who were. */
function dueOrPaid<T>(
  { random }: Moment,
  right: boolean,
  all: readonly T[],
  isPaid: (one: T) => boolean,
): readonly T[] {
  if (right) return all.filter((one) => !isPaid(one));
  const paid = all.filter(isPaid);
  return paid.length === 0 || random.index(4) === 0 ? all : paid;
}

/** Calls that pay somebody: each is asked for once more as soon as it has paid. */
export const PAYMENTS: readonly string[] = [
  "claim",
  "claimBatch",
  "claimFee",
  "claimRemainder",
  "claimMessageFees",
  "refund",
  "refundSponsor",
];

export const CALLS: readonly Call[] = [
  {
    name: "contribute",
    open: contributing,
    async run(moment, right) {
      const { setup, ledger, random } = moment;
      const donor = right
        ? random.pick([setup.alice, setup.bob, setup.carol])
        : random.pick(people(setup));
      const credits =
        setup.settings.minContribution +
        BigInt(random.index(60)) -
        (rarely(moment, right, 6) ? setup.settings.minContribution : 0n);
      const amount = credits * setup.settings.unit + (rarely(moment, right, 12) ? 1n : 0n);
      const { x, y } = makeKey(ledger.seed++);
      await setup.round.write.contribute(
        [x, rarely(moment, right, 20) ? y + 1n : y, amount, "0x"],
        {
          account: donor.account,
          value: chooseValue(moment, right, amount),
        },
      );
      add(ledger.paid, donor, amount);
      ledger.payers.set(deriveTag(donor.account.address, x, y), donor);
    },
  },
  {
    name: "topUp",
    open: (moment) => contributing(moment) && moment.ledger.payers.size > 0,
    async run(moment, right) {
      const { setup, ledger, random } = moment;
      const [tag, payer] = random.pick<readonly [bigint, Wallet]>(
        ledger.payers.size === 0 ? [[7n, setup.alice]] : [...ledger.payers],
      );
      const donor = rarely(moment, right, 4) ? setup.stranger : payer;
      const amount = (setup.settings.minTopUp + BigInt(random.index(9))) * setup.settings.unit;
      await setup.round.write.topUp([tag, amount, "0x"], {
        account: donor.account,
        value: chooseValue(moment, right, amount),
      });
      add(ledger.paid, donor, amount);
    },
  },
  {
    name: "publish",
    open: beforeEnd,
    async run(moment, right) {
      const { round, settings, stranger } = moment.setup;
      const [x, ...rest] = makeMessage(moment.ledger.seed++);
      await round.write.publish([[x + (rarely(moment, right, 5) ? 1n : 0n), ...rest]], {
        account: stranger.account,
        value: settings.messageFee + (rarely(moment, right, 8) ? 1n : 0n),
      });
    },
  },
  {
    name: "publishBatch",
    open: beforeEnd,
    async run(moment, right) {
      const { round, settings, stranger } = moment.setup;
      const count = 1 + moment.random.index(3);
      const value = settings.messageFee * BigInt(count) + (rarely(moment, right, 8) ? 1n : 0n);
      await round.write.publishBatch(
        [Array.from({ length: count }, () => makeMessage(moment.ledger.seed++))],
        { account: stranger.account, value },
      );
    },
  },
  {
    name: "fund",
    open: (moment) => beforeEnd(moment) && hasMoney(moment.setup),
    async run(moment, right) {
      const sponsor = moment.random.pick([
        moment.setup.sponsor,
        moment.setup.secondSponsor,
        moment.setup.alice,
      ]);
      const amount = rarely(moment, right, 9) ? 0n : 4n + moment.random.below(100_000n);
      await moment.setup.round.write.fund([amount], {
        account: sponsor.account,
        value: chooseValue(moment, right, amount),
      });
      add(moment.ledger.funded, sponsor, amount);
    },
  },
  {
    name: "announceCancel",
    open: (moment) => beforeEnd(moment) && moment.view.cancelFrom === 0n,
    run: (moment, right) =>
      moment.setup.round.write.announceCancel({
        account: who(moment, right, moment.setup.organiser),
      }),
  },
  {
    name: "cancel",
    open: (moment) =>
      beforeEnd(moment) &&
      (moment.view.contributions === 0 ||
        (moment.view.cancelFrom !== 0n && moment.now >= moment.view.cancelFrom)),
    run: (moment, right) =>
      moment.setup.round.write.cancel({
        account: right
          ? moment.setup.organiser.account
          : moment.random.pick([
              moment.setup.organiser,
              moment.setup.stranger,
              moment.setup.coordinator,
            ]).account,
      }),
  },
  {
    name: "abort",
    open: (moment) => live(moment) && moment.now >= moment.view.deadline,
    run: ({ setup }) => setup.round.write.abort({ account: setup.stranger.account }),
  },
  {
    name: "commit",
    open: tallying,
    useful: (moment) => !committed(moment) || !isPrefix(moment.ledger),
    async run(moment, right) {
      const results = drawResults(moment);
      await moment.setup.round.write.commit(
        [moment.random.below(1n << 250n), hashResults(SALT, results.map(encodeEntry))],
        { account: who(moment, right, moment.setup.coordinator) },
      );
      Object.assign(moment.ledger, { results, listed: [] });
    },
  },
  {
    name: "replay",
    open: committed,
    useful: (moment) => !isReplayed(moment),
    run: async (moment, right) =>
      moment.setup.round.write.replay(await chunk(moment, right), {
        account: moment.setup.stranger.account,
      }),
  },
  {
    name: "fold",
    open: committed,
    useful: ({ view }) => view.tally.foldHead === 0n,
    run: async (moment, right) =>
      moment.setup.round.write.fold(await foldProof(moment, right), {
        account: folder(moment, right),
      }),
  },
  {
    name: "foldWithReplay",
    open: committed,
    useful: (moment) => !isReplayed(moment),
    run: async (moment, right) =>
      moment.setup.round.write.foldWithReplay(
        [...(await foldProof(moment, right)), ...(await chunk(moment, right))],
        { account: folder(moment, right) },
      ),
  },
  {
    name: "submit",
    open: committed,
    useful: (world) => !isReplayed(world),
    async run(world, right) {
      const { random, setup } = world;
      const [proof, afterState] = await foldProof(world, right);
      const [h0, t0, links] = await chunk(world, right);
      const folds = [{ proof, afterState }];
      for (let more = random.index(3); more > 0; more--) {
        const [before, after] = [
          (folds.at(-1) as { afterState: bigint }).afterState,
          1n + random.below(1n << 200n),
        ];
        folds.push({ proof: (await foldSimulator(setup))([before, after]), afterState: after });
      }
      // Out of order, one twice, or none.
      if (rarely(world, right, 4)) folds.reverse();
      if (rarely(world, right, 6)) folds.push(folds[0] as (typeof folds)[number]);
      if (rarely(world, right, 8)) folds.length = 0;
      await setup.round.write.submit([folds, h0, t0, links], { account: folder(world, right) });
    },
  },
  {
    name: "addResults",
    open: committed,
    useful: ({ ledger }) => isPrefix(ledger) && ledger.listed.length < ledger.results.length,
    async run(moment, right) {
      const {
        ledger: { results, listed },
        random,
        setup,
      } = moment;
      const next = isPrefix(moment.ledger)
        ? results.slice(listed.length, listed.length + 1 + random.index(4))
        : [];
      const entries = rarely(moment, right, 3) ? drawResults(moment) : next;
      await setup.round.write.addResults([entries.map(encodeEntry), "0x"], {
        account: who(moment, right, setup.coordinator),
      });
      moment.ledger.listed = [...listed, ...entries];
    },
  },
  {
    name: "restartResults",
    open: committed,
    useful: ({ ledger, random }) =>
      ledger.listed.length > 0 && (!isPrefix(ledger) || random.index(12) === 0),
    async run(moment, right) {
      await moment.setup.round.write.restartResults({
        account: who(moment, right, moment.setup.coordinator),
      });
      moment.ledger.listed = [];
    },
  },
  {
    name: "close",
    open: (moment) =>
      committed(moment) &&
      isReplayed(moment) &&
      moment.view.tally.foldHead !== 0n &&
      sameList(moment.ledger.listed, moment.ledger.results),
    async run(moment, right) {
      const { setup, ledger, random } = moment;
      const acc = sumResults(ledger.results, await setup.round.read.challenges());
      const wrong = right ? 0 : random.index(4);
      const proof = (await simulator("close"))(
        await closeSignals(setup, acc + (wrong === 1 ? 1n : 0n)),
      );
      await setup.round.write.close(
        [proof, acc + (wrong === 2 ? 1n : 0n), wrong === 3 ? zeroHash : SALT],
        { account: setup.stranger.account },
      );
    },
  },
  {
    name: "dispute",
    open: ({ setup, view, now }) =>
      view.status === STATUS.finalized &&
      now < view.paymentsFrom &&
      setup.settings.disputeWindow > 0,
    run: (moment, right) =>
      moment.setup.round.write.dispute(["void"], {
        account: who(moment, right, moment.setup.guardian, 2),
      }),
  },
  {
    name: "claim",
    open: (moment) =>
      paying(moment) &&
      hasMoney(moment.setup) &&
      moment.ledger.claimed.size < moment.ledger.results.length,
    async run(moment, right) {
      const {
        setup,
        ledger: { results, claimed },
        random,
      } = moment;
      const places = dueOrPaid(
        moment,
        right,
        results.map((_, place) => place),
        (place) => claimed.has((results[place] as Entry).project),
      );
      const place = places.length === 0 ? 0 : random.pick(places);
      const entry = results[place] ?? { project: 0, votes: 1n, credits: 1n };
      await setup.round.write.claim(
        [
          BigInt(entry.project),
          entry.votes + (rarely(moment, right, 4) ? 1n : 0n),
          entry.credits,
          computePath(results.map(hashLeaf), place),
        ],
        { account: setup.stranger.account },
      );
      claimed.add(entry.project);
    },
  },
  {
    name: "claimBatch",
    open: (world) => paying(world) && hasMoney(world.setup),
    useful: ({ ledger }) => ledger.claimed.size < ledger.results.length,
    async run(world, right) {
      const {
        setup,
        ledger: { results, claimed },
        random,
      } = world;
      // Some of the list in any order, mostly with one of them twice, and some of them wrong: each is paid, or skipped for itself.
      const places = results.map((_, place) => place).filter(() => random.index(3) > 0);
      if (random.index(2) === 0) places.reverse();
      if (places.length > 0 && random.index(3) === 0) places.push(places[0] as number);
      const claims = claimsAt(results, places).map((one) =>
        rarely(world, right, 4) ? { ...one, votes: one.votes + 1n } : one,
      );
      const hash = await setup.round.write.claimBatch([claims], {
        account: setup.stranger.account,
        gas: 20_000_000n,
      });
      const { logs } = await setup.publicClient.getTransactionReceipt({ hash });
      const paid = parseEventLogs({ abi: iRoundAbi, logs, eventName: "Claimed" });
      const skipped = parseEventLogs({ abi: iRoundAbi, logs, eventName: "ClaimSkipped" });
      if (paid.length + skipped.length !== claims.length)
        throw new Error("a project of a batch was neither paid nor skipped");
      for (const { args } of paid) {
        if (claimed.has(Number(args.project))) throw new Error("a project was paid twice");
        claimed.add(Number(args.project));
      }
    },
  },
  {
    name: "claimFee",
    open: (moment) =>
      paying(moment) &&
      moment.setup.settings.coordinatorFee > 0n &&
      moment.view.pool > 0n &&
      !moment.ledger.feePaid,
    async run({ setup, ledger }) {
      await setup.round.write.claimFee({ account: setup.stranger.account });
      ledger.feePaid = true;
    },
  },
  {
    name: "claimRemainder",
    open: (moment) =>
      paying(moment) &&
      moment.view.settlement.remainder + moment.view.settlement.poolRemainder > 0n,
    run: ({ setup }) => setup.round.write.claimRemainder({ account: setup.stranger.account }),
  },
  {
    name: "claimMessageFees",
    open: (moment) => (paying(moment) || refunding(moment)) && moment.view.messageFees > 0n,
    run: ({ setup }) => setup.round.write.claimMessageFees({ account: setup.stranger.account }),
  },
  {
    name: "refund",
    open: (moment) =>
      refunding(moment) &&
      hasMoney(moment.setup) &&
      [...moment.ledger.payers.keys()].some((tag) => !moment.ledger.refunded.has(tag)),
    async run(moment, right) {
      const {
        setup,
        ledger: { payers, refunded },
        random,
      } = moment;
      const tags = dueOrPaid(moment, right, [...payers.keys()], (tag) => refunded.has(tag));
      const tag = tags.length === 0 ? 1n : random.pick(tags);
      await setup.round.write.refund([tag], { account: setup.stranger.account });
      refunded.add(tag);
    },
  },
  {
    name: "refundSponsor",
    open: (moment) =>
      (refunding(moment) ||
        (paying(moment) && moment.view.settlement.available > moment.view.settlement.budget)) &&
      [...moment.ledger.funded.keys()].some((sponsor) => !moment.ledger.refunded.has(sponsor)),
    async run(moment, right) {
      const {
        setup,
        ledger: { funded, refunded },
        random,
      } = moment;
      const sponsors = dueOrPaid(moment, right, [...funded.keys()], (address) =>
        refunded.has(address),
      );
      const sponsor = random.pick(
        sponsors.length === 0 || rarely(moment, right, 4)
          ? people(setup).map(({ account }) => account.address)
          : sponsors,
      );
      await setup.round.write.refundSponsor([sponsor], { account: setup.stranger.account });
      refunded.add(sponsor);
    },
  },
];
