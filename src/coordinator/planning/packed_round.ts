import { toMontgomery, type Point } from "../../crypto/curve.ts";
import { COMMAND_WORDS } from "../../params.ts";
import type { CommandWords } from "../../protocol/command.ts";
import { isContribution, type Item } from "../../protocol/item.ts";
import { decryptWith, readPoint } from "../../protocol/message.ts";
import {
  computeOutcome,
  type OpenedMessage,
  type ProjectResult,
  type RoundRules,
} from "../../round/semantics.ts";
import type { Statement } from "../../transcript/challenges.ts";
import { hashMemory } from "../../transcript/open_items.ts";
import { arrangeNumbers, PADDING_WORDS, tagNamedBy, type Row } from "../../transcript/rows.ts";
import {
  absorbRow,
  GENESIS,
  traceRow,
  type DiscreteState,
  type OpenLane,
  type TracedRow,
} from "../../transcript/trace.ts";
import { LinkList, type SharedLinks } from "./link_list.ts";
import { WORD_BYTES, Words } from "./words.ts";

/** A message's command and its c·R in Montgomery coordinates (ROW-5). */
export const OPENED_BYTES = (COMMAND_WORDS + 2) * WORD_BYTES;
/** A row's h and D. */
export const TRACED_BYTES = 2 * WORD_BYTES;

/** A round between its links and its circuits' inputs, in memory that threads share: 352 bytes a message and 16 an item beside the links. */
export type SharedRound = {
  readonly links: SharedLinks;
  /** By item number t less one: the place of its link. */
  readonly places: SharedArrayBuffer;
  /** By item: a contribution's final credits (LINK-3), and how many messages come before a message. */
  readonly facts: SharedArrayBuffer;
  /** Item numbers of the messages, in chain order. */
  readonly messages: SharedArrayBuffer;
  /** By message, in chain order: OPENED_BYTES. */
  readonly opened: SharedArrayBuffer;
};

/** The rows in their order, and what is known of them. */
export type SharedRows = {
  /** Two numbers t a row, of its message and of its contribution; 0 for a lane that is off (ROW-1). */
  readonly lanes: SharedArrayBuffer;
  /** By row: TRACED_BYTES. */
  readonly traced: SharedArrayBuffer;
};

/** Finds a round's items among its links. */
export function indexRound(shared: SharedLinks): SharedRound {
  const links = new LinkList(shared);
  const credits = new Map<bigint, bigint>();
  let [items, messages] = [0, 0];
  for (let place = 0; place < links.length; place++) {
    const kind = links.kindAt(place);
    if (kind === "message") messages++;
    else credits.set(links.tagAt(place), links.creditsAt(place));
    if (kind !== "topUp") items++;
  }
  const round = {
    links: shared,
    places: new SharedArrayBuffer(4 * items),
    facts: new SharedArrayBuffer(8 * items),
    messages: new SharedArrayBuffer(4 * messages),
    opened: new SharedArrayBuffer(OPENED_BYTES * messages),
  };
  const [places, facts, numbers] = [
    new Uint32Array(round.places),
    new BigUint64Array(round.facts),
    new Uint32Array(round.messages),
  ];
  let [t, message] = [0, 0];
  for (let place = 0; place < links.length; place++) {
    const kind = links.kindAt(place);
    if (kind === "topUp") continue;
    places[t] = place;
    facts[t++] = kind === "message" ? BigInt(message) : (credits.get(links.tagAt(place)) as bigint);
    if (kind === "message") numbers[message++] = t;
  }
  return round;
}

/** A shared round read and written as the objects of protocol and transcript, a few at a time. */
export class PackedRound {
  readonly #rules: RoundRules;
  readonly #links: LinkList;
  readonly #places: Uint32Array;
  readonly #facts: BigUint64Array;
  readonly #messages: Uint32Array;
  readonly #opened: Words;
  /** The lane of a message that is off (ROW-13): its R is B, so its root is C. */
  readonly #off: OpenLane;

