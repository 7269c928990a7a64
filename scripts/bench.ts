// Benchmarks: `npm run bench -- <name>`. Tables go to stderr, or with --json the same as JSON to stdout.
import { Command, Option } from "commander";
import { availableParallelism, cpus } from "node:os";
import { table } from "../src/cli/output/output.ts";
import { makespan } from "../src/coordinator/planning/estimate.ts";
import type { FoldSize } from "../src/params.ts";
import { PROVERS, type ProverName } from "../src/proofs/prover.ts";
import { timeInChromium, timeInNode } from "./bench/client.ts";
import { timeDecryption } from "./bench/decrypt.ts";
import { timeGuess } from "./bench/guess.ts";
import { compareWithMaci, describeDonors } from "./bench/maci.ts";
import { timePage } from "./bench/page.ts";
import { makeUpRound, play, readPlannedRound, type Measured } from "./bench/play.ts";
import { timePipelining } from "./bench/pipelining.ts";
import { timeProvers } from "./bench/prover.ts";
import type { Sample } from "./bench/sample.ts";
import { countingProver } from "./bench/simulated.ts";
import { timeSynthetic } from "./bench/synthetic.ts";
import { runUnattended } from "./bench/unattended.ts";
import { say } from "./pipeline/progress.ts";

type Values = {
  readonly workers: number;
  readonly size: FoldSize;
  readonly donors?: string;
  readonly data?: string;
  readonly json?: boolean;
  readonly simulated?: boolean;
  readonly prover?: ProverName;
  readonly runs: number;
  readonly kills: number;
  readonly every: number;
  readonly database?: string;
  readonly sample: number;
  readonly proving: boolean;
  readonly seeded?: boolean;
};

const number = (text: string) => Number(text);
const program = new Command("npm run bench --")
  .description("measure; every figure in docs/SCALING.md comes from here")
  .showHelpAfterError();

function benchmark(
  name: string,
  description: string,
  run: (values: Values) => Promise<unknown>,
): void {
  program
    .command(name)
    .description(description)
    .option("--workers <number>", "proofs at a time", number, availableParallelism())
    .addOption(
      new Option("--size <size>", "fold circuit").choices(["small", "large"]).default("large"),
    )
    .addOption(new Option("--prover <name>", "`round`: who makes proofs").choices(PROVERS))
    .option("--simulated", "`workers`: no proofs, only how they would be submitted")
    .option("--runs <number>", "`prover`: proofs by each", number, 3)
    .option("--donors <numbers>", "how many donors; for `growth` a list such as 500,1000,2000")
    .option(
      "--data <folder>",
      "folder with qf-eligible-aggregated.csv and projects.csv of a real round",
    )
    .option("--kills <number>", "`unattended`: how often everything is killed", number, 5)
    .option("--every <seconds>", "`unattended`: time between kills", number, 60)
    .option(
      "--database <url>",
      "`unattended`: an empty PostgreSQL database instead of SQLite, with its queue",
    )
    .option(
      "--sample <number>",
      "`round`: folds that each prover makes again afterwards, in turns",
      number,
      0,
    )
    .option(
      "--no-proving",
      "`growth`: count the folds' inputs, with proofs by the development keys' trapdoor",
    )
    .option("--seeded", "`store`: decrypted and scanned already, as after a crash at its end")
    .option("--json", "print JSON")
    .action(async (values: Values) => {
      const measured = {
        benchmark: name,
        machine: `${cpus()[0]?.model ?? "?"}, ${availableParallelism()} cores`,
        ...((await run(values)) as object),
      };
      if (values.json === true) console.log(JSON.stringify(measured, undefined, 2));
    });
}

benchmark(
  "round",
  "(a) a round end to end, the real one where --data is given; with (d) its time by stage",
  async ({ workers, size, donors, data, prover, sample }) => {
    const limit = donors === undefined ? undefined : Number(donors);
    const planned =
      data === undefined ? makeUpRound(limit ?? 90) : await readPlannedRound(data, limit);
    const measured = await play(planned, { workers, size, prover, sample });
    show(measured);
    return measured;
  },
);

benchmark(
  "growth",
  "(b) how time and gas grow with the number of messages; --no-proving counts the folds' inputs instead, for large numbers",
  async ({ workers, size, donors = "500,1000,2000", proving }) => {
    const runs: Measured[] = [];
    for (const count of donors.split(",").map(Number)) {
      const prover = proving ? undefined : countingProver();
      const planned = makeUpRound(proving ? count : Math.min(count, MOST_DONORS));
      runs.push(await play(planned, { workers, size, prover, messages: count }));
      if (prover !== undefined) {
        const { folds, words } = prover.counted();
        say(`${count} messages: ${words} words of inputs for ${folds} folds and the close`);
      }
    }
    say(
      table(
        ["messages", "folds", "tally s", "s/message", "gas/message", "heap MB", "MB in all"],
        runs.map((run) => [
          String(run.messages),
          String(run.folds),
          run.seconds.tally.toFixed(0),
          (run.seconds.tally / run.messages).toFixed(2),
          String(Math.round(tallyGas(run) / run.messages)),
          String(run.taken.heap),
          String(run.taken.all),
        ]),
        ["right", "right", "right", "right", "right", "right", "right"],
      ),
    );
    return { runs };
  },
);

