import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  groupByDonor,
  finestUnit,
  planBallot,
  playDonors,
  sumBallots,
  type Donor,
} from "../../src/devnet/donors.ts";
import { startDevnetChain } from "../../src/devnet/chain.ts";
import { createDevnet, fundAs, type Devnet } from "../../src/devnet/devnet.ts";
import { parseDonations, parseProjects } from "../../src/cli/input/donations.ts";
import { readTable } from "../../src/cli/input/table_file.ts";
import { openDatabase } from "../../src/coordinator/store/database.ts";
import { storeIn } from "../../src/coordinator/store/tally_store.ts";
import { runTally, type TallyEvent } from "../../src/coordinator/tally/tally.ts";
import { syncRound } from "../../src/coordinator/following/sync.ts";
import { publishBatch } from "../../src/chain/publish.ts";
import { readProgress } from "../../src/chain/round.ts";
import type { MessageWords } from "../../src/protocol/message.ts";
import type { FoldSize } from "../../src/params.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { ProverPool } from "../../src/proofs/pool.ts";
import type { Prover, ProverName } from "../../src/proofs/prover.ts";
import { BUILD } from "../pipeline/paths.ts";
import { say } from "../pipeline/progress.ts";
import { rememberFolds, timeSample, type Sample } from "./sample.ts";
import { Watch, type Taken } from "./memory.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

export type PlannedRound = {
  readonly projects: readonly string[];
  readonly donors: readonly Donor[];
  readonly unit: bigint;
};

export type Measured = {
  readonly messages: number;
  readonly contributions: number;
  readonly folds: number;
  readonly workers: number;
  /** Wall time in seconds: of setting up, of the tally, and of its stages one after the other. */
  readonly seconds: {
    readonly setUp: number;
    readonly tally: number;
    readonly stages: Readonly<Record<string, number>>;
  };
  /** Time of each proof in its worker. */
  readonly jobs: readonly {
    readonly circuit: string;
    readonly witness: number;
    readonly prove: number;
  }[];
  readonly gas: Readonly<Record<string, string>>;
  readonly taken: Taken;
  readonly sample?: Sample;
};

/** The first `limit` donors of a real round: files qf-eligible-aggregated.csv and projects.csv in the folder. */
export async function readPlannedRound(folder: string, limit = Infinity): Promise<PlannedRound> {
  const [donationsFile, projectsFile] = [
    path.join(folder, "qf-eligible-aggregated.csv"),
    path.join(folder, "projects.csv"),
  ];
  const projects = parseProjects(await readTable(projectsFile));
  const { donations } = parseDonations(await readTable(donationsFile), { decimals: 18, projects });
  return { projects, donors: groupByDonor(donations).slice(0, limit), unit: finestUnit(donations) };
}

/** Donors with one message each, to four of 40 projects. */
export function makeUpRound(donors: number): PlannedRound {
  const unit = 10n ** 12n;
  return {
    unit,
    projects: Array.from({ length: 40 }, (_, i) => `project ${i}`),
    donors: Array.from({ length: donors }, (_, i) => ({
      name: `${i}`,
      amounts: new Map([0, 7, 13, 29].map((k) => [(i + k) % 40, unit * BigInt(100 + i + k)])),
    })),
  };
}

