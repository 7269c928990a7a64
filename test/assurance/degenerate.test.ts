import { describe, expect, test } from "vitest";
import {
  add,
  isAcceptable,
  isOnCurve,
  multiplyBase,
  negate,
  toMontgomery,
  type Point,
} from "../../src/crypto/curve.ts";
import { Fp, mod } from "../../src/crypto/field.ts";
import { CURVE_D, MONTGOMERY_A, P } from "../../src/params.ts";
import { mixedOrder, ORDER_2, ORDER_4, ORDER_8, TORSION, UNACCEPTABLE } from "../helpers/points.ts";
import { seeded } from "../helpers/seeded.ts";
import { FREE_WIRES } from "./free_signals.ts";
import {
  ADD_ORDER_TWO,
  EDWARDS_ADD,
  EDWARDS_TO_MONTGOMERY,
  IS_ACCEPTABLE,
  MONTGOMERY_ADD,
  MONTGOMERY_DOUBLE,
  MONTGOMERY_DOUBLE_AND_ADD,
  MONTGOMERY_ON_CURVE,
  MONTGOMERY_TO_EDWARDS,
  oddMultiple,
  sharedPoint,
  THERE_AND_BACK,
} from "./mains.ts";
import { follow, followAll } from "./solver.ts";
import {
  compileVariant,
  WITHOUT_R_ON_CURVE,
  type ConstraintSystem,
  type Edit,
  type Main,
} from "./variants.ts";

/**
 * Every gadget at every kind of input that its constraints admit, whatever its comments ask for: where is something left to the prover?
 * Witnesses are followed from the inputs over the constraints alone, so no hint stands between; freedom is shown by two witnesses.
 */
const random = seeded("degenerate inputs");
type Words = readonly [bigint, bigint];
type Named = readonly [name: string, words: Words];

const edwards = ({ x, y }: Point): Words => [x, y];
const montgomery = (point: Point): Words =>
  point.x === 0n ? [0n, 0n] : [toMontgomery(point).u, toMontgomery(point).v];
const point = multiplyBase(random.scalar());
const word = () => random.below(P);
const off = (words: () => Words, isOn: (words: Words) => boolean): Words => {
  for (;;) {
    const found = words();
    if (!isOn(found)) return found;
  }
};
const onMontgomery = ([u, v]: Words) => mod(v * v - u * (u * u + MONTGOMERY_A * u + 1n)) === 0n;

const EDWARDS: readonly Named[] = [
  ["a point", edwards(point)],
  ["a point with torsion", edwards(mixedOrder(random.scalar()))],
  ...TORSION.map((torsion, i): Named => [`torsion ${i}`, edwards(torsion)]), // (0, 1) is 0, (0, -1) is 4
  ...UNACCEPTABLE.filter(({ point: { x, y } }) => !isOnCurve({ x, y })).map(
    ({ name, point: other }): Named => [name, edwards(other)],
  ),
  ["y = -1, x not 0", [word(), P - 1n]],
  ["y = 1, x not 0", [word(), 1n]],
  [
    "off the curve",
    off(
      () => [word(), word()],
      ([x, y]) => isOnCurve({ x, y }),
    ),
  ],
];
/** Where a doubling off the curve has 0/0: 3u² + 2Au + 1 = 0, if it has a root, and v = 0. */
const flat = mod((Fp.sqrt(mod(MONTGOMERY_A * MONTGOMERY_A - 3n)) - MONTGOMERY_A) * Fp.inv(3n));
const MONTGOMERY: readonly Named[] = [
  ["a point", montgomery(point)],
  ["order 2", [0n, 0n]],
  ["order 4", montgomery(ORDER_4)],
  ["order 8", montgomery(ORDER_8)],
  ["u = 0, off the curve", [0n, word()]],
  ["v = 0, off the curve", [word(), 0n]],
  ["v = 0 and 0/0 in the doubling, off the curve", [flat, 0n]],
  ["u = -1, off the curve", [P - 1n, word()]],
  ["off the curve", off(() => [word(), word()], onMontgomery)],
];
const other = multiplyBase(random.scalar());
const pairs = (form: (point: Point) => Words): readonly (readonly [string, Words, Words])[] => [
  ["two points", form(point), form(other)],
  ["equal", form(point), form(point)],
  ["opposite", form(point), form(negate(point))],
  ["apart by order 2", form(point), form(add(point, ORDER_2))],
  ["the second -2 times the first", form(point), form(negate(add(point, point)))],
  ["the second order 2", form(point), form(ORDER_2)],
  ["the first order 2", form(ORDER_2), form(point)],
  ["both order 2", form(ORDER_2), form(ORDER_2)],
  ["order 4 and 8", form(ORDER_4), form(ORDER_8)],
  ["equal, off the curve", [7n, 8n], [7n, 8n]],
  ["off the curve", [7n, 8n], [9n, 10n]],
  [
    "a denominator of the complete law 0, off the curve",
    [7n, 8n],
    [9n, mod(-Fp.inv(mod(CURVE_D * 7n * 8n * 9n)))],
  ],
  ["its other denominator 0, off the curve", [7n, 8n], [9n, Fp.inv(mod(CURVE_D * 7n * 8n * 9n))]],
  ["a coordinate in common, off the curve", [7n, 8n], [7n, 10n]],
];

