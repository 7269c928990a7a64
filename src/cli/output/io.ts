import { createColors } from "picocolors";

/** Where a command reads and writes. Replaced by tests. */
export type Io = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person watches: progress bars and prompts only then. */
  readonly isInteractive: boolean;
  readonly colours: ReturnType<typeof createColors>;
};

/** The process's own streams. Colours only on a terminal and without NO_COLOR (https://no-color.org). */
export function processIo(): Io {
  const isInteractive = process.stdout.isTTY === true;
  const noColor = (process.env["NO_COLOR"] ?? "") !== "";
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: process.stdin,
    env: process.env,
    isInteractive,
    colours: createColors(isInteractive && !noColor),
  };
}
