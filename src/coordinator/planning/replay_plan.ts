import { bytesToHex, hexToBytes, type Hex } from "viem";
import { LINK_BYTES, MOST_TRANSACTION_GAS } from "../../params.ts";
import { nextChainValue } from "../../protocol/link.ts";
import type { LinkList } from "./link_list.ts";

/** One chunk for the contract's replay (TALLY-5). */
export type ReplayChunk = {
  readonly h0: Hex;
  readonly t0: bigint;
  readonly links: Hex;
  /** How many links lie before the chunk. */
  readonly start: number;
};

/** What a call may take at most: bytes of its arguments, and gas. */
export type Room = { readonly bytes: number; readonly gas: number };

/** Bytes of a call at most: below the 128 KiB that nodes accept for a transaction. */
const MOST_BYTES = 120_000;
/** What a fold takes of a call, and a link of the replay beside it: a seventh more gas than measured (snapshots/gas.json). */
const FOLD_ROOM: Room = { bytes: 288, gas: 400_000 };
const LINK_GAS = { message: 17_000, contribution: 7_000, topUp: 3_000 } as const;

/** The room of a call where a block has so much gas, and the sender adds `margin` percent to what it needs. */
export function limitRoom(blockGas: bigint, margin: bigint): Room {
  const most = blockGas < MOST_TRANSACTION_GAS ? blockGas : MOST_TRANSACTION_GAS;
  return { bytes: MOST_BYTES, gas: Number((most * 100n) / (100n + margin)) };
}

/** What is left of a call's room with so many folds in it. */
export const roomBeside = ({ bytes, gas }: Room, folds: number): Room => ({
  bytes: bytes - folds * FOLD_ROOM.bytes,
  gas: gas - folds * FOLD_ROOM.gas,
});

/** How many folds of so many messages a call takes, by its bytes. */
export const foldsPerCall = (rows: number): number =>
  Math.max(1, Math.floor(MOST_BYTES / (rows * LINK_BYTES.message + FOLD_ROOM.bytes)));

/** How many of the links that are `left` go with some of the `foldsLeft` folds to come: an equal share for each (TALLY-13). */
export const linksShare = (left: number, folds: number, foldsLeft: number): number =>
  Math.ceil((left * folds) / foldsLeft);

const VALUE_BYTES = 32;

/** Cuts a chain of links into replay chunks from the head backwards. */
export class ReplayPlan {
  readonly #links: LinkList;
  /** The chain's value before each link, and the head. */
  readonly #values: Uint8Array;
  readonly #itemsBefore: Uint32Array;
  /** Where the last pointer was found: the next one is not far before it. */
  #last: number;

  constructor(links: LinkList) {
    this.#links = links;
    this.#last = links.length;
    this.#values = new Uint8Array(VALUE_BYTES * (links.length + 1));
    this.#itemsBefore = new Uint32Array(links.length + 1);
    let value: Uint8Array = new Uint8Array(VALUE_BYTES);
    for (let i = 0; i < links.length; i++) {
      const link = links.at(i);
      value = nextChainValue(value, link);
      this.#values.set(value, VALUE_BYTES * (i + 1));
      this.#itemsBefore[i + 1] = (this.#itemsBefore[i] as number) + Number(link.kind !== "topUp");
    }
  }

  /** How many links lie before a replay pointer; 0 when the replay is complete. Undefined for a pointer that is not on this chain. */
  linksBefore(pointer: Hex): number | undefined {
    const wanted = hexToBytes(pointer);
    const down = this.#search(wanted, this.#last, -1);
    const index = down ?? this.#search(wanted, this.#last + 1, 1);
    if (index !== undefined) this.#last = index;
    return index;
  }

  /** Gas that links `[start, end)` take in a call. */
  sumGas(start: number, end: number): number {
    let sum = 0;
    for (let place = start; place < end; place++) sum += LINK_GAS[this.#links.kindAt(place)];
    return sum;
  }

  /** Where the longest chunk begins that ends before link `end`, of at most `count` links and within the room; one link at least. */
  findStart(end: number, count: number, room: Room): number {
    let start = end;
    let { bytes, gas } = room;
    while (start > 0 && end - start < count) {
      const kind = this.#links.kindAt(start - 1);
      bytes -= LINK_BYTES[kind];
      gas -= LINK_GAS[kind];
      if (start < end && (bytes < 0 || gas < 0)) break;
      start--;
    }
    return start;
  }

  /** The chunk of at most `count` links that ends where `end` links lie before the pointer; end ≥ 1. */
  chunk(
    end: number,
    count: number,
    room: Room = { bytes: MOST_BYTES, gas: Infinity },
  ): ReplayChunk {
    const start = this.findStart(end, count, room);
    return {
      start,
      h0: bytesToHex(this.#valueAt(start)),
      t0: BigInt(this.#itemsBefore[start] as number),
      links: bytesToHex(this.#links.bytes(start, end)),
    };
  }

  #valueAt(index: number): Uint8Array {
    return this.#values.subarray(VALUE_BYTES * index, VALUE_BYTES * (index + 1));
  }

  #search(wanted: Uint8Array, from: number, step: 1 | -1): number | undefined {
    for (let i = from; i >= 0 && i <= this.#links.length; i += step)
      if (Buffer.compare(this.#valueAt(i), wanted) === 0) return i;
    return undefined;
  }
}
