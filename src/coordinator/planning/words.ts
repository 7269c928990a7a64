/** 256-bit integers in 32 big-endian bytes each, read and written eight bytes at a time. */
export class Words {
  readonly #view: DataView;

  constructor(buffer: ArrayBufferLike) {
    this.#view = new DataView(buffer);
  }

  /** The integer at a byte offset. */
  get(offset: number): bigint {
    let x = this.#view.getBigUint64(offset);
    for (let at = 8; at < 32; at += 8) x = (x << 64n) | this.#view.getBigUint64(offset + at);
    return x;
  }

  set(offset: number, x: bigint): void {
    for (let at = 24; at >= 0; at -= 8, x >>= 64n)
      this.#view.setBigUint64(offset + at, BigInt.asUintN(64, x));
  }

  /** `count` integers, one after the other. */
  list(offset: number, count: number): bigint[] {
    return Array.from({ length: count }, (_, i) => this.get(offset + 32 * i));
  }
}

export const WORD_BYTES = 32;
