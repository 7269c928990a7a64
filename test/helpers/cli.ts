import { createColors } from "picocolors";
import { Readable } from "node:stream";
import type { Io } from "../../src/cli/output/io.ts";
import { runCli } from "../../src/cli/program.ts";

export type CliAnswer = { readonly code: number; readonly out: string; readonly err: string };

/** Runs one command line in this process, with its own streams and environment. */
export async function tacit(
  args: readonly string[],
  {
    env = {},
    stdin = "",
    atTerminal = false,
  }: {
    readonly env?: Readonly<Record<string, string>>;
    readonly stdin?: string;
    /** Whether `stdin` is typed by a person. */
    readonly atTerminal?: boolean;
  } = {},
): Promise<CliAnswer> {
  const text = { out: "", err: "" };
  const io: Io = {
    out: (part) => void (text.out += part),
    err: (part) => void (text.err += part),
    stdin: Object.assign(Readable.from([stdin]), { isTTY: atTerminal }) as unknown as Io["stdin"],
    env,
    isInteractive: false,
    colours: createColors(false),
  };
  return { code: await runCli(args, io), ...text };
}

/** The same with --json; fails unless the command did its work. */
export async function tacitJson<T>(
  args: readonly string[],
  options: Parameters<typeof tacit>[1] = {},
): Promise<T> {
  const answer = await tacit([...args, "--json"], options);
  if (answer.code !== 0)
    throw new Error(`tacit ${args.join(" ")}: exit code ${answer.code}\n${answer.err}`);
  return JSON.parse(answer.out) as T;
}
