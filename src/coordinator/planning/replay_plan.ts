import { bytesToHex, concatHex, type Hex } from "viem";
import { LINK_BYTES } from "../../params.ts";
import { chainValues, encodeLink, type Link } from "../../protocol/link.ts";

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

/** Cuts a chain of links into replay chunks from the head backwards. */
export class ReplayPlan {
  readonly #links: readonly Link[];
  readonly #values: readonly Hex[];
  readonly #itemsBefore: readonly number[];

  constructor(links: readonly Link[]) {
    this.#links = links;
    this.#values = chainValues(links).map((value) => bytesToHex(value));
    let items = 0;
    this.#itemsBefore = links.map(({ kind }) => (kind === "topUp" ? items : items++));
  }

  /** How many links lie before a replay pointer; 0 when the replay is complete. Undefined for a pointer that is not on this chain. */
  linksBefore(pointer: Hex): number | undefined {
    const index = this.#values.lastIndexOf(pointer);
    return index < 0 ? undefined : index;
  }

  /** The chunk of at most `count` links that ends where `end` links lie before the pointer; end ≥ 1. */
  chunk(end: number, count: number): ReplayChunk {
    let start = end - 1;
    let bytes = LINK_BYTES[(this.#links[start] as Link).kind];
    while (start > 0 && end - start < count) {
      bytes += LINK_BYTES[(this.#links[start - 1] as Link).kind];
      if (bytes > MAX_CHUNK_BYTES) break;
      start--;
    }
    return {
      start,
      h0: this.#values[start] as Hex,
      t0: BigInt(this.#itemsBefore[start] as number),
      links: concatHex(this.#links.slice(start, end).map((link) => bytesToHex(encodeLink(link)))),
    };
  }
}
