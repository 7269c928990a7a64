import { KIND, LINK_BYTES, MESSAGE_WORDS } from "../../params.ts";
import { encodeLink, type Link } from "../../protocol/link.ts";
import { Words } from "./words.ts";

/** What a thread needs to read a list of links. */
export type SharedLinks = {
  readonly bytes: SharedArrayBuffer;
  readonly offsets: SharedArrayBuffer;
  readonly length: number;
};

const FIRST_BYTES = 1 << 16;
const FIRST_LINKS = 1 << 8;

/**
 * A round's links as LINK-1's bytes, one after the other: a message takes 353 bytes instead of a kilobyte and a half as an object, and threads read
 * them where they lie. It grows at the end only.
 */
export class LinkList implements Iterable<Link> {
  #bytes: SharedArrayBuffer;
  /** Where each link begins, and where the last one ends. */
  #offsets: Float64Array<SharedArrayBuffer>;
  #words: Words;
  #view: DataView;
  #length = 0;
  #items = 0;

  constructor(shared?: SharedLinks) {
    this.#bytes = shared?.bytes ?? new SharedArrayBuffer(FIRST_BYTES);
    this.#offsets = new Float64Array(
      shared?.offsets ?? new SharedArrayBuffer(8 * (FIRST_LINKS + 1)),
    );
    this.#length = shared?.length ?? 0;
    this.#words = new Words(this.#bytes);
    this.#view = new DataView(this.#bytes);
  }

  static from(links: Iterable<Link>): LinkList {
    const list = new LinkList();
    for (const link of links) list.push(link);
    return list;
  }

  get length(): number {
    return this.#length;
  }

  /** Links that are items (LINK-2): all but top-ups. Known to who built the list. */
  get items(): number {
    return this.#items;
  }

  /** The list as it is now, for a thread; links added later are not in it. */
  get shared(): SharedLinks {
    return {
      bytes: this.#bytes,
      offsets: this.#offsets.buffer,
      length: this.#length,
    };
  }

  push(link: Link): void {
    const encoded = encodeLink(link);
    const start = this.#offset(this.#length);
    if (start + encoded.length > this.#bytes.byteLength) {
      this.#bytes = grown(this.#bytes, 2 * this.#bytes.byteLength);
      this.#words = new Words(this.#bytes);
      this.#view = new DataView(this.#bytes);
    }
    if (this.#length + 1 === this.#offsets.length)
      this.#offsets = new Float64Array(grown(this.#offsets.buffer, 2 * this.#offsets.byteLength));
    new Uint8Array(this.#bytes).set(encoded, start);
    this.#offsets[++this.#length] = start + encoded.length;
    if (link.kind !== "topUp") this.#items++;
  }

  /** The link with this place, from 0. */
  at(place: number): Link {
    const start = this.#offset(place);
    const kind = this.kindAt(place);
    const words = this.#words;
    if (kind === "message") return { kind, words: words.list(start + 1, MESSAGE_WORDS) };
    const tag = this.tagAt(place);
    return kind === "contribution"
      ? {
          kind,
          tag,
          key: { x: words.get(start + 9), y: words.get(start + 41) },
          credits: this.creditsAt(place),
        }
      : { kind, tag, credits: this.creditsAt(place) };
  }

  kindAt(place: number): Link["kind"] {
    const byte = this.#view.getUint8(this.#offset(place));
    return byte === KIND.message ? "message" : byte === KIND.topUp ? "topUp" : "contribution";
  }

  /** Of a contribution or a top-up. */
  tagAt(place: number): bigint {
    return this.#view.getBigUint64(this.#offset(place) + 1);
  }

  /** Of a contribution or a top-up: credits are its last eight bytes. */
  creditsAt(place: number): bigint {
    return this.#view.getBigUint64(this.#offset(place) + LINK_BYTES[this.kindAt(place)] - 8);
  }

  /** LINK-1's bytes of the links from `start` up to before `end`, as a copy. */
  bytes(start: number, end: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes).slice(this.#offset(start), this.#offset(end));
  }

  *[Symbol.iterator](): Iterator<Link> {
    for (let place = 0; place < this.#length; place++) yield this.at(place);
  }

  #offset(place: number): number {
    return this.#offsets[place] as number;
  }
}

function grown(buffer: SharedArrayBuffer, byteLength: number): SharedArrayBuffer {
  const larger = new SharedArrayBuffer(byteLength);
  new Uint8Array(larger).set(new Uint8Array(buffer));
  return larger;
}
