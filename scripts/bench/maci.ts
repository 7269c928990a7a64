import { readFileSync } from "node:fs";
import { estimate, type GasRates } from "../../src/coordinator/planning/estimate.ts";
import { RATES } from "../../src/coordinator/planning/rates.ts";
import { BALLOT, FOLD_SIZES } from "../../src/params.ts";
import { fromRoot } from "../pipeline/paths.ts";
import type { PlannedRound } from "./play.ts";

/**
 * What MACI takes, one project a message. Constraints: its ProcessMessages and TallyVotes at 16,384 users and 125 options, compiled with circom 2.2.3 --O2, divided by
 * messages and ballots a batch. Gas of a donor: a published message, and once signing up and joining the poll (3.8 M for ten projects, less ten messages).
 */
const MACI = {
  constraintsPerMessage: 30_959,
  constraintsPerBallot: 10_681,
  gasPerMessage: 313_000,
  gasOfJoining: 670_000,
  /** Messages a proof: 20 in its published circuits of today, 5 in those of versions before. */
  batches: [20, 5],
} as const;

/** How many times less this repository takes than MACI, with both sides. */
export type Comparison = {
  readonly donors: string;
  readonly what: string;
  readonly maci: number;
  readonly ours: number;
  readonly times: number;
};

/**
 * The arithmetic, on a round's donors and their numbers of projects. Ours: snapshots/circuits.json and snapshots/gas.json, a message for each 24 projects, an eighth of a row
 * a donor for silent ones (TALLY-12). MACI's coordinator is counted at one verified proof a batch, each at what a fold costs here without its replay; merging and
 * the tally's own proofs are left out.
 */
export function compareWithMaci({ donors, projects }: PlannedRound): Comparison[] {
  const gas = read<GasRates>("gas.json");
  const circuits = read<{ large: { constraints: number }; close: { constraints: number } }>(
    "circuits.json",
  );
  const { rows } = FOLD_SIZES.at(-1) as (typeof FOLD_SIZES)[number];
  const comparisons: Comparison[] = [];
  const add = (who: string, what: string, maci: number, ours: number) =>
    comparisons.push({ donors: who, what, maci, ours: Math.round(ours), times: maci / ours });
  const kinds: readonly (readonly [string, readonly number[]])[] = [
    ["a donor of one project", [1]],
    ["a donor of ten projects", [10]],
    [`all ${donors.length}`, donors.map(({ amounts }) => amounts.size)],
  ];
  for (const [who, counts] of kinds) {
    const pairs = counts.reduce((sum, count) => sum + count, 0);
    const messages = counts.reduce((sum, count) => sum + Math.ceil(count / BALLOT.entries), 0);
    const { folds, gas: spent } = estimate(
      {
        donors: counts.length,
        messages,
        projects: projects.length,
        workers: 1,
        size: "large",
        prover: "wasm",
        relayed: 1,
      },
      { ...RATES, gas },
    );
    const whole = counts.length > 1;
    const row = circuits.large.constraints / rows;
    add(
      who,
      "constraints",
      pairs * MACI.constraintsPerMessage + counts.length * MACI.constraintsPerBallot,
      whole
        ? folds * circuits.large.constraints + circuits.close.constraints
        : (messages + counts.length / 8) * row,
    );
    const donorsGas = pairs * MACI.gasPerMessage + counts.length * MACI.gasOfJoining;
    add(who, "gas of donors, by a relay", donorsGas, spent.donors + spent.relay);
    add(
      who,
      "gas of donors, from wallets",
      donorsGas,
      counts.length * gas.contribute + messages * gas.publish,
    );
    if (whole)
      for (const batch of MACI.batches)
        add(
          who,
          `gas of the coordinator, MACI with ${batch} messages a proof`,
          Math.ceil(pairs / batch) * gas.fold,
          spent.tally,
        );
  }
  return comparisons;
}

/** Of a round's donors: how many projects each has on average, and the share that has one. */
export function describeDonors({ donors }: PlannedRound): { mean: number; single: number } {
  const pairs = donors.reduce((sum, { amounts }) => sum + amounts.size, 0);
  const single = donors.filter(({ amounts }) => amounts.size === 1).length;
  return { mean: pairs / donors.length, single: single / donors.length };
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(fromRoot("snapshots", name), "utf8")) as T;
