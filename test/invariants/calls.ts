import { zeroHash, type Hex } from "viem";
import type { Proof } from "../../src/proofs/proof.ts";
import { FOLD_SIZES } from "../../src/params.ts";
import { foldCircuitName } from "../../src/proofs/artifacts.ts";
import { simulator } from "../../scripts/keys/simulate.ts";
import {
  accumulatorOf,
  chainOf,
  encodeEntry,
  leafOf,
  pathOf,
  resultsHashOf,
  tagOf,
  type Entry,
} from "../contracts/support/reference.ts";
import type { Setup, Wallet } from "../contracts/support/round.ts";
import {
  closeSignals,
  encodeLinks,
  keyOf,
  linksOf,
  messageOf,
  SALT,
} from "../contracts/support/steps.ts";
import { add, hasMoney, STATUS, type Ledger, type World } from "./model.ts";

/**
 * A call of the round. `open`: whether the rules let it succeed at `now`, made rightly. `run` makes it: where `right`, as it must be made,
 * by whom and with what it must; else by anybody, with anything, mostly nearly right. `useful`: whether it brings the round on; where it
 * does not, the guide makes it now and then only. A new call of the interface is one more entry here.
 */
export type Call = {
  readonly name: string;
  readonly open: (world: World) => boolean;
  readonly useful?: (world: World) => boolean;
  readonly run: (world: World, right: boolean) => Promise<unknown>;
};

const live = ({ view }: World) => view.status === STATUS.live;
const beforeEnd = (world: World) => live(world) && world.now < world.setup.end;
const contributing = (world: World) => beforeEnd(world) && world.now >= world.setup.start;
const tallying = (world: World) =>
  live(world) && world.now >= world.setup.end && world.now < world.view.deadline;
const committed = (world: World) => tallying(world) && BigInt(world.view.tally.base) !== 0n;
const paying = ({ view, now }: World) =>
  view.status === STATUS.finalized && now >= view.paymentsFrom;
const refunding = ({ view }: World) =>
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
const rarely = ({ random }: World, right: boolean, of: number) => !right && random.index(of) === 0;
const who = (world: World, right: boolean, rightful: Wallet, of = 3) =>
  (rarely(world, right, of) ? world.random.pick(people(world.setup)) : rightful).account;
/** Native coin with a payment: the amount where the token wraps it. */
const valueOf = (world: World, right: boolean, amount: bigint) =>
  rarely(world, right, 8) ? 1n : world.isNative ? amount : 0n;

const isqrt = (n: bigint): bigint => BigInt(Math.floor(Math.sqrt(Number(n))));

