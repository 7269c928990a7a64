import { decodeHeader, isWellFormed } from "../../src/protocol/command.ts";
import type { OpenedMessage } from "../../src/round/semantics.ts";
import type { Row } from "../../src/transcript/rows.ts";

/** The first rule of ROW-4, ROW-6, ROW-7 that an arrangement breaks, with the row: what the circuit refuses. */
export function brokenRowRule(
  rows: readonly Row[],
  opened: readonly OpenedMessage[],
): string | undefined {
  const commands = new Map(opened.map(({ t, command }) => [t, command]));
  let last = { owner: 0n, time: 0 };
  for (const [i, { message, contribution }] of rows.entries()) {
    const command = message === undefined ? undefined : commands.get(message.t);
    const named =
      command !== undefined && isWellFormed(command)
        ? decodeHeader(command[0] as bigint).tag
        : undefined;
    if (named !== undefined && contribution !== undefined && named !== contribution.tag)
      return `ROW-4 at row ${i}`;
    const owner = contribution?.tag ?? named;
    if (owner === undefined) continue;
    const time = named === undefined ? 0 : (message as { t: number }).t;
    if (owner < last.owner || (owner === last.owner && time <= last.time))
      return `ROW-6 at row ${i}`;
    if (contribution !== undefined && owner === last.owner) return `ROW-7 at row ${i}`;
    last = { owner, time };
  }
  return undefined;
}