/** "none", "one" witness, how many, or the names of the wires that the prover may choose. */
function judge(system: ConstraintSystem, given: ReadonlyMap<number, bigint>): string {
  const open = followAll(system, given).filter((outcome) => outcome.kind === "open");
  const [first, ...more] = open;
  if (first === undefined) return "none";
  const isIdle = (wire: number) => FREE_WIRES.some(({ name }) => name.test(system.nameWire(wire)));
  const chosen = first.unknown.filter((wire) => !isIdle(wire));
  if (chosen.length === 0) return more.length === 0 ? "one" : `${open.length} witnesses`;
  const witnesses = [1, 2].map(() => complete(system, first.values));
  if (witnesses.some((witness) => witness === undefined)) return "undecided";
  const [one, two] = witnesses as [ReadonlyMap<number, bigint>, ReadonlyMap<number, bigint>];
  return `free: ${chosen
    .filter((wire) => one.get(wire) !== two.get(wire))
    .map((wire) => system.nameWire(wire))
    .join(" ")}`;
}

/** A witness with a random value of one wire where the prover has the choice, and of more where that is not enough. */
function complete(
  system: ConstraintSystem,
  values: ReadonlyMap<number, bigint>,
  choices = 2,
): ReadonlyMap<number, bigint> | undefined {
  for (const outcome of followAll(system, values)) {
    if (outcome.kind === "none") continue;
    if (outcome.unknown.length === 0) return outcome.values;
    if (choices === 0) return undefined;
    for (const wire of outcome.unknown) {
      const found = complete(system, new Map([...outcome.values, [wire, word()]]), choices - 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

const given = (
  system: ConstraintSystem,
  words: Readonly<Record<string, Words>>,
  more: Readonly<Record<string, bigint>> = {},
) =>
  new Map([
    ...Object.entries(words).flatMap(([name, both]) =>
      both.map((value, i) => [system.wire(`${name}[${i}]`), value] as const),
    ),
    ...Object.entries(more).map(([name, value]) => [system.wire(name), value] as const),
  ]);

type Gadget = {
  readonly main: Main;
  readonly inputs: readonly Readonly<Record<string, Words>>[];
  readonly names: readonly string[];
  readonly more?: readonly Readonly<Record<string, bigint>>[];
  /** Inputs at which something is the prover's, and why no circuit lets one of them through. */
  readonly free: Readonly<Record<string, string>>;
};

const single = (cases: readonly Named[]) => ({
  names: cases.map(([name]) => name),
  inputs: cases.map(([, words]) => ({ in: words })),
});
const double = (form: (point: Point) => Words) => ({
  names: pairs(form).map(([name]) => name),
  inputs: pairs(form).map(([, first, second]) => ({ in: first, other: second })),
});
const MEETS =
  "lemma 1: accumulator and summand differ in torsion; fixed base: the table's intervals; signature: multiples below l (lemma 4)";

/** Every gadget of the curve. At inputs that are not named here there is one witness or none. */
const GADGETS: readonly Gadget[] = [
  {
    main: EDWARDS_TO_MONTGOMERY,
    ...single(EDWARDS),
    free: {
      "torsion 4":
        "(0, -1) leaves v free; MontgomeryOnCurve and the doublings in HalfSizeMultiple refuse it (lemma 1), and as a key it is not acceptable (lemma 4)",
    },
  },
  {
    main: MONTGOMERY_TO_EDWARDS,
    ...single(MONTGOMERY),
    free: { "order 2": "x of (0, 0) is free; what is converted is of order l or more (lemma 4)" },
  },
  {
    main: THERE_AND_BACK,
    ...single(EDWARDS),
    free: {
      "torsion 4": "as (0, -1)",
      "(p-1, p-1), off the curve": "y = -1 comes to (0, 0); no key has it (lemma 4)",
      "y = -1, x not 0": "the same",
    },
  },
  { main: MONTGOMERY_ON_CURVE, ...single(MONTGOMERY), free: {} },
  { main: IS_ACCEPTABLE, ...single(EDWARDS), free: {} },
  {
    main: MONTGOMERY_DOUBLE,
    ...single(MONTGOMERY),
    free: {
      "v = 0 and 0/0 in the doubling, off the curve":
        "no point has v = 0 but (0, 0), where the slope would be 1/0",
    },
  },
  { main: ADD_ORDER_TWO, ...single(MONTGOMERY), free: {} },
  { main: EDWARDS_ADD, ...double(edwards), free: {} },
  {
    main: MONTGOMERY_ADD,
    ...double(montgomery),
    free: { equal: MEETS, "both order 2": MEETS, "equal, off the curve": MEETS },
  },
  {
    main: MONTGOMERY_DOUBLE_AND_ADD,
    ...double(montgomery),
    free: { equal: MEETS, "both order 2": MEETS, "equal, off the curve": MEETS },
  },
  {
    main: oddMultiple(3),
    ...single(EDWARDS),
    more: Array.from({ length: 8 }, (_, b) => ({ b: BigInt(b) })),
    free: Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7].map((i) => [
        `torsion ${i}`,
        "multiples of a point of small order meet; as a key it is not acceptable (lemma 4)",
      ]),
    ),
  },
];

test.each(GADGETS)(
  "$main.name: one witness at most, but where it is known why not",
  async ({ main, names, inputs, more = [{}], free }) => {
    const system = await compileVariant({ main, level: "O1" });
    const verdicts = names.map(
      (name, i) =>
        [
          name,
          more.map((extra) =>
            judge(system, given(system, inputs[i] as Record<string, Words>, extra)),
          ),
        ] as const,
    );
    expect(
      verdicts
        .filter(([, found]) => found.some((verdict) => verdict.startsWith("free: ")))
        .map(([name]) => name),
    ).toEqual(Object.keys(free));
    const others = verdicts.flatMap(([name, found]) =>
      found.filter((verdict) => !verdict.startsWith("free: ")).map((verdict) => [name, verdict]),
    );
    expect(others.filter(([, verdict]) => verdict !== "one" && verdict !== "none")).toEqual([]);
    expect(verdicts[0]?.[1].every((verdict) => verdict === "one")).toBe(true); // two honest points, or one
  },
);

describe("ROW-5: HalfSizeMultiple behind EdwardsToMontgomery, with nothing given but R", () => {
  const refusals = async (...edits: Edit[]) => {
    const system = await compileVariant({ main: sharedPoint(127), level: "O1", edits });
    return EDWARDS.filter(
      ([, words]) => follow(system, given(system, { in: words })).kind === "none",
    ).map(([name]) => name);
  };
  const unacceptable = EDWARDS.filter(([, [x, y]]) => !isAcceptable({ x, y })).map(
    ([name]) => name,
  );

  test("refuses every R that is not acceptable, and no other", async () => {
    expect(unacceptable).toHaveLength(EDWARDS.length - 2);
    expect(await refusals()).toEqual(unacceptable);
  });

  test("without the proof that R is on the curve, (0, -1) and words off the curve go through", async () => {
    const refused = await refusals(WITHOUT_R_ON_CURVE);
    expect(unacceptable.filter((name) => !refused.includes(name))).toEqual([
      "torsion 4",
      "y = 0, off the curve",
      "(1, √A), off the curve",
      "off the curve",
    ]);
  });
});
