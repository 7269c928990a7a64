import { playDonors, sumBallots, type Donor } from "../../src/devnet/donors.ts";
import { startDevnetChain } from "../../src/devnet/chain.ts";
import { createDevnet, fundAs, type Devnet } from "../../src/devnet/devnet.ts";
import type { ProjectResult } from "../../src/round/semantics.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

const UNIT = 10n ** 12n;
export const PROJECTS = ["bridge", "garden", "library", "orchard"];

/** Donors who give to one or two projects, different amounts each. */
export function someDonors(count: number): Donor[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `number ${i}`,
    amounts: new Map(
      [
        [i % PROJECTS.length, UNIT * BigInt(100 + i)],
        [(i + 1) % PROJECTS.length, UNIT * BigInt(4 * i)],
      ].filter(([, amount]) => (amount as bigint) > 0n) as [number, bigint][],
    ),
  }));
}

/** A round on a chain of its own, with published ballots and contributions, not yet ended; and what its result must be. */
export async function startSmallRound(
  donors: number,
): Promise<{ readonly devnet: Devnet; readonly expected: readonly ProjectResult[] }> {
  const chain = await startDevnetChain();
  const devnet = await createDevnet(chain, {
    projects: PROJECTS,
    unit: UNIT,
    size: "small",
    rule: quadraticChoice("return"),
  });
  await fundAs(devnet, "sponsor", 1000n * UNIT);
  const ballots = await playDonors(devnet, someDonors(donors), () => undefined);
  return { devnet, expected: sumBallots(ballots) };
}
