import { Command, Option } from "commander";
import { loadOptional } from "../../installation.ts";
import { FOLD_SIZES } from "../../params.ts";
import { EXIT } from "../output/exit_codes.ts";
import type { Io } from "../output/io.ts";
import { examples, parseCount, withOptions } from "../input/options.ts";
import { withPayoutRule } from "../input/payout_rule.ts";
import { withDecimalMark, withTableOptions } from "../input/table_file.ts";
import { answer } from "../output/output.ts";
import type { RunValues } from "../run_donations.ts";
import { showRun } from "../output/run_report.ts";

export function runCommand(io: Io, setExitCode: (code: number) => void): Command {
  const command = new Command("run")
    .description(
      "play a whole round from a list of donations, on a chain inside this process, with real messages and proofs",
    )
    .argument(
      "<donations.csv>",
      "CSV or TSV file with a header: donor,project,amount, or what other platforms export",
    )
    .option("--projects <file>", "CSV file with the projects' names")
    .option(
      "--unit <amount>",
      "tokens that buy one voice credit, or auto: as fine as votes can be",
      "auto",
    )
    .option("--pool <amount>", "the matching pool in tokens (default: as much as was donated)")
    .option(
      "--amount-decimals <number>",
      "how many decimals whole numbers in the file stand for: 18 for wei, 2 for cents (default: as its header says)",
      parseCount,
    )
    .addOption(
      new Option("--size <size>", "fold circuit (default: by the number of donors)").choices(
        FOLD_SIZES.map(({ name }) => name),
      ),
    )
    .addHelpText(
      "after",
      examples(
        "tacit run donations.csv",
        "tacit run donations.csv --projects projects.csv --pool 100000 --json > result.json",
        "tacit run donations.csv --pool 100000 --rule capped --cap 5% --floor 50",
        "tacit run export.csv --map donor=voter --map project=grantAddress --map amount=amountUSD",
      ),
    )
    .action(async (file: string, values: RunValues) => {
      // Loaded only here: the devnet takes a third of a second to load, which every other command would pay for.
      const { runDonations } = await loadOptional(
        "A chain inside this process",
        "hardhat",
        () => import("../run_donations.ts"),
      );
      const report = await runDonations(io, file, values);
      answer(io, values, report, () => showRun(io, report));
      setExitCode(report.ok ? EXIT.ok : EXIT.negative);
    });
  withDecimalMark(withTableOptions(command, ["donor", "project", "amount"]));
  return withOptions(withPayoutRule(command), "artifacts");
}
