import { bytesToHex, hexToBytes, type Hex } from "viem";
import { LINK_BYTES } from "../../params.ts";
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

/** Calldata of one chunk at most: well below the 128 KiB that nodes accept for a transaction. */
const MAX_CHUNK_BYTES = 60_000;

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

  /** The chunk of at most `count` links that ends where `end` links lie before the pointer; end ≥ 1. */
  chunk(end: number, count: number): ReplayChunk {
    let start = end - 1;
    let bytes = LINK_BYTES[this.#links.kindAt(start)];
    while (start > 0 && end - start < count) {
      bytes += LINK_BYTES[this.#links.kindAt(start - 1)];
      if (bytes > MAX_CHUNK_BYTES) break;
      start--;
    }
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
