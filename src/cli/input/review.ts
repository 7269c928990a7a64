import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Option, type Command } from "commander";
import { BaseError } from "../../errors.ts";
import type { Io } from "../output/io.ts";
import { answer, facts } from "../output/output.ts";

/** The options of `withReview`, as commander gives them. */
export type ReviewValues = {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

export class NotConfirmedError extends BaseError {
  constructor() {
    super("Nothing was sent: the answer was not yes.", {
      fix: "Repeat the command when what it shows is right. --yes does it without asking, --dry-run only shows it.",
    });
  }
}

/** For a command that does what cannot be taken back. */
export function withReview(command: Command): Command {
  return command
    .addOption(new Option("--yes", "do it without asking (without a terminal nobody is asked)"))
    .addOption(
      new Option("--dry-run", "check everything, show what would be done, and send nothing"),
    );
}

/** What is about to be done, as the command has understood it. */
export type Review = {
  /** "Create a round": what is done, in the form of an order. */
  readonly title: string;
  readonly pairs: readonly (readonly [string, string])[];
  /** What nobody can change afterwards, as a sentence. */
  readonly forGood: string;
};

/**
 * Shows what is about to be done, after everything that can be checked was checked and before anything is sent. A person at a terminal is asked.
 * @returns whether to go on: not with --dry-run, which has answered then.
 * @throws NotConfirmedError
 */
export async function review(
  io: Io,
  values: ReviewValues,
  { title, pairs, forGood }: Review,
): Promise<boolean> {
  const lines = [`${title}:`, ...facts(pairs), forGood];
  if (values.dryRun === true) {
    const data = { sent: false, review: Object.fromEntries(pairs), forGood };
    answer(io, values, data, [...lines, "Nothing was sent (--dry-run)."]);
    return false;
  }
  if (values.yes === true || io.stdin.isTTY !== true) return true;
  io.err(`${lines.join("\n")}\n`);
  const reply = await ask(io, 'Type "yes" to go on: ');
  if (!/^\s*yes\s*$/i.test(reply)) throw new NotConfirmedError();
  return true;
}

/** A line from the terminal; nothing where it ends without one. The terminal itself shows what is typed. */
async function ask(io: Io, question: string): Promise<string> {
  io.err(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: false });
  try {
    const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
    return await Promise.race([lines.question(""), closed]);
  } finally {
    lines.close();
  }
}
