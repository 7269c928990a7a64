import { zeroHash } from "viem";
import { sumResults, type Entry } from "./reference.ts";
import { TIMES, UNIT, type Setup } from "./round.ts";
import {
  addResults,
  atTime,
  close,
  commit,
  contribute,
  encodeLinks,
  fold,
  readLinks,
  makeMessage,
  replayAll,
} from "./steps.ts";
import { simulator } from "../../../scripts/keys/simulate.ts";

export const RESULT: readonly Entry[] = [{ project: 1, votes: 3n, credits: 9n }];

/** "No end": what the contract gives as `until` of an interval that never closes. */
export const FOREVER = 2n ** 256n - 1n;

/** One call: what must have happened before it, and when it is open. `from` 0: since creation. */
export type Call = {
  readonly rule: string;
  readonly name: string;
  readonly prepare?: (setup: Setup) => Promise<unknown>;
  readonly from: (setup: Setup) => bigint;
  readonly until: (setup: Setup) => bigint;
  readonly send: (setup: Setup) => Promise<unknown>;
};

export async function oneContribution(setup: Setup): Promise<void> {
  await atTime(setup, setup.start);
  await contribute(setup, setup.alice, 1, 10n);
}

export async function committed(setup: Setup): Promise<void> {
  await oneContribution(setup);
  await atTime(setup, setup.end);
  await commit(setup, RESULT);
}

/** All of it in the first second of the tally, however long it takes, so that the close itself can be tried in that second. */
export async function readyToClose(setup: Setup): Promise<void> {
  await committed(setup);
  for (const step of [replayAll, fold, (to: Setup) => addResults(to, RESULT)]) {
    await atTime(setup, setup.end);
    await step(setup);
  }
}

/** Alice's tag if she contributed, else 1. */
export async function aliceTag({ round, publicClient }: Setup): Promise<bigint> {
  const [log] = await publicClient.getContractEvents({
    address: round.address,
    abi: round.abi,
    eventName: "Contributed",
    fromBlock: 0n,
  });
  return log?.args.tag ?? 1n;
}

/** With one item, as after `oneContribution`. */
export const deadline = ({ end }: Setup) =>
  end + BigInt(TIMES.tallyBase) + BigInt(TIMES.tallyPerItem);
const creation = () => 0n;
const start = (setup: Setup) => setup.start;
const end = (setup: Setup) => setup.end;
const tally = { from: end, until: deadline };

const simulatedFold = async ({ round }: Setup) =>
  (await simulator("fold_small"))([(await round.read.tally()).foldHead, 99n]);
const chunk = async (setup: Setup) => [zeroHash, 0n, encodeLinks(await readLinks(setup))] as const;
const noChallenges = { g: 0n, beta: 0n, theta: 0n, delta: 0n };

/** Every call that changes a live round. */
export const CALLS: readonly Call[] = [
  {
    rule: "PHASE-1",
    name: "publish",
    from: creation,
    until: end,
    send: ({ round }) => round.write.publish([makeMessage(1)]),
  },
  {
    rule: "PHASE-1",
    name: "publishBatch",
    from: creation,
    until: end,
    send: ({ round }) => round.write.publishBatch([[makeMessage(1), makeMessage(2)]]),
  },
  {
    rule: "PHASE-2",
    name: "contribute",
    from: start,
    until: end,
    send: (setup) => contribute(setup, setup.bob, 2, 5n),
  },
  {
    rule: "PHASE-3",
    name: "topUp",
    prepare: oneContribution,
    from: start,
    until: end,
    send: async (setup) =>
      setup.round.write.topUp([await aliceTag(setup), UNIT, "0x"], {
        account: setup.alice.account,
      }),
  },
  {
    rule: "PHASE-4",
    name: "fund",
    from: creation,
    until: end,
    send: ({ round, sponsor }) => round.write.fund([1n], { account: sponsor.account }),
  },
  {
    rule: "PHASE-5",
    name: "commit",
    prepare: oneContribution,
    ...tally,
    send: (setup) => commit(setup, RESULT),
  },
  {
    rule: "PHASE-5",
    name: "replay",
    prepare: committed,
    ...tally,
    send: async (setup) => setup.round.write.replay(await chunk(setup)),
  },
  { rule: "PHASE-5", name: "fold", prepare: committed, ...tally, send: (setup) => fold(setup) },
  {
    rule: "PHASE-5",
    name: "foldWithReplay",
    prepare: committed,
    ...tally,
    send: async (setup) =>
      setup.round.write.foldWithReplay([await simulatedFold(setup), 99n, ...(await chunk(setup))], {
        account: setup.coordinator.account,
      }),
  },
  {
    rule: "PHASE-5",
    name: "submit",
    prepare: committed,
    ...tally,
    send: async (setup) => {
      const one = { proof: await simulatedFold(setup), afterState: 99n };
      return setup.round.write.submit([[one], ...(await chunk(setup))], {
        account: setup.coordinator.account,
      });
    },
  },
  {
    rule: "PHASE-5",
    name: "addResults",
    prepare: committed,
    ...tally,
    send: (setup) => addResults(setup, RESULT),
  },
  {
    rule: "PHASE-5",
    name: "close",
    prepare: readyToClose,
    ...tally,
    send: async (setup) =>
      close(
        setup,
        sumResults(RESULT, await setup.round.read.challenges().catch(() => noChallenges)),
      ),
  },
  {
    rule: "PHASE-6",
    name: "abort",
    prepare: oneContribution,
    from: deadline,
    until: () => FOREVER,
    send: ({ round }) => round.write.abort(),
  },
  {
    rule: "PHASE-7",
    name: "announceCancel",
    from: creation,
    until: end,
    send: ({ round, organiser }) => round.write.announceCancel({ account: organiser.account }),
  },
  {
    rule: "PHASE-7",
    name: "cancel",
    from: creation,
    until: end,
    send: ({ round, organiser }) => round.write.cancel({ account: organiser.account }),
  },
];
