import { publishBatch } from "../chain/publish.ts";
import { readProgress } from "../chain/round.ts";
import { sum } from "../matching/quadratic.ts";
import { allocate } from "../matching/allocate.ts";
import type { Donation } from "../matching/direct.ts";
import { MAX_VOTES } from "../params.ts";
import type { Ballot } from "../protocol/ballot.ts";
import { deriveTag } from "../protocol/context.ts";
import { generateKeyPair, type KeyPair } from "../protocol/key.ts";
import { createMessages } from "../protocol/message.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { devnetAddress } from "./chain.ts";
import { contributeAs, type Devnet } from "./devnet.ts";

/** What one donor wants: amounts by project. */
export type Donor = { readonly name: string; readonly amounts: ReadonlyMap<number, bigint> };

/** Donations by donor, in the order in which donors first come. */
export function groupByDonor(donations: readonly Donation[]): Donor[] {
  const donors = new Map<string, Map<number, bigint>>();
  for (const { donor, project, amount } of donations) {
    const amounts = donors.get(donor) ?? new Map<number, bigint>();
    amounts.set(project, (amounts.get(project) ?? 0n) + amount);
    donors.set(donor, amounts);
  }
  return [...donors].map(([name, amounts]) => ({ name, amounts }));
}

/**
 * The smallest power of ten of token units with which all votes fit a ballot and all credits 64 bits: the finer the unit,
 * the closer integer votes come to the square roots of the amounts.
 */
export function finestUnit(donations: readonly Donation[]): bigint {
  const total = sum(donations.map(({ amount }) => amount));
  const largest = donations.reduce((most, { amount }) => (amount > most ? amount : most), 0n);
  let unit = 1n;
  while (total / unit >= 1n << 63n || largest / unit > MAX_VOTES * MAX_VOTES) unit *= 10n;
  return unit;
}

/** The ballot that spends a donor's amounts in integer votes. The contribution is what it costs, rounded up to whole credits. */
export function planBallot(
  { amounts }: Donor,
  unit: bigint,
): { readonly ballot: Ballot; readonly contribution: bigint } {
  const wanted = [...amounts.values()];
  const contribution = ((sum(wanted) + unit - 1n) / unit) * unit;
  const { votes } = allocate(wanted, unit, contribution / unit);
  return {
    ballot: new Map([...amounts.keys()].map((project, i) => [project, votes[i] as bigint])),
    contribution,
  };
}

/** T and S that these ballots add up to, by project: what the round must come to, computed without the protocol. */
export function sumBallots(ballots: Iterable<Ballot>): ProjectResult[] {
  const totals = new Map<number, ProjectResult>();
  for (const ballot of ballots) {
    for (const [project, v] of ballot) {
      const { votes, credits } = totals.get(project) ?? { votes: 0n, credits: 0n };
      totals.set(project, { project, votes: votes + v, credits: credits + v * v });
    }
  }
  return [...totals.values()]
    .filter(({ credits }) => credits > 0n)
    .sort((a, b) => a.project - b.project);
}

/** Messages a transaction: about 14,000 gas each. */
const MESSAGES_PER_BATCH = 100;

/** What somebody does in a round: a ballot, and the contribution in units of the token. */
export type Plan = {
  readonly name: string;
  readonly ballot: Ballot;
  readonly contribution: bigint;
};

/** Donors spend their amounts in the ballots that come closest. */
export async function playDonors(
  devnet: Devnet,
  donors: readonly Donor[],
  onProgress: (stage: "publish" | "contribute", done: number) => void,
): Promise<readonly Ballot[]> {
  const plans = donors.map((donor) => ({
    name: donor.name,
    ...planBallot(donor, devnet.config.unit),
  }));
  await playPlans(devnet, plans, onProgress);
  return plans.map(({ ballot }) => ballot);
}

/**
 * Everybody's part, as the software does it: a throw-away key, a ballot that rotates to the lasting key, published by a
 * relayer before the contribution, then the contribution under the throw-away key.
 */
export async function playPlans(
  devnet: Devnet,
  plans: readonly Plan[],
  onProgress: (stage: "publish" | "contribute", done: number) => void,
): Promise<void> {
  const { chain, round, config, coordinator } = devnet;
  const relayer = await chain.as("relayer");
  const firstKeys: KeyPair[] = [];
  let batch: bigint[][] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    devnet.gas.add(
      "publish, in a batch",
      (await publishBatch(relayer, { round, messages: batch, messageFee: config.messageFee }))
        .gasUsed,
      batch.length,
    );
    batch = [];
  };
  let { items } = await readProgress(chain.read, round);
  for (const [i, { name, ballot }] of plans.entries()) {
    const signer = generateKeyPair();
    const tag = deriveTag(devnetAddress(`donor ${name}`), signer.publicKey);
    batch.push(
      ...createMessages({
        ctx: config.context,
        coordinatorKey: coordinator.publicKey,
        tag,
        signer,
        newKey: generateKeyPair().publicKey,
        ballot,
        itemsSeen: items,
      }),
    );
    firstKeys.push(signer);
    if (batch.length >= MESSAGES_PER_BATCH || i === plans.length - 1) {
      await flush();
      ({ items } = await readProgress(chain.read, round));
    }
    onProgress("publish", i + 1);
  }
  await chain.warpTo(config.start);
  for (const [i, { name, contribution }] of plans.entries()) {
    const { publicKey } = firstKeys[i] as KeyPair;
    await contributeAs(devnet, `donor ${name}`, publicKey, contribution);
    onProgress("contribute", i + 1);
  }
}