benchmark(
  "store",
  "(b) the same without a chain: items straight into a coordinator's database, a million with --donors 1000000 --seeded",
  async ({ donors = "10000", seeded = false }) => {
    const measured = await timeSynthetic(Number(donors), seeded);
    say(
      `${measured.messages} messages, ${measured.folds} folds with ${measured.words} words of inputs: ${measured.memoryMB} MB at the most, all threads together`,
    );
    return measured;
  },
);

benchmark(
  "workers",
  "(c) one and two workers really, 1 to 16 by simulation from the measured jobs; with --simulated only how folds go out with 1, 2 and 8 workers whose proofs come from a timer",
  async ({ size, donors, simulated: only }) => {
    if (only === true) {
      const pipelining = await timePipelining(Number(donors ?? "1000"), size, [1, 2, 8]);
      say(
        table(
          ["workers", "folds", "s", "calls", "most together", "gas/message"],
          pipelining.map((run) => [
            String(run.workers),
            String(run.folds),
            run.seconds.toFixed(0),
            String(run.calls),
            String(run.mostTogether),
            String(run.gasPerMessage),
          ]),
          ["right", "right", "right", "right", "right", "right"],
        ),
      );
      return { pipelining };
    }
    const planned = makeUpRound(Number(donors ?? "40"));
    const runs = [
      await play(planned, { workers: 1, size }),
      await play(planned, { workers: 2, size }),
    ];
    const alone = median(
      (runs[0] as Measured).jobs
        .filter(({ circuit }) => circuit.startsWith("fold"))
        .map(({ witness, prove }) => witness + prove),
    );
    const jobs = Array.from({ length: 45 }, () => alone);
    const simulated = [1, 2, 4, 8, 16].map((workers) => ({
      workers,
      blocks0: makespan(jobs, workers, 0),
      blocks12: makespan(jobs, workers, 12),
    }));
    say(
      table(
        ["workers", "really, s", "45 folds, s", "with 12 s blocks, s"],
        simulated.map(({ workers, blocks0, blocks12 }) => [
          String(workers),
          runs.find((run) => run.workers === workers)?.seconds.tally.toFixed(0) ?? "",
          blocks0.toFixed(0),
          blocks12.toFixed(0),
        ]),
        ["right", "right", "right", "right"],
      ),
    );
    return { runs, simulated };
  },
);

benchmark(
  "unattended",
  "a round by `tacit coordinator`, killed with kill -9 again and again",
  async ({ workers, size, donors = "2000", data, kills, every, database }) => {
    const planned = data === undefined ? makeUpRound(Number(donors)) : await readPlannedRound(data);
    const result = await runUnattended(planned, { workers, size, kills, every, database });
    say(
      `${result.ok ? "right" : "WRONG"}: ${result.folds} folds, ${result.transactions} transactions, ${result.seconds.toFixed(0)} s with ${result.kills} kills`,
    );
    return result;
  },
);

benchmark(
  "guess",
  "one guess of a donor's passphrase, in milliseconds of one core",
  async ({ runs }) => {
    const { page, native } = await timeGuess(runs);
    const row = (by: string, milliseconds: number) => [
      by,
      milliseconds.toFixed(0),
      (86_400_000 / milliseconds).toFixed(0),
    ];
    say(
      table(
        ["by", "ms a guess", "guesses a core and day"],
        [
          row("the donor's software", page),
          ...(native === undefined ? [] : [row("Node's native Argon2", native)]),
        ],
      ),
    );
    return { page, native };
  },
);

benchmark(
  "decrypt",
  "10,000 messages decrypted and scanned, in seconds of one core, and of all cores together",
  async ({ donors = "10000" }) => {
    const times = await timeDecryption(Number(donors));
    say(
      table(
        ["messages", "decrypt", "scan", "all before the first proof", "on all cores, elapsed"],
        [
          [
            String(times.messages),
            times.open.toFixed(1),
            times.scan.toFixed(1),
            times.prepare.toFixed(1),
            times.elapsed.toFixed(1),
          ],
        ],
      ),
    );
    return times;
  },
);

benchmark(
  "prover",
  "processor time of one fold, witness included: this repository's prover, snarkjs, and TACIT_PROVER where it is set",
  async ({ size, runs }) => {
    const { times, memory } = await timeProvers(size, runs);
    say(
      table(
        ["prover", "witness, s", "proof, s", "fold, s", "of snarkjs"],
        times.map(({ prover, witness, prove, all, share }) => [
          prover,
          witness.toFixed(2),
          prove.toFixed(2),
          all.toFixed(2),
          `${(100 * share).toFixed(0)} %`,
        ]),
        ["left", "right", "right", "right", "right"],
      ),
    );
    say(`two workers with this repository's prover took ${memory} MB together`);
    return { size, times, memory };
  },
);

