import { Command, InvalidArgumentError, Option } from "commander";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { estimate, type GasRates, type ProverKind } from "../../coordinator/planning/estimate.ts";
import { RATES } from "../../coordinator/planning/rates.ts";
import { installed } from "../../installation.ts";
import type { FoldSize } from "../../params.ts";
import { coverAnHour } from "../../service/cover_clock.ts";
import type { Io } from "../output/io.ts";
import { examples, parseCount, parseDuration, withOptions } from "../input/options.ts";
import { answer, count, duration, facts } from "../output/output.ts";

type Values = {
  readonly donors: number;
  readonly messages?: number;
  readonly projects: number;
  readonly workers: number;
  readonly size: FoldSize;
  readonly prover: ProverKind;
  readonly relayed: number;
  readonly gasPrice: number;
  readonly coinPrice: number;
  readonly foldSeconds?: number;
  readonly blockSeconds: number;
  readonly json?: boolean;
  readonly relayHours: number;
  readonly cover: number;
  readonly coverFloor: number;
  readonly batchTime: number;
};

/** What calls cost was measured with real proofs and Prague gas rules, and is checked by the tests. */
const GAS = createRequire(import.meta.url)(installed("snapshots", "gas.json")) as GasRates;

export function estimateCommand(io: Io): Command {
  const command = new Command("estimate")
    .description("what a round will take: time, memory, gas and money")
    .requiredOption("--donors <number>", "contributions", parseCount)
    .option(
      "--messages <number>",
      "messages; each holds up to 24 projects (default: 1.25 a donor)",
      parseCount,
    )
    .option("--projects <number>", "projects with votes", parseCount, 100)
    .option(
      "--workers <number>",
      "proofs at a time, one core each (default: this machine's cores)",
      parseWorkers,
      availableParallelism(),
    )
    .addOption(
      new Option("--size <size>", "fold circuit").choices(["small", "large"]).default("large"),
    )
    .addOption(
      new Option(
        "--prover <kind>",
        "this repository's, snarkjs, or a native program by TACIT_PROVER",
      )
        .choices(["wasm", "snarkjs", "native"])
        .default("wasm"),
    )
    .option("--relayed <percent>", "messages that come through the relay", parsePercent, 100)
    .option(
      "--relay-hours <number>",
      "hours that a relay adds cover messages to donors' (see --cover, --cover-floor)",
      parseCount,
      0,
    )
    .option("--cover <number>", "cover messages an hour at random moments", parseCount, 6)
    .option("--cover-floor <number>", "messages that no batch goes out without", parseCount, 2)
    .option("--batch-time <duration>", "how often the relay publishes", parseDuration, 300)
    .option("--gas-price <gwei>", "price of a unit of gas", parsePositive, 1)
    .option("--coin-price <money>", "price of a coin", parsePositive, 2000)
    .option(
      "--fold-seconds <seconds>",
      "what a fold takes a worker of yours, from `npm run bench -- workers`",
      parsePositive,
    )
    .option(
      "--block-seconds <seconds>",
      "from one block to the next",
      parsePositive,
      RATES.blockSeconds,
    )
    .addHelpText(
      "after",
      examples("tacit estimate --donors 10000 --messages 25000 --projects 200 --workers 16"),
    )
    .action((values: Values) => run(io, values));
  return withOptions(command);
}

function run(io: Io, values: Values): void {
  const {
    donors,
    projects,
    workers,
    size,
    prover,
    relayed,
    gasPrice,
    coinPrice,
    foldSeconds,
    blockSeconds,
  } = values;
  const cover = Math.ceil(
    values.relayHours *
      coverAnHour({
        coverPerHour: values.cover,
        coverFloor: values.coverFloor,
        batchSeconds: values.batchTime,
      }),
  );
  const messages = (values.messages ?? Math.ceil(donors * 1.25)) + cover;
  const measured =
    foldSeconds === undefined
      ? RATES.foldSeconds
      : {
          ...RATES.foldSeconds,
          [size]: { wasm: foldSeconds, snarkjs: foldSeconds, native: foldSeconds },
        };
  const result = estimate(
    { donors, messages, projects, workers, size, prover, relayed: relayed / 100 },
    { ...RATES, foldSeconds: measured, blockSeconds, gas: GAS },
  );
  const money = (gas: number) => (gas * gasPrice * 1e-9 * coinPrice).toFixed(2);
  const cost = (gas: number) => `${count(gas)} gas, ${money(gas)} in money`;
  const { seconds, memoryMB, gas } = result;
  answer(
    io,
    values,
    {
      ...values,
      messages,
      cover,
      ...result,
      money: Object.fromEntries(
        Object.entries(gas).map(([who, amount]) => [who, Number(money(amount))]),
      ),
    },
    [
      `${count(donors)} donors, ${count(messages)} messages${cover === 0 ? "" : ` (${count(cover)} of cover)`}, ${count(projects)} projects; ${workers} workers with ${prover}`,
      ...facts([
        ["folds", `${count(result.folds)} (${size})`],
        ["decrypt and arrange", duration(seconds.prepare)],
        ["prove", duration(seconds.prove)],
        ["submit, meanwhile", duration(seconds.submit)],
        ["tally in all", duration(seconds.total)],
        [
          "memory",
          `${count(memoryMB.coordinator)} MB for the coordinator, ${count(memoryMB.worker)} MB a worker`,
        ],
        ["donors pay", cost(gas.donors)],
        ["relaying", cost(gas.relay)],
        ["tally", cost(gas.tally)],
        ["claims", cost(gas.claims)],
        ["all", cost(gas.total)],
        ["transactions", count(result.transactions)],
      ]),
      `At ${gasPrice} gwei and ${coinPrice} a coin. Times were measured on the machine of docs/SCALING.md; give --fold-seconds for yours.`,
    ],
  );
}

function parseWorkers(text: string): number {
  const workers = parseCount(text);
  if (workers === 0) throw new InvalidArgumentError("At least one worker has to prove.");
  return workers;
}

function parsePercent(text: string): number {
  const percent = parseCount(text);
  if (percent > 100) throw new InvalidArgumentError("Give 0 to 100 percent.");
  return percent;
}

/** A number above 0, with decimals or without. */
function parsePositive(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number === 0)
    throw new InvalidArgumentError("Not a number above 0, such as 0.5.");
  return number;
}
