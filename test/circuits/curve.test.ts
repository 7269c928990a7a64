import { beforeAll, describe, expect, test } from "vitest";
import {
  add,
  IDENTITY,
  isAcceptable,
  multiply,
  multiplyBase,
  negate,
  type Point,
} from "../../src/crypto/curve.ts";
import { mod } from "../../src/crypto/field.ts";
import { challengeScalar } from "../../src/crypto/signature.ts";
import { BASE, L, P } from "../../src/params.ts";
import { POISON_SCALARS } from "../helpers/hostile_crypto.ts";
import { mixedOrder, TORSION, UNACCEPTABLE } from "../helpers/points.ts";
import { seeded } from "../helpers/seeded.ts";
import { TestCircuit } from "./support/circuit.ts";

const random = seeded("curve gadgets");
const words = ({ x, y }: Point) => [x, y];
const MAX_S = (1n << 252n) - 1n;

describe("SIG-2: s·B, FixedBaseMultiple", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("fixed_base")));
  const product = (s: bigint) => circuit.read(circuit.solve({ s }), "x", "y");

  const edges: [string, bigint][] = [
    ...[0n, 1n, 2n, 3n, 4n].map((s): [string, bigint] => [`${s}`, s]),
    ...[-1n, 0n, 1n].map((offset): [string, bigint] => [`l + ${offset}`, L + offset]),
    ["2^252 - 1", MAX_S],
    ["2^252 - 2", MAX_S - 1n],
    ["the half where the segments meet", (1n << 126n) - 1n],
    ["the other half", MAX_S - ((1n << 126n) - 1n)],
    ["alternating bits", MAX_S / 3n],
    ["alternating bits, shifted", (MAX_S / 3n) * 2n],
    ...POISON_SCALARS.map((s, i): [string, bigint] => [
      `circomlib's scalar without witness, ${i}`,
      s,
    ]),
  ];
  test.each(edges)("s = %s", (_, s) => {
    expect(product(s)).toEqual(words(multiplyBase(s)));
  });

  test("powers of two and random scalars", () => {
    const scalars = [
      ...Array.from({ length: 252 }, (_, i) => 1n << BigInt(i)),
      ...Array.from({ length: 200 }, () => random.below(MAX_S + 1n)),
    ];
    expect(scalars.filter((s) => product(s).join() !== words(multiplyBase(s)).join())).toEqual([]);
  });

  test("scalars for which the two segments hold equal or opposite points", () => {
    // The segments hold low + firstStart + carry and 4^63·(high + 2·4^63 + carry), both times B; high and low are the halves of s.
    const unit = 4n ** 63n;
    const carry = (unit - 1n) / 3n;
    const firstStart = mod(-(2n * unit * unit + (unit * unit - 1n) / 3n), L);
    const target = mod(unit * (2n * unit + carry) - firstStart - carry, L);
    const equal: bigint[] = [];
    for (let m = 0n; m < 3n; m++) {
      // Equal iff low = target + 4^63·high - m·l for some m.
      const high = m * L <= target ? 0n : (m * L - target + unit - 1n) / unit;
      const low = target + unit * high - m * L;
      if (high < unit && low < unit) equal.push(low + unit * high);
    }
    expect(equal.length).toBeGreaterThan(0);
    const opposite = [0n, L]; // the sum of the two is s itself
    for (const s of [...equal, ...opposite]) expect(product(s)).toEqual(words(multiplyBase(s)));
  });

  test("SIG-2: s above 252 bits has no witness", () => {
    expect(circuit.rejection({ s: MAX_S + 1n })).toBeDefined();
    expect(circuit.rejection({ s: P - 1n })).toBeDefined();
  });

  test("every wire is fixed by the scalar", () => {
    const witness = circuit.solve({ s: random.below(MAX_S) });
    const free = Array.from({ length: witness.length - 1 }, (_, i) => i + 1).filter((wire) =>
      circuit.constraints.toleratesChange(witness, wire, ((witness[wire] as bigint) + 1n) % P),
    );
    expect(free).toEqual([]);
  });
});