benchmark(
  "maci",
  "constraints and gas beside MACI's, for the donors of a real round (--data)",
  async ({ data }) => {
    if (data === undefined) throw new Error("give --data <folder>");
    const planned = await readPlannedRound(data);
    const { mean, single } = describeDonors(planned);
    const comparisons = compareWithMaci(planned);
    say(
      `${planned.donors.length} donors, ${mean.toFixed(1)} projects on average, ${(100 * single).toFixed(0)} % of them with one`,
    );
    say(
      table(
        ["donors", "", "MACI", "here", "times less"],
        comparisons.map(({ donors, what, maci, ours, times }) => [
          donors,
          what,
          maci.toLocaleString("en"),
          ours.toLocaleString("en"),
          times.toFixed(1),
        ]),
        ["left", "left", "right", "right", "right"],
      ),
    );
    return { mean, single, comparisons };
  },
);

benchmark("client", "(e) making one message, in Node and in Chromium", async () => {
  const [node, chromium] = [await timeInNode(), await timeInChromium()];
  say(
    table(
      ["", "first, ms", "each, ms"],
      [
        ["Node", node.first.toFixed(0), node.each.toFixed(1)],
        [
          "Chromium",
          chromium?.first.toFixed(0) ?? "not installed",
          chromium?.each.toFixed(1) ?? "",
        ],
      ],
    ),
  );
  return { node, chromium };
});

benchmark(
  "page",
  "(f) the page's first visit on a slow phone, in Chromium; docs/PAGE.md says what is measured",
  async () => {
    const loads = await timePage(PAGE_RUNS);
    say(
      table(
        [
          "device",
          "page",
          "first paint, ms",
          "largest paint, ms",
          "alive, ms",
          "usable, ms",
          "whole, ms",
          "longest task, ms",
          "shift",
          "requests",
          "kB",
          "kB whole",
          "elements",
        ],
        loads.map((load) => [
          load.device,
          load.page,
          ...[
            load.firstPaint,
            load.largestPaint,
            load.alive,
            load.usable,
            load.whole,
            load.longestTask,
          ].map((ms) => ms.toFixed(0)),
          load.shift.toFixed(3),
          String(load.requests),
          load.kilobytes.toFixed(0),
          load.wholeKilobytes.toFixed(0),
          String(load.elements),
        ]),
        ["left", "left", ...Array.from({ length: 11 }, () => "right" as const)],
      ),
    );
    return { loads };
  },
);

function show(run: Measured): void {
  const { seconds, jobs, taken } = run;
  const total = (part: "witness" | "prove") => jobs.reduce((sum, job) => sum + job[part], 0);
  const proving = ((seconds.stages["prove"] ?? 0) / seconds.tally) * 100;
  say(
    `${run.messages} messages of ${run.contributions} donors, ${run.folds} folds, ${run.workers} workers`,
  );
  say(
    table(
      ["stage", "s"],
      [
        ...Object.entries(seconds.stages).map(([stage, s]) => [stage, s.toFixed(1)]),
        ["tally", seconds.tally.toFixed(1)],
        ["set-up before", seconds.setUp.toFixed(1)],
      ],
    ),
  );
  say(
    `proving takes ${proving.toFixed(1)} % of the tally; in the workers ${total("witness").toFixed(0)} s of witnesses and ${total("prove").toFixed(0)} s of proofs`,
  );
  say(
    `processor time ${taken.workersCpu.toFixed(0)} s of the workers, ${(taken.workersCpu / run.folds).toFixed(1)} s a fold, and ${taken.ownCpu.toFixed(0)} s of the coordinator with its devnet`,
  );
  if (run.sample !== undefined) showSample(run, run.sample);
  say(
    `memory ${taken.all} MB in all, ${taken.worker} MB the largest worker; gas of the tally ${tallyGas(run)}, ${Math.round(tallyGas(run) / run.messages)} a message`,
  );
}

/** What the round would have taken with snarkjs: its proving longer by as much as the sample took more of the processor. */
function showSample(run: Measured, { folds, elapsed, processor }: Sample): void {
  const ratio = processor.snarkjs / processor.wasm;
  const prove = run.seconds.stages["prove"] ?? 0;
  const withSnarkjs = run.seconds.tally - prove + prove * ratio;
  say(
    table(
      [`${folds} folds again`, "elapsed, s", "processor, s"],
      PROVERS.map((name) => [name, elapsed[name].toFixed(1), processor[name].toFixed(1)]),
      ["left", "right", "right"],
    ),
  );
  say(
    `so this round, if wasm proved it, would take ${withSnarkjs.toFixed(0)} s with snarkjs, and takes ${((100 * run.seconds.tally) / withSnarkjs).toFixed(0)} % of that`,
  );
}

const PAGE_RUNS = 5;
/** Without proving: more messages are copies. */
const MOST_DONORS = 2_000;
const tallyGas = ({ gas }: Measured): number =>
  Object.values(gas).reduce((sum, used) => sum + Number(used), 0);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

await program.parseAsync();
process.exit(0);
