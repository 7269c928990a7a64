import { Command, CommanderError } from "commander";
import { createRequire } from "node:module";
import { describeNodeFailure } from "../chain/node_failure.ts";
import { BaseError, describeError, withoutSecrets } from "../errors.ts";
import { installed } from "../installation.ts";
import { abortCommand } from "./commands/abort.ts";
import { applicationsCommand } from "./commands/applications.ts";
import { archiveCommand } from "./commands/archive.ts";
import { billboardCommand } from "./commands/billboard.ts";
import { cancelCommand } from "./commands/cancel.ts";
import { claimCommand } from "./commands/claim.ts";
import { contributeCommand } from "./commands/contribute.ts";
import { coordinatorCommand } from "./commands/coordinator.ts";
import { createRoundCommand } from "./commands/create_round.ts";
import { deployCommand } from "./commands/deploy.ts";
import { disputeCommand } from "./commands/dispute.ts";
import { editorsCommand } from "./commands/editors.ts";
import { estimateCommand } from "./commands/estimate.ts";
import { fundCommand } from "./commands/fund.ts";
import { gateCommand } from "./commands/gate.ts";
import { instalmentsCommand } from "./commands/instalments.ts";
import { keygenCommand } from "./commands/keygen.ts";
import { matchCommand } from "./commands/match.ts";
import { pictureCommand } from "./commands/picture.ts";
import { memberCommand } from "./commands/member.ts";
import { outcomeCommand } from "./commands/outcome.ts";
import { projectsCommand } from "./commands/projects.ts";
import { publishCommand } from "./commands/publish.ts";
import { refundCommand } from "./commands/refund.ts";
import { reviewsCommand } from "./commands/reviews.ts";
import { runCommand } from "./commands/run.ts";
import { setupCommand } from "./commands/setup.ts";
import { statusCommand } from "./commands/status.ts";
import { tallyCommand } from "./commands/tally.ts";
import { topUpCommand } from "./commands/top_up.ts";
import { verifyCommand } from "./commands/verify.ts";
import { voucherCommand } from "./commands/voucher.ts";
import { workerCommand } from "./commands/worker.ts";
import { resolveNames } from "./input/ens_name.ts";
import { EXIT } from "./output/exit_codes.ts";
import type { Io } from "./output/io.ts";

const { version } = createRequire(import.meta.url)(installed("package.json")) as {
  version: string;
};

const AFTER_HELP = `
A round, step by step:
  tacit keygen, deploy, create-round, projects add     set it up
  tacit publish, contribute, top-up, fund              take part
  tacit tally, verify, claim, outcome                  finish it, and see what votes decide
  tacit archive                                        keep all of it in files
  tacit abort, cancel, dispute, refund                 or take the money back
  tacit coordinator, worker                            finish rounds unattended, on one machine or many
  tacit gate, voucher, member                          who may take part
  tacit applications, editors, picture                 who becomes a project, who helps to decide, how it looks
  tacit billboard                                      a board whose proceeds fund a round
  tacit reviews, instalments                           which projects have a match, and when it is paid
  tacit setup                                          make proving keys for real chains (docs/CEREMONY.md)
  tacit run donations.csv                              all of it at once, on a chain inside this process

Exit codes: 0 done; 1 refused or failed; 2 the command was not understood; 3 verify or run found something that does not hold.
Secrets are read from files, the environment or a prompt, never from arguments.
`;

/** Runs one command line and answers its exit code. Never throws. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.ok;
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  const program = new Command("tacit")
    .description("Quadratic funding with secret ballots and an on-chain proof of the result.")
    .version(version)
    .addHelpText("after", AFTER_HELP);
  for (const command of [
    keygenCommand(io),
    deployCommand(io),
    createRoundCommand(io),
    projectsCommand(io),
    applicationsCommand(io),
    editorsCommand(io),
    pictureCommand(io),
    publishCommand(io),
    contributeCommand(io),
    topUpCommand(io),
    fundCommand(io),
    statusCommand(io),
    tallyCommand(io),
    verifyCommand(io, setExitCode),
    archiveCommand(io),
    claimCommand(io),
    outcomeCommand(io),
    refundCommand(io),
    abortCommand(io),
    cancelCommand(io),
    disputeCommand(io),
    matchCommand(io),
    runCommand(io, setExitCode),
    coordinatorCommand(io),
    workerCommand(io),
    estimateCommand(io),
    setupCommand(io, setExitCode),
    gateCommand(io),
    voucherCommand(io),
    memberCommand(io),
    billboardCommand(io),
    reviewsCommand(io),
    instalmentsCommand(io),
  ])
    program.addCommand(command);
  configureAll(program, io);
  program.hook("preAction", async (_, command) => resolveNames(io, command));
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    io.err(`${showError(error, argv.includes("--verbose"))}\n`);
    return EXIT.failed;
  }
}

/** Errors and help go where the other output goes, and usage errors come back to us instead of ending the process. */
function configureAll(command: Command, io: Io): void {
  command
    .exitOverride()
    .showHelpAfterError("(see --help)")
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  for (const sub of command.commands) configureAll(sub, io);
}

/** For our own errors all there is to say; for others one line, and the stack only where it is asked for. No URL with what may be a key in it. */
export function showError(error: unknown, verbose: boolean): string {
  if (verbose && error instanceof Error) return withoutSecrets(String(error.stack));
  const node = error instanceof BaseError ? undefined : describeNodeFailure(error);
  const told = node ?? error;
  if (told instanceof BaseError) return withoutSecrets(`error: ${told.message}`);
  return `error: ${withoutSecrets(describeError(error))}\nWhat to do: Repeat the command with --verbose and report what it prints.`;
}