describe("SIG-2: E·key, OddMultiple", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("odd_multiple")));
  const rejection = (point: Point, b: bigint) => circuit.rejection({ point: words(point), b });
  const product = (point: Point, b: bigint) =>
    circuit.read(circuit.solve({ point: words(point), b }), "x", "y");

  const keys: [string, Point][] = [
    ["B", BASE],
    ["-B", negate(BASE)],
    ["a random point", multiplyBase(random.scalar())],
    ...TORSION.slice(1).map((torsion, i): [string, Point] => [
      `a point plus torsion ${i + 1}`,
      add(multiplyBase(random.scalar()), torsion),
    ]),
  ];
  test.each(keys)("of %s", (_, point) => {
    for (const b of [
      0n,
      1n,
      2n,
      (1n << 128n) - 1n,
      (1n << 127n) - 1n,
      1n << 127n,
      random.below(1n << 128n),
    ]) {
      expect(product(point, b)).toEqual(words(multiply(point, challengeScalar(b))));
      expect(rejection(point, b)).toBeUndefined();
    }
  });

  test("b of more than 128 bits has no witness", () => {
    for (const b of [1n << 128n, (1n << 128n) + 5n, (1n << 253n) + 7n, P - 1n])
      expect(rejection(BASE, b)).toBeDefined();
  });

  test("each of the 128 signed v has the square of the point's v: they are bits, whatever their weighted sum", () => {
    const [vSquared] = circuit.listWires(/\.vSquared$/) as [number];
    const signs = circuit.listWires(/\.signedV\[\d+\]$/);
    expect(signs).toHaveLength(128);
    expect(signs.filter((wire) => !circuit.constraints.hasConstraintOn(wire, vSquared))).toEqual(
      [],
    );
  });

  test("every wire is fixed by the inputs, the signs that stand for bits too", () => {
    const witness = circuit.solve({ point: words(mixedOrder(7n)), b: 12345n });
    const free = Array.from({ length: witness.length - 1 }, (_, i) => i + 1).filter((wire) =>
      [((witness[wire] as bigint) + 1n) % P, 0n, (P - (witness[wire] as bigint)) % P].some(
        (value) =>
          value !== witness[wire] && circuit.constraints.toleratesChange(witness, wire, value),
      ),
    );
    expect(free).toEqual([]);
  });
});

describe("KEY-1, SEM-5: EdwardsAdd and IsAcceptable", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("edwards")));

  test("the law is complete: all pairs of torsion points, and sums that are equal, opposite or mixed", () => {
    const p = multiplyBase(random.scalar());
    const points = [
      ...TORSION,
      p,
      negate(p),
      add(p, TORSION[3] as Point),
      add(negate(p), TORSION[4] as Point),
      BASE,
    ];
    for (const a of points) {
      for (const b of points) {
        const witness = circuit.solve({ p: words(a), q: words(b) });
        expect(circuit.read(witness, "sum[0]", "sum[1]")).toEqual(words(add(a, b)));
      }
    }
  });

  test("SEM-5: acceptable points are accepted, others are not", () => {
    const acceptable = [
      BASE,
      negate(BASE),
      multiplyBase(random.scalar()),
      ...TORSION.slice(1).map((torsion) => add(BASE, torsion)),
    ];
    const cases = [
      ...acceptable.map((point) => ({ name: "acceptable", point })),
      ...UNACCEPTABLE,
      { name: "random words", point: { x: random.below(P), y: random.below(P) } },
    ];
    for (const { name, point } of cases) {
      const got = circuit.read(
        circuit.solve({ p: words(point), q: words(IDENTITY) }),
        "acceptable",
      )[0];
      expect([name, got]).toEqual([name, BigInt(isAcceptable(point))]);
    }
  });
});
