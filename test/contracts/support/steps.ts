import { concatHex, parseEventLogs, type Address, type Hex } from "viem";
import { iRoundAbi } from "../../../src/chain/generated/abis.ts";
import { multiplyBase } from "../../../src/crypto/curve.ts";
import {
  deriveChallenges,
  sumResults,
  hashChain,
  encodeEntry,
  encodeLink,
  hashLeaf,
  computePath,
  hashResults,
  deriveTag,
  type Challenges,
  type Entry,
  type Link,
} from "./reference.ts";
import type { Setup, Wallet } from "./round.ts";
import { simulator } from "../../../scripts/keys/simulate.ts";

export const SALT: Hex = `0x${"5a".repeat(32)}`;

/** The next transaction's block time. */
export async function atTime({ helpers }: Setup, time: bigint): Promise<void> {
  await helpers.time.setNextBlockTimestamp(time);
}

/** A donor's public key; any number names one. */
export const makeKey = (secret: number) => multiplyBase(BigInt(secret));

/** Eleven words that the round accepts: a point of the curve and small numbers. */
export function makeMessage(seed: number): MessageWords {
  const { x, y } = multiplyBase(BigInt(seed + 1_000));
  return [
    x,
    y,
    ...Array.from({ length: 9 }, (_, i) => BigInt(seed * 100 + i)),
  ] as unknown as MessageWords;
}
export type MessageWords = readonly [
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
];

/** Contributes `credits` with a key and returns the tag. The time must have come. */
export async function contribute(
  { round, settings }: Setup,
  donor: Wallet,
  secret: number,
  credits: bigint,
): Promise<bigint> {
  const { x, y } = makeKey(secret);
  await round.write.contribute([x, y, credits * settings.unit, "0x"], { account: donor.account });
  return deriveTag(donor.account.address, x, y);
}

/** All links of the round, read back from its events (EVT-1). */
export async function readLinks({ publicClient, round }: Setup): Promise<Link[]> {
  const raw = await publicClient.getLogs({ address: round.address, fromBlock: 0n });
  const logs = parseEventLogs({
    abi: iRoundAbi,
    logs: raw,
    eventName: ["Contributed", "ToppedUp", "MessagePublished"],
  });
  return logs.map((log): Link => {
    if (log.eventName === "MessagePublished") return { kind: "message", words: log.args.words };
    if (log.eventName === "ToppedUp")
      return { kind: "topUp", tag: log.args.tag, credits: log.args.credits };
    const { tag, keyX, keyY, credits } = log.args;
    return { kind: "contribution", tag, keyX, keyY, credits };
  });
}

export const encodeLinks = (links: readonly Link[]): Hex => concatHex(links.map(encodeLink));

/** Commits to a list of results and to an arbitrary D; the time must be in the tally. Returns the challenges. */
export async function commit(
  { round, coordinator }: Setup,
  results: readonly Entry[],
  D = 12_345n,
): Promise<Challenges> {
  await round.write.commit([D, hashResults(SALT, results.map(encodeEntry))], {
    account: coordinator.account,
  });
  return deriveChallenges((await round.read.tally()).base);
}

/** Replays the whole chain in one chunk. */
export async function replayAll(setup: Setup): Promise<void> {
  const links = await readLinks(setup);
  await setup.round.write.replay([hashChain([])[0] as Hex, 0n, encodeLinks(links)]);
}

/** Folds once to a made-up state with a simulated proof. */
export async function fold({ round, coordinator }: Setup, afterState = 99n): Promise<void> {
  const { foldHead } = await round.read.tally();
  const simulate = await simulator("fold_small");
  await round.write.fold([simulate([foldHead, afterState]), afterState], {
    account: coordinator.account,
  });
}

/** The close circuit's signals as the round must compute them (CLOSE-1), for `acc`. */
export async function closeSignals({ round, settings }: Setup, acc: bigint): Promise<bigint[]> {
  const progress = await round.read.tally();
  const { g, beta, theta, delta } = deriveChallenges(progress.base);
  return [
    ...[
      g,
      beta,
      theta,
      delta,
      settings.coordinatorKeyX,
      settings.coordinatorKeyY,
      await round.read.context(),
      BigInt(progress.projects),
    ],
    ...[
      settings.allowSigns ? 1n : 0n,
      progress.rowsDigest,
      progress.product,
      acc,
      progress.foldHead,
    ],
  ];
}

/** Closes with a simulated proof. */
export async function close(setup: Setup, acc: bigint): Promise<Hex> {
  const simulate = await simulator("close");
  return setup.round.write.close([simulate(await closeSignals(setup, acc)), acc, SALT]);
}

export async function addResults(
  { round, coordinator }: Setup,
  results: readonly Entry[],
  hint: Hex = "0x",
): Promise<Hex> {
  return round.write.addResults([results.map(encodeEntry), hint], { account: coordinator.account });
}

/** From `end` to Finalized with the given list as the result. */
export async function finalize(setup: Setup, results: readonly Entry[], hint?: Hex): Promise<void> {
  await atTime(setup, setup.end);
  const challenges = await commit(setup, results);
  await replayAll(setup);
  await fold(setup);
  await addResults(setup, results, hint);
  await close(setup, sumResults(results, challenges));
}

/** Claims for the entry at a place of the list. */
export async function claim(
  { round }: Setup,
  results: readonly Entry[],
  place: number,
): Promise<Hex> {
  const { project, votes, credits } = results[place] as Entry;
  return round.write.claim([
    BigInt(project),
    votes,
    credits,
    computePath(results.map(hashLeaf), place),
  ]);
}

/** What {claimBatch} wants for the entries at some places of the list. */
export const claimsAt = (results: readonly Entry[], places: readonly number[]) =>
  places.map((place) => {
    const { project, votes, credits } = results[place] as Entry;
    const merkleProof = computePath(results.map(hashLeaf), place);
    return { project: BigInt(project), votes, credits, merkleProof };
  });

/** What the round's token says that an account has. */
export const balance = ({ token }: Setup, address: Address): Promise<bigint> =>
  token.read.balanceOf([address]);

/** Two sponsors' amounts, and 50 credits of two donors. */
export async function funded(setup: Setup, first: bigint, second: bigint): Promise<void> {
  for (const [{ account }, amount] of [
    [setup.sponsor, first],
    [setup.secondSponsor, second],
  ] as const) {
    if (amount > 0n) await setup.round.write.fund([amount], { account });
  }
  await atTime(setup, setup.start);
  await contribute(setup, setup.alice, 1, 30n);
  await contribute(setup, setup.bob, 2, 20n);
}

/** T² - S = 16, 12 and 0; 33 of 50 credits spent. */
export const RESULTS: readonly Entry[] = [
  { project: 0, votes: 6n, credits: 20n },
  { project: 1, votes: 4n, credits: 4n },
  { project: 2, votes: 3n, credits: 9n },
];
