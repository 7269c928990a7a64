import { inverse, mod } from "./small_field.ts";

export type SmallPoint = { readonly x: number; readonly y: number };

/** The curve with Baby Jubjub's coefficients over a small field: 168700·x² + y² = 1 + 168696·x²·y², by the complete law, apart from any circuit. */
export class SmallCurve {
  readonly p: number;
  readonly points: readonly SmallPoint[];
  readonly #a: number;
  readonly #d: number;

  constructor(p: number) {
    this.p = p;
    this.#a = mod(168700, p);
    this.#d = mod(168696, p);
    this.points = this.pairs().filter((point) => this.has(point));
  }

  /** All pairs of words, points or not. */
  pairs(): SmallPoint[] {
    return Array.from({ length: this.p * this.p }, (_, i) => ({
      x: Math.floor(i / this.p),
      y: i % this.p,
    }));
  }

  has({ x, y }: SmallPoint): boolean {
    const [xx, yy] = [(x * x) % this.p, (y * y) % this.p];
    return mod(this.#a * xx + yy - 1 - this.#d * ((xx * yy) % this.p), this.p) === 0;
  }

  add(a: SmallPoint, b: SmallPoint): SmallPoint {
    const { p } = this;
    const product = (...factors: number[]) =>
      factors.reduce((left, right) => (left * right) % p, 1);
    const t = product(this.#d, a.x, b.x, a.y, b.y);
    return {
      x: product(a.x * b.y + a.y * b.x, inverse(1 + t, p)),
      y: product(mod(a.y * b.y - product(this.#a, a.x, b.x), p), inverse(1 - t, p)),
    };
  }

  multiply(point: SmallPoint, k: number): SmallPoint {
    let result: SmallPoint = { x: 0, y: 1 };
    for (let bit = 1 << 20; bit > 0; bit >>= 1) {
      result = this.add(result, result);
      if (k & bit) result = this.add(result, point);
    }
    return result;
  }

  isIdentity({ x, y }: SmallPoint): boolean {
    return x === 0 && y === 1;
  }

  isAcceptable(point: SmallPoint): boolean {
    return this.has(point) && !this.isIdentity(this.multiply(point, 8));
  }

  /** The point as u,v. Needs x != 0. */
  montgomery({ x, y }: SmallPoint): { readonly u: number; readonly v: number } {
    const u = ((1 + y) * inverse(1 - y, this.p)) % this.p;
    return { u, v: (u * inverse(x, this.p)) % this.p };
  }

  order(point: SmallPoint): number {
    let order = 1;
    for (let at = point; !this.isIdentity(at); at = this.add(at, point)) order++;
    return order;
  }
}
