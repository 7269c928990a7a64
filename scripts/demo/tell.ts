import { processIo } from "../../src/cli/output/io.ts";

const WIDTH = 100;

export const io = processIo();

/** A heading of the story. */
export function scene(title: string): void {
  io.out(`\n${io.colours.bold(io.colours.cyan(title))}\n`);
}

/** A paragraph, wrapped. */
export function tell(text: string): void {
  let line = "";
  for (const word of text.split(" ")) {
    if (line.length + word.length + 1 > WIDTH) {
      io.out(`${line}\n`);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  io.out(`${line}\n`);
}

/** Indented lines as they are. */
export function list(lines: readonly string[]): void {
  for (const line of lines) io.out(`  ${line}\n`);
}
