import { JOB_BYTES } from "./curve.ts";
import { LIMBS, PAIR_BYTES } from "./field.ts";
import { pointBytes, readPoint, writePoint, type Group, type Point } from "./groups.ts";
import { Q, type Kernels } from "./kernels.ts";

/** Jobs of two sums that share one inversion, which costs as much as 70 of them. More do not stay in the second-level cache. */
const BATCH = 512;

/** Lists of points, one after the other in `items`: list i has `lengths[i]` addresses from `starts[i]` on. The lowest bit of an address negates its point. */
export type Lists = {
  readonly items: Uint32Array;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
};

/**
 * Sums of many lists of points at once: in each round neighbours in a list are added, so that lists halve, and all sums of a round go through the kernels' batches.
 * A batch with equal or opposite points has a vanishing product (their x are equal); then these sums are made one by one, and the batch again without them.
 */
export class Sums<P extends Point<P>> {
  readonly #kernels: Kernels;
  readonly #group: Group<P>;
  readonly #slots: number;
  readonly #slotsEnd: number;
  #free: number;
  /** Slots of sums that are the zero point, which has no coordinates: they leave their lists. */
  readonly #zeros = new Set<number>();
  readonly #jobs: number;
  readonly #differences: number;
  readonly #products: number;
  readonly #inverse: number;
  /** Two points whose sum is easy, for places of a batch that nobody needs, and a place for it. */
  readonly #idle: readonly [number, number, number];
  #count = 0;
  /** Additions so far, and those among them that were made one by one. */
  readonly counts = { additions: 0, exceptions: 0 };