  constructor(shared: SharedRound, { ctx, projects, signs, coordinatorKey }: Statement) {
    this.#rules = { ctx, projects, signs };
    this.#links = new LinkList(shared.links);
    this.#places = new Uint32Array(shared.places);
    this.#facts = new BigUint64Array(shared.facts);
    this.#messages = new Uint32Array(shared.messages);
    this.#opened = new Words(shared.opened);
    this.#off = {
      words: PADDING_WORDS,
      command: decryptWith(coordinatorKey, PADDING_WORDS, ctx),
      sharedRoot: toMontgomery(coordinatorKey),
    };
  }

  /** How many messages there are. */
  get messages(): number {
    return this.#messages.length;
  }

  /** Messages in chain order as LINK-1 writes them, one after the other. */
  bytesOf(from: number, to: number): Uint8Array {
    return Buffer.concat(
      Array.from(this.#messages.subarray(from, to), (t) => {
        const place = this.#places[t - 1] as number;
        return this.#links.bytes(place, place + 1);
      }),
    );
  }

  /** R of messages in chain order. */
  pointsOf(from: number, to: number): Point[] {
    return Array.from(this.#messages.subarray(from, to), (t) => readPoint(this.#wordsOf(t)));
  }

  /** Decrypts messages, from the first on, by their c·R (MSG-2). */
  open(from: number, roots: readonly Point[]): void {
    for (const [i, root] of roots.entries()) {
      const at = (from + i) * OPENED_BYTES;
      const words = this.#wordsOf(this.#messages[from + i] as number);
      const { u, v } = toMontgomery(root);
      for (const [w, word] of [...decryptWith(root, words, this.#rules.ctx), u, v].entries())
        this.#opened.set(at + w * WORD_BYTES, word);
    }
  }

  /** The rows of all items, once all messages are open: see `arrangeNumbers`. */
  arrange(rowsPerFold: number): SharedRows {
    const paid: { readonly t: number[]; readonly tag: bigint[] } = { t: [], tag: [] };
    const said: { readonly t: number[]; readonly tag: bigint[] } = { t: [], tag: [] };
    const malformed: number[] = [];
    for (let t = 1; t <= this.#places.length; t++) {
      const place = this.#places[t - 1] as number;
      const isMessage = this.#links.kindAt(place) === "message";
      const tag = isMessage ? tagNamedBy(this.#commandOf(t)) : this.#links.tagAt(place);
      if (tag === undefined) malformed.push(t);
      else {
        const list = isMessage ? said : paid;
        list.t.push(t);
        list.tag.push(tag);
      }
    }
    const packed = ({ t, tag }: typeof paid) => ({
      t: Uint32Array.from(t),
      tag: BigUint64Array.from(tag),
    });
    const numbers = arrangeNumbers(
      packed(paid),
      packed(said),
      Uint32Array.from(malformed),
      rowsPerFold,
    );
    const lanes = new SharedArrayBuffer(numbers.byteLength);
    new Uint32Array(lanes).set(numbers);
    return { lanes, traced: new SharedArrayBuffer((numbers.length / 2) * TRACED_BYTES) };
  }

  item(t: number): Item {
    const link = this.#links.at(this.#places[t - 1] as number);
    return link.kind === "contribution"
      ? { ...link, t, credits: this.#facts[t - 1] as bigint }
      : { kind: "message", t, words: this.#wordsOf(t) };
  }

  /** A message, decrypted. */
  openedMessage(t: number): OpenedMessage {
    return { t, R: readPoint(this.#wordsOf(t)), command: this.#commandOf(t) };
  }

  laneOf(message: Row["message"]): OpenLane {
    if (message === undefined) return this.#off;
    const at = this.#openedAt(message.t);
    const [u, v] = this.#opened.list(at + COMMAND_WORDS * WORD_BYTES, 2) as [bigint, bigint];
    return {
      words: message.words,
      command: this.#commandOf(message.t),
      sharedRoot: { u, v },
    };
  }

  get rules(): RoundRules {
    return this.#rules;
  }

  #openedAt(t: number): number {
    return Number(this.#facts[t - 1]) * OPENED_BYTES;
  }

  #commandOf(t: number): CommandWords {
    return this.#opened.list(this.#openedAt(t), COMMAND_WORDS);
  }

  #wordsOf(t: number) {
    const link = this.#links.at(this.#places[t - 1] as number);
    if (link.kind !== "message") throw new RangeError(`item ${t} is not a message`);
    return link.words;
  }
}

/** The rows of a packed round. */
export class PackedRows {
  readonly #round: PackedRound;
  readonly #lanes: Uint32Array;
  readonly #traced: Words;

  constructor(round: PackedRound, { lanes, traced }: SharedRows) {
    this.#round = round;
    this.#lanes = new Uint32Array(lanes);
    this.#traced = new Words(traced);
  }

  get length(): number {
    return this.#lanes.length / 2;
  }

  /**
   * Where ranges of about `rows` rows begin that do not depend on what comes before: at a donor's contribution, which sets the whole state (ROW-8).
   * Messages of nobody's cannot be parted.
   */
  ranges(rows: number): { readonly from: number; readonly to: number }[] {
    const starts = [0];
    for (let i = 1; i < this.length; i++)
      if (i - (starts.at(-1) as number) >= rows && this.#lanes[2 * i + 1] !== 0) starts.push(i);
    return starts.map((from, i) => ({ from, to: starts[i + 1] ?? this.length }));
  }

  /** What the semantics make of a range: votes by project. Writes each row's h, or takes it as known. */
  scan(from: number, to: number, isKnown: boolean): readonly ProjectResult[] {
    const { rules } = this.#round;
    const rows = Array.from({ length: to - from }, (_, i) => this.row(from + i));
    const hashes = hashMemory();
    const known = new Map<number, bigint>();
    if (isKnown)
      for (const [i, { message }] of rows.entries())
        if (message !== undefined) known.set(message.t, this.#h(from + i));
    const { results } = computeOutcome(
      rows.flatMap(({ contribution }) => contribution ?? []),
      rows.flatMap(({ message }) =>
        message === undefined ? [] : this.#round.openedMessage(message.t),
      ),
      rules,
      isKnown ? ({ t }) => known.get(t) as bigint : hashes.hash,
    );
    if (!isKnown) {
      let state = GENESIS;
      for (const [i, row] of rows.entries()) {
        const { h, after } = traceRow(row, state, rules, this.#round.laneOf(row.message), hashes);
        this.#traced.set((from + i) * TRACED_BYTES, h);
        state = after;
      }
    }
    return results;
  }

  /** Writes a range's D, from the D before it; gives the last one. */
  absorb(from: number, to: number, before: bigint): bigint {
    let D = before;
    for (let i = from; i < to; i++) {
      const row = this.row(i);
      const { command } = this.#round.laneOf(row.message);
      D = absorbRow(D, { row, h: this.#h(i), command });
      this.#traced.set(i * TRACED_BYTES + WORD_BYTES, D);
    }
    return D;
  }

  /** D after a row. */
  D(i: number): bigint {
    return this.#traced.get(i * TRACED_BYTES + WORD_BYTES);
  }

  /** A range traced from the state before it, h and D as written. */
  trace(from: number, to: number, before: DiscreteState): TracedRow[] {
    let state = before;
    return Array.from({ length: to - from }, (_, i) => {
      const row = this.row(from + i);
      const traced = traceRow(row, state, this.#round.rules, this.#round.laneOf(row.message), {
        find: () => this.#h(from + i),
      });
      state = traced.after;
      return { ...traced, D: this.D(from + i) };
    });
  }

  /** All rows, fold by fold; those before are forgotten. */
  *folds(rowsPerFold: number): Generator<readonly TracedRow[]> {
    let state: DiscreteState = GENESIS;
    for (let from = 0; from < this.length; from += rowsPerFold) {
      const rows = this.trace(from, from + rowsPerFold, state);
      state = (rows.at(-1) as TracedRow).after;
      yield rows;
    }
  }

  row(i: number): Row {
    const [message, contribution] = [0, 1].map((lane) => {
      const t = this.#lanes[2 * i + lane] as number;
      return t === 0 ? undefined : this.#round.item(t);
    });
    return {
      message: message === undefined || isContribution(message) ? undefined : message,
      contribution:
        contribution !== undefined && isContribution(contribution) ? contribution : undefined,
    };
  }

  #h(i: number): bigint {
    return this.#traced.get(i * TRACED_BYTES);
  }
}