/** Lists that fit what was contributed, so that a simulated close tells no lie that a real proof could not: S in all ≤ credits. */
function drawResults({ setup, random, view }: World): Entry[] {
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
const isReplayed = ({ view: { tally } }: World) =>
  BigInt(tally.replayPointer) === 0n && tally.replayItems === 0;

/** A chunk that ends at the replay's pointer: mostly all that is left, else some links of it, else a wrong one. */
async function chunk(
  { setup, random, view: { tally } }: World,
  right: boolean,
): Promise<readonly [Hex, bigint, Hex]> {
  const links = await linksOf(setup);
  const values = chainOf(links);
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
  { setup, random, view: { tally } }: World,
  right: boolean,
): Promise<readonly [Proof, bigint]> {
  const after = 1n + random.below(1n << 200n);
  const before = right || random.index(3) > 0 ? tally.foldHead : tally.foldHead + 1n;
  const circuit = foldCircuitName(
    (FOLD_SIZES[setup.settings.size] as (typeof FOLD_SIZES)[number]).name,
  );
  return [(await simulator(circuit))([before, after]), after];
}
/** The first fold is the coordinator's. */
const folder = (world: World, right: boolean) =>
  who(
    world,
    right,
    world.view.tally.foldHead === 0n ? world.setup.coordinator : world.setup.stranger,
    2,
  );

/** Whom a payment is asked for: rightly those who were not paid; else mostly those who were. */
function dueOrPaid<T>(
  { random }: World,
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
    async run(world, right) {
      const { setup, ledger, random } = world;
      const donor = right
        ? random.pick([setup.alice, setup.bob, setup.carol])
        : random.pick(people(setup));
      const credits =
        setup.settings.minContribution +
        BigInt(random.index(60)) -
        (rarely(world, right, 6) ? setup.settings.minContribution : 0n);
      const amount = credits * setup.settings.unit + (rarely(world, right, 12) ? 1n : 0n);
      const { x, y } = keyOf(ledger.seed++);
      await setup.round.write.contribute([x, rarely(world, right, 20) ? y + 1n : y, amount, "0x"], {
        account: donor.account,
        value: valueOf(world, right, amount),
      });
      add(ledger.paid, donor, amount);
      ledger.payers.set(tagOf(donor.account.address, x, y), donor);
    },
  },
  {
    name: "topUp",
    open: (world) => contributing(world) && world.ledger.payers.size > 0,
    async run(world, right) {
      const { setup, ledger, random } = world;
      const [tag, payer] = random.pick<readonly [bigint, Wallet]>(
        ledger.payers.size === 0 ? [[7n, setup.alice]] : [...ledger.payers],
      );
      const donor = rarely(world, right, 4) ? setup.stranger : payer;
      const amount = (setup.settings.minTopUp + BigInt(random.index(9))) * setup.settings.unit;
      await setup.round.write.topUp([tag, amount, "0x"], {
        account: donor.account,
        value: valueOf(world, right, amount),
      });
      add(ledger.paid, donor, amount);
    },
  },
  {
    name: "publish",
    open: beforeEnd,
    async run(world, right) {
      const { round, settings, stranger } = world.setup;
      const [x, ...rest] = messageOf(world.ledger.seed++);
      await round.write.publish([[x + (rarely(world, right, 5) ? 1n : 0n), ...rest]], {
        account: stranger.account,
        value: settings.messageFee + (rarely(world, right, 8) ? 1n : 0n),
      });
    },
  },
  {
    name: "publishBatch",
    open: beforeEnd,
    async run(world, right) {
      const { round, settings, stranger } = world.setup;
      const count = 1 + world.random.index(3);
      const value = settings.messageFee * BigInt(count) + (rarely(world, right, 8) ? 1n : 0n);
      await round.write.publishBatch(
        [Array.from({ length: count }, () => messageOf(world.ledger.seed++))],
        { account: stranger.account, value },
      );
    },
  },
  {
    name: "fund",
    open: (world) => beforeEnd(world) && hasMoney(world.setup),
    async run(world, right) {
      const sponsor = world.random.pick([
        world.setup.sponsor,
        world.setup.secondSponsor,
        world.setup.alice,
      ]);
      const amount = rarely(world, right, 9) ? 0n : 4n + world.random.below(100_000n);
      await world.setup.round.write.fund([amount], {
        account: sponsor.account,
        value: valueOf(world, right, amount),
      });
      add(world.ledger.funded, sponsor, amount);
    },
  },
  {
    name: "announceCancel",
    open: (world) => beforeEnd(world) && world.view.cancelFrom === 0n,
    run: (world, right) =>
      world.setup.round.write.announceCancel({ account: who(world, right, world.setup.organiser) }),
  },
  {
    name: "cancel",
    open: (world) =>
      beforeEnd(world) &&
      (world.view.contributions === 0 ||
        (world.view.cancelFrom !== 0n && world.now >= world.view.cancelFrom)),
    run: (world, right) =>
      world.setup.round.write.cancel({
        account: right
          ? world.setup.organiser.account
          : world.random.pick([
              world.setup.organiser,
              world.setup.stranger,
              world.setup.coordinator,
            ]).account,
      }),
  },
  {
    name: "abort",
    open: (world) => live(world) && world.now >= world.view.deadline,
    run: ({ setup }) => setup.round.write.abort({ account: setup.stranger.account }),
  },
  {
    name: "commit",
    open: tallying,
    useful: (world) => !committed(world) || !isPrefix(world.ledger),
    async run(world, right) {
      const results = drawResults(world);
      await world.setup.round.write.commit(
        [world.random.below(1n << 250n), resultsHashOf(SALT, results.map(encodeEntry))],
        { account: who(world, right, world.setup.coordinator) },
      );
      Object.assign(world.ledger, { results, listed: [] });
    },
  },
  {
    name: "replay",
    open: committed,
    useful: (world) => !isReplayed(world),
    run: async (world, right) =>
      world.setup.round.write.replay(await chunk(world, right), {
        account: world.setup.stranger.account,
      }),
  },
  {
    name: "fold",
    open: committed,
    useful: ({ view }) => view.tally.foldHead === 0n,
    run: async (world, right) =>
      world.setup.round.write.fold(await foldProof(world, right), {
        account: folder(world, right),
      }),
  },
  {
    name: "foldWithReplay",
    open: committed,
    useful: (world) => !isReplayed(world),
    run: async (world, right) =>
      world.setup.round.write.foldWithReplay(
        [...(await foldProof(world, right)), ...(await chunk(world, right))],
        { account: folder(world, right) },
      ),
  },
  {
    name: "addResults",
    open: committed,
    useful: ({ ledger }) => isPrefix(ledger) && ledger.listed.length < ledger.results.length,
    async run(world, right) {
      const {
        ledger: { results, listed },
        random,
        setup,
      } = world;
      const next = isPrefix(world.ledger)
        ? results.slice(listed.length, listed.length + 1 + random.index(4))
        : [];
      const entries = rarely(world, right, 3) ? drawResults(world) : next;
      await setup.round.write.addResults([entries.map(encodeEntry), "0x"], {
        account: who(world, right, setup.coordinator),
      });
      world.ledger.listed = [...listed, ...entries];
    },
  },
  {
    name: "restartResults",
    open: committed,
    useful: ({ ledger, random }) =>
      ledger.listed.length > 0 && (!isPrefix(ledger) || random.index(12) === 0),
    async run(world, right) {
      await world.setup.round.write.restartResults({
        account: who(world, right, world.setup.coordinator),
      });
      world.ledger.listed = [];
    },
  },
  {
    name: "close",
    open: (world) =>
      committed(world) &&
      isReplayed(world) &&
      world.view.tally.foldHead !== 0n &&
      sameList(world.ledger.listed, world.ledger.results),
    async run(world, right) {
      const { setup, ledger, random } = world;
      const acc = accumulatorOf(ledger.results, await setup.round.read.challenges());
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
    run: (world, right) =>
      world.setup.round.write.dispute(["void"], {
        account: who(world, right, world.setup.guardian, 2),
      }),
  },
  {
    name: "claim",
    open: (world) =>
      paying(world) &&
      hasMoney(world.setup) &&
      world.ledger.claimed.size < world.ledger.results.length,
    async run(world, right) {
      const {
        setup,
        ledger: { results, claimed },
        random,
      } = world;
      const places = dueOrPaid(
        world,
        right,
        results.map((_, place) => place),
        (place) => claimed.has((results[place] as Entry).project),
      );
      const place = places.length === 0 ? 0 : random.pick(places);
      const entry = results[place] ?? { project: 0, votes: 1n, credits: 1n };
      await setup.round.write.claim(
        [
          BigInt(entry.project),
          entry.votes + (rarely(world, right, 4) ? 1n : 0n),
          entry.credits,
          pathOf(results.map(leafOf), place),
        ],
        { account: setup.stranger.account },
      );
      claimed.add(entry.project);
    },
  },
  {
    name: "claimFee",
    open: (world) =>
      paying(world) &&
      world.setup.settings.coordinatorFee > 0n &&
      world.view.pool > 0n &&
      !world.ledger.feePaid,
    async run({ setup, ledger }) {
      await setup.round.write.claimFee({ account: setup.stranger.account });
      ledger.feePaid = true;
    },
  },
  {
    name: "claimRemainder",
    open: (world) =>
      paying(world) && world.view.settlement.remainder + world.view.settlement.poolRemainder > 0n,
    run: ({ setup }) => setup.round.write.claimRemainder({ account: setup.stranger.account }),
  },
  {
    name: "claimMessageFees",
    open: (world) => (paying(world) || refunding(world)) && world.view.messageFees > 0n,
    run: ({ setup }) => setup.round.write.claimMessageFees({ account: setup.stranger.account }),
  },
  {
    name: "refund",
    open: (world) =>
      refunding(world) &&
      hasMoney(world.setup) &&
      [...world.ledger.payers.keys()].some((tag) => !world.ledger.refunded.has(tag)),
    async run(world, right) {
      const {
        setup,
        ledger: { payers, refunded },
        random,
      } = world;
      const tags = dueOrPaid(world, right, [...payers.keys()], (tag) => refunded.has(tag));
      const tag = tags.length === 0 ? 1n : random.pick(tags);
      await setup.round.write.refund([tag], { account: setup.stranger.account });
      refunded.add(tag);
    },
  },
  {
    name: "refundSponsor",
    open: (world) =>
      (refunding(world) ||
        (paying(world) && world.view.settlement.available > world.view.settlement.budget)) &&
      [...world.ledger.funded.keys()].some((sponsor) => !world.ledger.refunded.has(sponsor)),
    async run(world, right) {
      const {
        setup,
        ledger: { funded, refunded },
        random,
      } = world;
      const sponsors = dueOrPaid(world, right, [...funded.keys()], (address) =>
        refunded.has(address),
      );
      const sponsor = random.pick(
        sponsors.length === 0 || rarely(world, right, 4)
          ? people(setup).map(({ account }) => account.address)
          : sponsors,
      );
      await setup.round.write.refundSponsor([sponsor], { account: setup.stranger.account });
      refunded.add(sponsor);
    },
  },
];