/** Plays a round on a devnet and tallies it, checked against the ballots. */
export async function play(
  { projects, donors, unit }: PlannedRound,
  {
    workers,
    size,
    prover: given,
    messages: wanted = 0,
    sample: sampled = 0,
  }: {
    readonly workers: number;
    readonly size: FoldSize;
    readonly prover?: ProverName | Prover | undefined;
    /** Messages are published again, as copies that count for nothing, until there are so many. */
    readonly messages?: number;
    /** So many folds are proved again afterwards, by each prover in turns. */
    readonly sample?: number;
  },
): Promise<Measured> {
  const chain = await startDevnetChain();
  const folder = mkdtempSync(path.join(tmpdir(), "tacit-bench-"));
  const database = await openDatabase(path.join(folder, "tacit.sqlite"));
  const pool = typeof given === "object" ? given : new ProverPool({ workers, prover: given });
  const { prover, jobs: remembered } = rememberFolds(pool, sampled);
  try {
    const started = performance.now();
    const devnet = await createDevnet(chain, {
      projects,
      unit,
      size,
      rule: quadraticChoice("return"),
    });
    await fundAs(
      devnet,
      "sponsor",
      donors.map((donor) => planBallot(donor, unit).contribution).reduce((a, b) => a + b),
    );
    say(`publishing ${donors.length} ballots`);
    const ballots = await playDonors(devnet, donors, () => undefined);
    await publishCopies(devnet, wanted);
    await chain.warpTo(devnet.config.end);
    const setUp = (performance.now() - started) / 1000;
    say(`set up in ${setUp.toFixed(0)} s; tallying`);
    const clock = new StageClock();
    const watch = new Watch();
    const { results, folds, gasUsed } = await runTally({
      client: await chain.as("coordinator"),
      round: devnet.round,
      key: localCoordinatorKey(devnet.coordinator.secret),
      artifacts: await openArtifacts(BUILD),
      store: storeIn(database),
      prover,
      onProgress: (event) => clock.note(event),
    });
    const [tally, taken] = [clock.end(), watch.stop()];
    const expected = sumBallots(ballots);
    if (JSON.stringify(results.map(plain)) !== JSON.stringify(expected.map(plain)))
      throw new Error("the result is not what the ballots add up to");
    const proofs = await database.query
      .selectFrom("proofs")
      .select(["circuit", "witness_seconds", "prove_seconds"])
      .execute();
    const messages = clock.items - donors.length;
    return {
      messages,
      contributions: donors.length,
      folds,
      workers,
      taken,
      ...(remembered.length === 0 ? {} : { sample: await timeSample(remembered, workers) }),
      seconds: { setUp, tally, stages: clock.stages },
      jobs: proofs.map(({ circuit, witness_seconds: witness, prove_seconds: prove }) => ({
        circuit,
        witness,
        prove,
      })),
      gas: Object.fromEntries(Object.entries(gasUsed).map(([call, gas]) => [call, String(gas)])),
    };
  } finally {
    await prover.close();
    await database.close();
    await chain.close();
    rmSync(folder, { recursive: true });
  }
}

const COPIES_A_CALL = 200;

/** Publishes a round's messages again until there are `wanted`: anybody may, and no copy counts. */
async function publishCopies({ chain, round }: Devnet, wanted: number): Promise<void> {
  const { chainHead } = await readProgress(chain.read, round);
  const links = await syncRound(chain.read, round, { chainHead });
  const messages = [...links].flatMap((link) => (link.kind === "message" ? [link.words] : []));
  const relayer = await chain.as("relayer");
  for (let count = messages.length; count < wanted; count += COPIES_A_CALL) {
    const copies = Array.from(
      { length: Math.min(COPIES_A_CALL, wanted - count) },
      (_, i) => messages[(count + i) % messages.length] as MessageWords,
    );
    await publishBatch(relayer, { round, messages: copies, messageFee: 0n });
  }
}

const plain = ({
  project,
  votes,
  credits,
}: {
  project: number;
  votes: bigint;
  credits: bigint;
}) => [project, String(votes), String(credits)];

/** Wall time by stage, from one event to the next; proving and submitting overlap and count as one. An event without steps done begins its stage. */
class StageClock {
  readonly stages: Record<string, number> = {};
  items = 0;
  readonly #started = performance.now();
  #last = performance.now();
  #stage = "sync";

  note({ stage, done, total }: TallyEvent): void {
    if (stage === "prepare") this.items = total;
    const name = stage === "submit" ? "prove" : stage;
    if (done > 0) this.#stage = name;
    this.#count();
    this.#stage = name;
    if (stage === "prove" && done % 5 === 0) say(`proved ${done} of ${total}`);
  }

  end(): number {
    this.#count();
    return (performance.now() - this.#started) / 1000;
  }

  #count(): void {
    const now = performance.now();
    this.stages[this.#stage] = (this.stages[this.#stage] ?? 0) + (now - this.#last) / 1000;
    this.#last = now;
  }
}
