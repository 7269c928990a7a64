import { beforeAll, describe, expect, test } from "vitest";
import { add, multiplyBase, negate, toMontgomery, type Point } from "../../src/crypto/curve.ts";
import { Fp, mod } from "../../src/crypto/field.ts";
import { MONTGOMERY_A, P } from "../../src/params.ts";
import { ORDER_2, TORSION } from "../helpers/points.ts";
import { seeded } from "../helpers/seeded.ts";
import { TestCircuit } from "./support/circuit.ts";

const random = seeded("double and add");
const words = (point: Point) => {
  const { u, v } = toMontgomery(point);
  return [u, v];
};

/** The step on which both ladders stand (SIG-2, ROW-5), and what it needs: operands of different u. */
describe("MontgomeryDoubleAndAdd", () => {
  let circuit: TestCircuit;
  beforeAll(async () => void (circuit = await TestCircuit.load("double_and_add")));
  const q = multiplyBase(random.scalar());

  test("ROW-5: gives 2q + t where the operands differ in u, torsion components and t = -2q ± torsion included", () => {
    const summands = [
      multiplyBase(random.scalar()),
      negate(multiplyBase(random.scalar())),
      ...TORSION.slice(1).flatMap((torsion) => [add(q, torsion), add(negate(add(q, q)), torsion)]),
    ];
    for (const t of summands.filter(({ x }) => x !== 0n)) {
      const expected = add(add(q, q), t);
      const inputs = { q: words(q), t: words(t) };
      // 2q + t = (0, -1) has Montgomery coordinates (0, 0), which the conversion does not give.
      const coordinates = expected.x === 0n ? [0n, 0n] : words(expected);
      expect(circuit.rejection(inputs)).toBeUndefined();
      expect(circuit.read(circuit.solve(inputs), "sum[0]", "sum[1]")).toEqual(coordinates);
    }
  });

  test("ROW-5: q of order 2 is its own negative: 2q + t = t", () => {
    const t = multiplyBase(random.scalar());
    expect(ORDER_2.x).toBe(0n);
    expect(circuit.read(circuit.solve({ q: [0n, 0n], t: words(t) }), "sum[0]", "sum[1]")).toEqual(
      words(t),
    );
  });

  test("ROW-5: 2q + t = identity has no witness, whatever the last slope", () => {
    const inputs = { q: words(q), t: words(negate(add(q, q))) };
    expect(circuit.rejection(inputs)).toBeDefined();
  });

  test("ROW-5: with t = q the slope would be the prover's choice, which is why the ladders must exclude it", () => {
    const [u, v] = words(q) as [bigint, bigint];
    const template = circuit.solve({ q: [u, v], t: words(add(q, ORDER_2)) });
    for (const slope of [1n, 2n, random.below(P)]) {
      const w = mod(slope * slope - MONTGOMERY_A - 2n * u);
      const slope2 = mod(Fp.div(2n * v, mod(u - w)) - slope);
      const sumU = mod(slope2 * slope2 - MONTGOMERY_A - w - u);
      const sumV = mod(slope2 * (u - sumU) - v);
      const forged: Record<string, bigint> = {
        "q[0]": u,
        "q[1]": v,
        "t[0]": u,
        "t[1]": v,
        "sum[0]": sumU,
        "sum[1]": sumV,
      };
      const inner: Record<string, bigint> = { slope, slope2, wU: w };
      const witness = template.map((value, wire) => {
        const name = wire === 0 ? "" : circuit.nameWire(wire);
        return forged[name] ?? inner[name.split(".").at(-1) as string] ?? value;
      });
      expect(circuit.constraints.isSatisfiedBy(witness)).toBe(true);
    }
  });
});
