import { quadraticWeight } from "../../../src/matching/quadratic.ts";
import type { PayoutRound } from "../../../src/payouts/rule.ts";

/**
 * The capped rule as it is mostly told, in exact fractions, and with another algorithm than ours: share the pool by weight; whoever has
 * more than the ceiling is set to it for good, and the excess is handed on to the others by what they have, until nobody has more.
 * Then, once, who has less than the floor is raised to it, and the others give what that takes by what they have above it.
 */
export function byLoop(
  { available, projects }: PayoutRound,
  capBps: bigint,
  floorAmount: bigint,
): bigint[] {
  const weights = projects.map(quadraticWeight);
  const cap = (available * capBps) / 10_000n;
  const capped = new Set<number>();
  let [rest, total] = [available, weights.reduce((a, b) => a + b, 0n)];
  for (;;) {
    const over = weights.flatMap((weight, i) =>
      !capped.has(i) && weight > 0n && weight * rest >= cap * total ? [i] : [],
    );
    if (over.length === 0) break;
    for (const i of over) capped.add(i);
    rest = available - BigInt(capped.size) * cap;
    total = weights.reduce((sum, weight, i) => (capped.has(i) ? sum : sum + weight), 0n);
  }
  const below = BigInt(projects.length - capped.size);
  const floor = [floorAmount, cap, below === 0n ? 0n : rest / below].reduce((a, b) =>
    b < a ? b : a,
  );
  const share = (i: number): Fraction => [(weights[i] as bigint) * rest, total === 0n ? 1n : total];
  let [need, excess]: [Fraction, Fraction] = [
    [0n, 1n],
    [0n, 1n],
  ];
  for (const i of projects.keys()) {
    if (capped.has(i)) continue;
    const above = minus(share(i), [floor, 1n]);
    if (above[0] < 0n) need = minus(need, above);
    else excess = plus(excess, above);
  }
  // W = 0: nobody has anything to give, and the floor comes from what is not shared.
  const kept: Fraction =
    excess[0] === 0n || total === 0n ? [0n, 1n] : over(minus(excess, need), excess);
  return projects.map((_, i) => {
    if (capped.has(i)) return cap;
    const above = minus(share(i), [floor, 1n]);
    if (above[0] < 0n) return floor;
    return floor + (above[0] * kept[0]) / (above[1] * kept[1]);
  });
}

type Fraction = readonly [bigint, bigint];
const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduced(a * d + c * b, b * d);
const minus = (x: Fraction, [c, d]: Fraction): Fraction => plus(x, [-c, d]);
const over = ([a, b]: Fraction, [c, d]: Fraction): Fraction => reduced(a * d, b * c);
function reduced(a: bigint, b: bigint): Fraction {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? [0n, 1n] : [a / x, b / x];
}
