import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { Fp, mod } from "../../src/crypto/field.ts";
import { BASE, CURVE_A, CURVE_D, L } from "../../src/params.ts";

/**
 * The table of FixedBaseMultiple, derived anew from the curve's equation: what it holds, and that no digits lead to an exceptional addition.
 * Nothing here is shared with its generator.
 */
type Pair = readonly [bigint, bigint];
const WINDOWS = 126;
const HALF = WINDOWS / 2;
const ONE: Pair = [0n, 1n];

function add([x1, y1]: Pair, [x2, y2]: Pair): Pair {
  const t = mod(CURVE_D * mod(x1 * x2) * mod(y1 * y2));
  return [
    Fp.div(mod(x1 * y2 + y1 * x2), mod(1n + t)),
    Fp.div(mod(y1 * y2 - CURVE_A * mod(x1 * x2)), mod(1n - t)),
  ];
}

function multiple(k: bigint, point: Pair): Pair {
  let result = ONE;
  for (const bit of k.toString(2)) {
    result = add(result, result);
    if (bit === "1") result = add(result, point);
  }
  return result;
}

function montgomery([x, y]: Pair): Pair {
  const u = Fp.div(mod(1n + y), mod(1n - y));
  return [u, Fp.div(u, x)];
}

const base: Pair = [BASE.x, BASE.y];
/** The starts of the two segments: the second at 2·4^126, the first at minus that and minus a 1 for each digit. */
const second = 2n * 4n ** 126n;
const first = mod(-(second + (4n ** 126n - 1n) / 3n), L);

test("SIG-2: the table holds 1 to 4 times 4^i·B for each digit i, and the starts", async () => {
  expect(multiple(L, base)).toEqual(ONE);
  const source = await readFile(fromRoot("circuits/generated/fixed_base_table.circom"), "utf8");
  const points = [...source.matchAll(/\[(\d{20,}), (\d{20,})\]/g)].map(
    ([, u, v]): Pair => [BigInt(u as string), BigInt(v as string)],
  );
  const expected: Pair[] = [];
  for (let i = 0, unit = base; i < WINDOWS; i++, unit = add(add(unit, unit), add(unit, unit))) {
    for (let k = 0, at = unit; k < 4; k++, at = add(at, unit)) expected.push(montgomery(at));
  }
  expect(points).toEqual([
    montgomery(multiple(first, base)),
    montgomery(multiple(mod(second, L), base)),
    ...expected,
  ]);
});

/** Whether integers from low to high include a multiple of l. */
const meets = (low: bigint, high: bigint) => (high / L) * L >= low;

/** Additions of a segment, in units of its first digit, where some digits make accumulator and summand equal, opposite, or either the identity. */
function exceptional(start: bigint): number[] {
  const found: number[] = [];
  let [low, high] = [start, start];
  for (let i = 0n; i < HALF; i++) {
    const unit = 4n ** i;
    // Accumulator in [low, high], summand d·unit with 1 <= d <= 4: 0 is none of accumulator, accumulator - summand, accumulator + summand.
    if (low <= 4n * unit || meets(low - 4n * unit, high + 4n * unit)) found.push(Number(i));
    [low, high] = [low + unit, high + 4n * unit];
  }
  // The segment's result is converted, so it is not the identity either.
  return meets(low, high) ? [...found, HALF] : found;
}

test("SIG-2: no digits lead either segment to an exceptional addition, or to the identity at its end", () => {
  expect(exceptional(first)).toEqual([]);
  // In units of 4^63: a multiple of l of 4^63·k is one of k, as l is prime.
  expect(second % 4n ** 63n).toBe(0n);
  expect(exceptional(second / 4n ** 63n)).toEqual([]);
});

test("the check bites: from 0, from 4 units, and from just below l additions are exceptional", () => {
  expect(exceptional(0n)).toContain(0);
  expect(exceptional(4n)).toContain(0);
  expect(exceptional(L - 5n)).toContain(1);
  expect(exceptional(L - 4n ** 62n)).toContain(62);
});

test("bounds and non-squares that lemmas 1 and 4 lean on", () => {
  const isSquare = (x: bigint) => Fp.pow(mod(x), (Fp.ORDER - 1n) / 2n) === 1n;
  expect([CURVE_A, CURVE_D, 168_698n ** 2n - 4n].map(isSquare)).toEqual([true, false, false]);
  expect(3n * 2n ** 128n - 1n).toBeLessThan(L);
  expect(2n ** 252n + 2n ** 253n).toBeLessThan(Fp.ORDER);
  expect(2n ** 252n).toBeLessThanOrEqual(Fp.ORDER - 2n ** 253n);
});