  /** @param slots room for so many sums */
  constructor(kernels: Kernels, group: Group<P>, slots: number) {
    const [side, size] = [group.degree * PAIR_BYTES, pointBytes(group)];
    this.#kernels = kernels;
    this.#group = group;
    this.#slots = this.#free = kernels.allocate(slots * size);
    this.#slotsEnd = this.#slots + slots * size;
    this.#jobs = kernels.allocate(BATCH * JOB_BYTES);
    this.#differences = kernels.allocate(BATCH * side);
    this.#products = kernels.allocate((BATCH + 1) * side);
    this.#inverse = kernels.allocate(side);
    const idle = kernels.allocate(3 * size);
    this.#idle = [idle, idle + size, idle + 2 * size];
    writePoint(kernels, group, idle, group.generator);
    writePoint(kernels, group, idle + size, group.generator.double());
    kernels.bytes.fill(0, this.#products, this.#products + side);
    const one = kernels.within(() => kernels.allocateElement(1n, Q));
    for (const lane of [0, 8])
      for (let j = 0; j < 5; j++)
        kernels.doubles[(this.#products + 16 * j + lane) / 8] = kernels.doubles[
          one / 8 + j
        ] as number;
  }

  /** Forgets all sums made so far. */
  clear(): void {
    this.#free = this.#slots;
    this.#zeros.clear();
  }

  /** Replaces each list by its sum: afterwards its length is 1, or 0 if it was empty or its sum is the zero point. The points themselves stay. */
  sum({ items, starts, lengths }: Lists): void {
    const own = this.#free; // what lies above was made here and may be overwritten
    const size = pointBytes(this.#group);
    const active = Uint32Array.from(lengths.keys());
    for (let count = active.length; ; ) {
      let left = 0;
      for (let i = 0; i < count; i++) {
        const list = active[i] as number;
        if (this.#zeros.size > 0)
          lengths[list] = this.#dropZeros(items, starts[list] as number, lengths[list] as number);
        if ((lengths[list] as number) > 1) active[left++] = list;
      }
      count = left;
      if (count === 0) return;
      for (let n = 0; n < count; n++) {
        const list = active[n] as number;
        const start = starts[list] as number;
        const length = lengths[list] as number;
        let kept = start;
        for (let i = start; i + 1 < start + length; i += 2) {
          const a = items[i] as number;
          const b = items[i + 1] as number;
          let target = this.#free;
          if (a >= own && a < this.#free) target = a - (a & 1);
          else if (b >= own && b < this.#free) target = b - (b & 1);
          else this.#free += size;
          this.#add(a, b, target);
          items[kept++] = target;
        }
        if (length % 2 === 1) items[kept++] = items[start + length - 1] as number;
        lengths[list] = kept - start;
      }
      if (this.#free > this.#slotsEnd) throw new RangeError("more sums than there is room for");
      this.#flush();
    }
  }

  #dropZeros(items: Uint32Array, start: number, length: number): number {
    let kept = 0;
    for (let i = start; i < start + length; i++)
      if (!this.#zeros.has(items[i] as number)) items[start + kept++] = items[i] as number;
    return kept;
  }

  #add(a: number, b: number, target: number): void {
    this.#write(this.#count++, a, b, target);
    if (this.#count === 2 * BATCH) this.#flush();
  }

  #write(sum: number, a: number, b: number, target: number): void {
    const { words } = this.#kernels;
    const at = this.#jobs / 4 + (JOB_BYTES / 4) * (sum >> 1) + (sum & 1);
    words[at] = a;
    words[at + 2] = b;
    words[at + 4] = target;
  }

  #flush(): void {
    if (this.#count === 0) return;
    this.counts.additions += this.#count;
    const jobs = (this.#count + 1) >> 1;
    if (this.#count % 2 === 1) this.#write(this.#count, ...this.#idle);
    this.#count = 0;
    const { run } = this.#kernels;
    const side = this.#group.degree * PAIR_BYTES;
    const product = this.#products + jobs * side;
    this.#forward(jobs);
    if (this.#isZero(product, 0) || this.#isZero(product, 1)) {
      for (let sum = 0; sum < 2 * jobs; sum++)
        if (this.#vanishes(this.#differences + side * (sum >> 1), sum & 1)) this.#addAlone(sum);
      this.#forward(jobs);
    }
    run[this.#group.degree === 1 ? "q_invert" : "q2_invert"](product, this.#inverse);
    run[`${this.#group.name}_backward`](
      this.#jobs + jobs * JOB_BYTES,
      jobs,
      this.#differences + jobs * side,
      product,
      this.#inverse,
    );
  }

  #forward(jobs: number): void {
    this.#kernels.run[`${this.#group.name}_forward`](
      this.#jobs,
      jobs,
      this.#differences,
      this.#products,
    );
  }

  /** Whether a lane of a product is 0 modulo q. A product's components are below q, and its limbs are unique, so that all of them are 0. */
  #isZero(product: number, lane: number): boolean {
    const { doubles } = this.#kernels;
    for (let i = 0; i < LIMBS * this.#group.degree; i++)
      if (doubles[product / 8 + 2 * i + lane] !== 0) return false;
    return true;
  }

  /** Whether a lane of a difference is 0 modulo q. It may be q itself. */
  #vanishes(pair: number, lane: number): boolean {
    for (let c = 0; c < this.#group.degree; c++)
      if (this.#kernels.readLimbs(pair + c * PAIR_BYTES + 8 * lane, 16) % Q !== 0n) return false;
    return true;
  }

  /** Makes one sum of the batch by the library's complete formulas and gives its place to an idle one. */
  #addAlone(sum: number): void {
    const { words } = this.#kernels;
    const at = this.#jobs / 4 + (JOB_BYTES / 4) * (sum >> 1) + (sum & 1);
    const target = words[at + 4] as number;
    const result = readPoint(this.#kernels, this.#group, words[at] as number).add(
      readPoint(this.#kernels, this.#group, words[at + 2] as number),
    );
    if (result.is0()) this.#zeros.add(target);
    else writePoint(this.#kernels, this.#group, target, result);
    this.#write(sum, ...this.#idle);
    this.counts.exceptions++;
  }
}
