import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { isAcceptable, isOnCurve, multiplyBase } from "../../src/crypto/curve.ts";
import { mod } from "../../src/crypto/field.ts";
import { P } from "../../src/params.ts";
import { mixedOrder, TORSION, UNACCEPTABLE } from "../helpers/points.ts";
import { seeded } from "../helpers/seeded.ts";
import { compareAfterElimination } from "./elimination.ts";
import { sharedPoint } from "./mains.ts";
import { follow } from "./solver.ts";
import {
  compileVariant,
  shippedSystem,
  WITHOUT_R_ON_CURVE,
  type ConstraintSystem,
  type Edit,
} from "./variants.ts";

/**
 * Hints as inputs. What stands behind `<--` is a suggestion to whoever computes the witness: here each one is taken out of the sources, and
 * the constraint system stays as it is. So every hinted wire is an input of the prover's, and the circuit is judged by its constraints alone.
 */
const HINT = /<--[^;]+;/g;
const random = seeded("hints");

let fold: ConstraintSystem;
beforeAll(async () => void (fold = await shippedSystem("fold_one")));

test("a source without its hints has the same constraints", async () => {
  const sources = await Promise.all(
    (await filesBelow(fromRoot("circuits"), ".circom")).map((file) => readFile(file, "utf8")),
  );
  expect(sources.join("").match(HINT)?.length).toBeGreaterThan(10);
  // As long as before, since names of anonymous components carry their place in the source.
  const transform = (source: string) =>
    source.replace(HINT, (hint) => `<-- 0${" ".repeat(hint.length - 6)};`);
  const without = await compileVariant({ main: { name: "fold_one" }, level: "O2", transform });
  expect([...without.signals]).toEqual([...fold.signals]);
  expect(compareAfterElimination(without, fold, "hints")).toEqual({
    undetermined: [],
    missing: [],
    added: [],
  });
});

const EXCEPTIONAL: readonly (readonly [
  name: string,
  R: { readonly x: bigint; readonly y: bigint },
])[] = [
  ...TORSION.map((point, i) => [`torsion ${i}`, point] as const), // 0 is (0, 1), 4 is (0, -1)
  ...UNACCEPTABLE.map(({ name, point }) => [name, point] as const),
  ["x = 0, y random", { x: 0n, y: random.below(P) }],
  ["y = -1, x random", { x: random.below(P), y: P - 1n }],
  ["y = 1, x random", { x: random.below(P), y: 1n }],
  ["y = 0, x random", { x: random.below(P), y: 0n }],
  ...Array.from(
    { length: 8 },
    (_, i) => [`random words ${i}`, { x: random.below(P), y: random.below(P) }] as const,
  ),
];

type R = (typeof EXCEPTIONAL)[number][1];
const outcome = (system: ConstraintSystem, [x, y]: readonly [string, string], R: R) =>
  follow(
    system,
    new Map([
      [system.wire(x), R.x],
      [system.wire(y), R.y],
    ]),
  ).kind;

describe("ROW-5: nothing given but R, every other wire the prover's", () => {
  const ofFold = (R: R) => outcome(fold, ["words[0][0]", "words[0][1]"], R);

  test.each(EXCEPTIONAL)("%s: a fold has no witness, whichever lanes are on", (_, R) => {
    expect(isAcceptable(R)).toBe(false);
    expect(ofFold(R)).toBe("none");
  });

  test("control: acceptable R go on", () => {
    for (const R of [multiplyBase(random.scalar()), mixedOrder(random.scalar())])
      expect(ofFold(R)).toBe("open");
  });

  test("without the proof that R is on the curve, (0, -1) and words off the curve go on", async () => {
    const open = await compileVariant({
      main: sharedPoint(127),
      level: "O2",
      edits: [WITHOUT_R_ON_CURVE],
    });
    const through = EXCEPTIONAL.filter(([, R]) => outcome(open, ["in[0]", "in[1]"], R) === "open");
    expect(through.map(([name]) => name)).toContain("torsion 4");
    expect(
      through
        .filter(([name]) => name !== "torsion 4" && name !== "order 2")
        .every(([, R]) => !isOnCurve(R)),
    ).toBe(true);
    expect(through.filter(([name]) => name.startsWith("random words")).length).toBeGreaterThan(0);
  });
});

describe("ROW-5: the forged witness for R = (0, -1)", () => {
  /* With this v, (P - S).u is -1 or 1, so that the summand of step 1 meets its accumulator: the slope there is the prover's, and with it the end. */
  const V = 3689785700844211554320630796372858500709780750562130745813865706280920385933n;
  const ROOT = [
    21008401652573960347695041102560914970179803379135748035105739075284384922413n,
    9531901308969671368721725791801973284859309357280582219928041361666303732969n,
  ] as const;
  const SLOPE = 2941719469014845984816461264787931660090855202954023891625904101634925851222n;
  const N = 3;
  const [c1, c2] = [1n, 3n];

  /** What the constraints make of the forger's v, root and slope; sign -1 for the other reading. */
  const forge = async (sign: bigint, ...edits: Edit[]) => {
    const system = await compileVariant({ main: sharedPoint(N), level: "O1", edits });
    const bits = [c1, c2].flatMap((c, i) =>
      system
        .find(new RegExp(`^DecomposeHalfSize_\\d+_\\d+\\.bits${i + 1}\\.out\\[\\d+\\]$`))
        .map((wire, k) => [wire, (((c + 7n) / 2n) >> BigInt(k)) & 1n] as const),
    );
    const [v] = system.find(/^EdwardsToMontgomery_\d+_\d+\.out\.v$/) as [number];
    const [slope] = system.find(/MontgomeryDoubleAndAdd_\d+_\d+(\[0\])?\.slope$/) as [number];
    const inputs = {
      "in[0]": 0n,
      "in[1]": P - 1n,
      c1,
      c2,
      "root[0]": ROOT[0],
      "root[1]": mod(sign * ROOT[1]),
    };
    return [1n, -1n]
      .map((direction) => {
        const outcome = follow(
          system,
          new Map([
            ...Object.entries(inputs).map(([name, value]) => [system.wire(name), value] as const),
            ...bits,
            [v, mod(sign * V)],
            [slope, mod(direction * SLOPE)],
          ]),
        );
        return outcome.kind === "open"
          ? {
              unknown: outcome.unknown.length,
              S: ["S[0]", "S[1]"].map((name) => outcome.values.get(system.wire(name))),
            }
          : undefined;
      })
      .find((found) => found !== undefined);
  };

  test("is complete without the proof that R is on the curve: S for one v, -S for the other, under the same c", async () => {
    const [plus, minus] = [
      await forge(1n, WITHOUT_R_ON_CURVE),
      await forge(-1n, WITHOUT_R_ON_CURVE),
    ];
    expect([plus?.unknown, minus?.unknown]).toEqual([0, 0]);
    expect(minus?.S[0]).toBe(plus?.S[0]);
    expect(minus?.S[1]).toBe(mod(-(plus?.S[1] as bigint)));
    expect(plus?.S[1]).not.toBe(0n);
  });

  test("is none with it", async () => {
    expect(await forge(1n)).toBeUndefined();
    expect(await forge(-1n)).toBeUndefined();
  });
});
