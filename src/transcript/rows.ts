import { BASE, COMMAND_WORDS } from "../params.ts";
import { decodeHeader, isWellFormed } from "../protocol/command.ts";
import {
  isContribution,
  isMessage,
  type Contribution,
  type Item,
  type Message,
} from "../protocol/item.ts";
import type { OpenedMessage } from "../round/semantics.ts";
import type { MessageWords } from "../protocol/message.ts";

/** A row's two lanes (ROW-1); an absent lane is off. */
export type Row = {
  readonly message?: Message | undefined;
  readonly contribution?: Contribution | undefined;
};

/** The content of a message lane that is off (ROW-13). */
export const PADDING_WORDS: MessageWords = [
  BASE.x,
  BASE.y,
  ...Array.from({ length: COMMAND_WORDS }, () => 0n),
];

/** TALLY-12: how many folds of `rows` rows the honest prover makes. */
export function foldCount(
  messages: number,
  contributions: number,
  rowsUsed: number,
  rows: number,
): number {
  return Math.max(
    1,
    Math.ceil((messages + Math.ceil(contributions / 8)) / rows),
    Math.ceil(rowsUsed / rows),
  );
}

/**
 * The honest prover's rows (ROW-4, ROW-6, ROW-7): groups by owner in increasing order, each donor's contribution beside its
 * first message, silent donors beside malformed messages while there are any; then what is left of those; then padding.
 */
export function arrangeRows(
  items: readonly Item[],
  opened: readonly OpenedMessage[],
  rows: number,
): Row[] {
  const messages = new Map(items.filter(isMessage).map((message) => [message.t, message]));
  const contributions = new Map(
    items.filter(isContribution).map((contribution) => [contribution.tag, contribution]),
  );
  const groups = new Map<bigint, Message[]>([...contributions.keys()].map((tag) => [tag, []]));
  const malformed: Message[] = [];
  for (const { t, command } of opened) {
    const message = messages.get(t) as Message;
    if (!isWellFormed(command)) malformed.push(message);
    else {
      const { tag } = decodeHeader(command[0] as bigint);
      const group = groups.get(tag);
      if (group === undefined) groups.set(tag, [message]);
      else group.push(message);
    }
  }
  const arranged: Row[] = [];
  let placed = 0; // of the malformed ones; taking them off the list's front would be quadratic
  for (const [owner, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    arranged.push({
      message: group[0] ?? malformed[placed++],
      contribution: contributions.get(owner),
    });
    for (const message of group.slice(1)) arranged.push({ message });
  }
  for (const message of malformed.slice(placed)) arranged.push({ message });
  const total = foldCount(messages.size, contributions.size, arranged.length, rows) * rows;
  while (arranged.length < total) arranged.push({});
  return arranged;
}
