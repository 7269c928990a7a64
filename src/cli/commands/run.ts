import { Command, Option } from "commander";
import { loadOptional } from "../../installation.ts";
import { FOLD_SIZES } from "../../params.ts";
import { BaseError } from "../../errors.ts";
import { EXIT } from "../output/exit_codes.ts";
import type { Io } from "../output/io.ts";
import { examples, parseCount, parseInteger, withOptions } from "../input/options.ts";
import { withPayoutRule } from "../input/payout_rule.ts";
import { withDecimalMark, withTableOptions } from "../input/table_file.ts";
import { answer } from "../output/output.ts";
import type { RunValues } from "../run_donations.ts";
import type { VoteRunValues } from "../run_votes.ts";
import { showRun } from "../output/run_report.ts";
import { showVoteRun } from "../output/vote_report.ts";

export class CreditsWithoutVotesError extends BaseError {
  constructor() {
    super("Credits are what voters have: a list of donations has amounts.", {
      fix: "Give --votes for a list of votes, or leave out --credits.",
    });
  }
}

export function runCommand(io: Io, setExitCode: (code: number) => void): Command {
  const command = new Command("run")
    .description(
      "play a whole round from a list of donations or votes, on a chain inside this process, with real messages and proofs",
    )
    .argument(
      "<donations.csv>",
      "CSV or TSV file with a header: donor,project,amount, or what other platforms export; with --votes donor,project,votes",
    )
    .option("--projects <file>", "CSV file with the projects' names")
    .option(
      "--unit <amount>",
      "tokens that buy one voice credit, or auto: as fine as votes can be",
      "auto",
    )
    .option(
      "--pool <amount>",
      "the matching pool in tokens (default: as much as was donated; with --votes none)",
    )
    .addOption(
      new Option(
        "--votes",
        "the list has votes in place of amounts, for and against: nobody pays, everybody has the same credits",
      ).conflicts(["amountDecimals", "decimalMark"]),
    )
    .addOption(
      new Option(
        "--credits <n>",
        "with --votes: what everybody has (default: what the dearest ballot costs)",
      ).argParser(parseInteger),
    )
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
        "tacit run votes.csv --votes --credits 100",
        "tacit run votes.csv --votes --pool 1000 --rule tiers --tiers 1x500,2x250",
        "tacit run export.csv --map donor=voter --map project=grantAddress --map amount=amountUSD",
      ),
    )
    .action(async (file: string, values: RunValues & VoteRunValues) => {
      if (values.votes !== true && values.credits !== undefined)
        throw new CreditsWithoutVotesError();
      // Loaded only here: the devnet takes a third of a second to load, which every other command would pay for.
      if (values.votes === true) {
        const { runVotes } = await loadOptional(
          "A chain inside this process",
          "hardhat",
          () => import("../run_votes.ts"),
        );
        const report = await runVotes(io, file, values, {
          isRuleGiven: command.getOptionValueSource("rule") === "cli",
        });
        answer(io, values, report, () => showVoteRun(io, report));
        setExitCode(report.ok ? EXIT.ok : EXIT.negative);
        return;
      }
      const { runDonations } = await loadOptional(
        "A chain inside this process",
        "hardhat",
        () => import("../run_donations.ts"),
      );
      const report = await runDonations(io, file, values);
      answer(io, values, report, () => showRun(io, report));
      setExitCode(report.ok ? EXIT.ok : EXIT.negative);
    });
  withDecimalMark(withTableOptions(command, ["donor", "project", "amount", "votes"]));
  return withOptions(withPayoutRule(command), "artifacts");
}
