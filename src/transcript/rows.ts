import { BASE, COMMAND_WORDS } from "../params.ts";
import { decodeHeader, isWellFormed, type CommandWords } from "../protocol/command.ts";
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

/** Items by their numbers t, each with the tag that it carries or names; in chain order. */
export type Tagged = { readonly t: Uint32Array; readonly tag: BigUint64Array };

/**
 * The honest prover's rows (ROW-4, ROW-6, ROW-7): groups by owner in increasing order, each donor's contribution beside its
 * first message, silent donors beside malformed messages while there are any; then what is left of those; then padding.
 * Gives two numbers a row: its message's t and its contribution's, 0 for a lane that is off. Sorting is its most expensive step.
 */
export function arrangeNumbers(
  contributions: Tagged,
  messages: Tagged,
  malformed: Uint32Array,
  rows: number,
): Uint32Array {
  const [donors, named] = [inOrder(contributions), inOrder(messages)];
  const most = contributions.t.length + messages.t.length + malformed.length;
  const lanes = new Uint32Array(2 * most);
  let [used, donor, next, placed] = [0, 0, 0, 0];
  const add = (message: number, contribution: number) => {
    lanes.set([message, contribution], 2 * used++);
  };
  const tagAt = ({ tag }: Tagged, order: Uint32Array, place: number) =>
    place < order.length ? tag[order[place] as number] : undefined;
  for (;;) {
    const [paid, said] = [tagAt(contributions, donors, donor), tagAt(messages, named, next)];
    if (paid === undefined && said === undefined) break;
    const owner = said === undefined || (paid !== undefined && paid < said) ? paid : said;
    const take = () =>
      tagAt(messages, named, next) === owner ? messages.t[named[next++] as number] : undefined;
    if (paid === owner)
      add(
        take() ?? (placed < malformed.length ? (malformed[placed++] as number) : 0),
        contributions.t[donors[donor++] as number] as number,
      );
    for (let t = take(); t !== undefined; t = take()) add(t, 0);
  }
  for (; placed < malformed.length; placed++) add(malformed[placed] as number, 0);
  const count = messages.t.length + malformed.length;
  const total = foldCount(count, contributions.t.length, used, rows) * rows;
  const padded = new Uint32Array(2 * total);
  padded.set(lanes.subarray(0, 2 * used));
  return padded;
}

/** Places by tag, and for one tag in chain order. */
function inOrder({ t, tag }: Tagged): Uint32Array {
  return Uint32Array.from(t.keys()).sort((a, b) => {
    const [x, y] = [tag[a] as bigint, tag[b] as bigint];
    return x < y ? -1 : x > y ? 1 : a - b;
  });
}

/** The tag that a command names, if it is well formed (ROW-4). */
export const tagNamedBy = (command: CommandWords): bigint | undefined =>
  isWellFormed(command) ? decodeHeader(command[0] as bigint).tag : undefined;

/** `arrangeNumbers` on items and their opened messages. */
export function arrangeRows(
  items: readonly Item[],
  opened: readonly OpenedMessage[],
  rows: number,
): Row[] {
  const messages = new Map(items.filter(isMessage).map((message) => [message.t, message]));
  const paid = items.filter(isContribution);
  const contributions = new Map(paid.map((contribution) => [contribution.t, contribution]));
  const tags = opened.map(({ t, command }) => ({ t, tag: tagNamedBy(command) }));
  const lanes = arrangeNumbers(
    tagged(paid),
    tagged(tags.filter(({ tag }) => tag !== undefined) as { t: number; tag: bigint }[]),
    Uint32Array.from(tags.filter(({ tag }) => tag === undefined).map(({ t }) => t)),
    rows,
  );
  return Array.from({ length: lanes.length / 2 }, (_, i) => ({
    message: messages.get(lanes[2 * i] as number),
    contribution: contributions.get(lanes[2 * i + 1] as number),
  }));
}

const tagged = (items: readonly { readonly t: number; readonly tag: bigint }[]): Tagged => ({
  t: Uint32Array.from(items.map(({ t }) => t)),
  tag: BigUint64Array.from(items.map(({ tag }) => tag)),
});
