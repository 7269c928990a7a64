import { describe, expect, test } from "vitest";
import { depth, FUZZ_TIMEOUT_MS } from "./depth.ts";
import {
  EDWARDS_ADD,
  EDWARDS_TO_MONTGOMERY,
  IS_ACCEPTABLE,
  MONTGOMERY_TO_EDWARDS,
  oddMultiple,
  sharedPoint,
  THERE_AND_BACK,
} from "./mains.ts";
import { SmallCurve, type SmallPoint } from "./small_curve.ts";
import { inverse, mod, SmallSystem, type Plan } from "./small_field.ts";
import {
  compileVariant,
  WITHOUT_R_ON_CURVE,
  WITHOUT_ROOT_ON_CURVE,
  type Edit,
  type Main,
} from "./variants.ts";

/**
 * The compiled constraint systems themselves, over fields so small that all witnesses can be enumerated. A second reading of one input shows as
 * a second result, whatever the reason: a slope that is free, a root that is no point, a bit that is none. There is no model that could differ.
 */
const FIELDS = [
  { p: 251, l: 31 },
  { p: 409, l: 47 },
] as const;
const [SMALLEST] = FIELDS;

const IN = ["in[0]", "in[1]"],
  OTHER = ["other[0]", "other[1]"],
  OUT = ["out[0]", "out[1]"];

const reduced = async (main: Main, p: number, ...edits: Edit[]) =>
  new SmallSystem(await compileVariant({ main, level: "O1", edits }), p);

describe.each(FIELDS)("modulo $p", ({ p, l }) => {
  const curve = new SmallCurve(p);
  const isSquare = (x: number) =>
    Array.from({ length: p }, (_, i) => i).some((i) => mod(i * i - x, p) === 0);
  const text = (...words: number[]) => words.join();
  const montgomery = (point: SmallPoint) => text(...Object.values(curve.montgomery(point)));

  /** Results of all witnesses for given inputs, each as text. */
  const solver = (system: SmallSystem, inputs: readonly string[], outputs: readonly string[]) => {
    const plan = system.plan(
      inputs.map((name) => system.system.wire(name)),
      "full",
    );
    const wires = outputs.map((name) => system.system.wire(name));
    return (...words: readonly number[]): string[] => {
      const values = system.values(
        Object.fromEntries(inputs.map((name, i) => [name, words[i] as number])),
      );
      const found: string[] = [];
      system.solve(plan, values, () => void found.push(wires.map((wire) => values[wire]).join()));
      return found;
    };
  };

  test("the curve is of Baby Jubjub's kind: cyclic, of order 8 times a prime, with the squares and non-squares that the circuits lean on", () => {
    expect(curve.points).toHaveLength(8 * l);
    expect(Math.max(...curve.points.map((point) => curve.order(point)))).toBe(8 * l);
    expect([168700, 168696, 168698 ** 2 - 4].map(isSquare)).toEqual([true, false, false]);
  });

  test("PARAM-2, EdwardsToMontgomery: one result at most for every pair of words but (0, -1), where v is free", async () => {
    const find = solver(await reduced(EDWARDS_TO_MONTGOMERY, p), IN, OUT);
    expect(curve.pairs().filter(({ x, y }) => find(x, y).length > 1)).toEqual([{ x: 0, y: p - 1 }]);
    expect(
      curve.points.filter(
        (point) => point.x !== 0 && find(point.x, point.y).join(" ") !== montgomery(point),
      ),
    ).toEqual([]);
  });

  test("PARAM-2, MontgomeryToEdwards: one result for every point but (0, 0), where x is free", async () => {
    const find = solver(await reduced(MONTGOMERY_TO_EDWARDS, p), IN, OUT);
    const isWrong = (point: SmallPoint) => {
      const { u, v } = curve.montgomery(point);
      return find(u, v).join(" ") !== text(point.x, point.y);
    };
    expect(curve.points.filter((point) => point.x !== 0 && isWrong(point))).toEqual([]);
    expect(find(0, 0)).toHaveLength(p);
  });

  test("PARAM-2: there and back is where one was, for every acceptable point", async () => {
    const find = solver(await reduced(THERE_AND_BACK, p), IN, OUT);
    expect(
      curve.points.filter(
        ({ x, y }) => curve.isAcceptable({ x, y }) && find(x, y).join(" ") !== text(x, y),
      ),
    ).toEqual([]);
  });

  test("KEY-1, IsAcceptable: one verdict for every pair of words, and the right one", async () => {
    const find = solver(await reduced(IS_ACCEPTABLE, p), IN, ["onCurve", "notSmallOrder"]);
    const wrong = curve.pairs().filter((pair) => {
      const [verdict, ...others] = new Set(find(pair.x, pair.y)); // the inverse of 0 in IsZero is free, and no part of it
      return (
        others.length > 0 ||
        (verdict === "1,1") !== curve.isAcceptable(pair) ||
        verdict?.startsWith("1") !== curve.has(pair)
      );
    });
    expect(wrong).toEqual([]);
  });

  test("SIG-2, EdwardsAdd: one sum of every two points, and the right one", async () => {
    const find = solver(await reduced(EDWARDS_ADD, p), [...IN, ...OTHER], OUT);
    const wrong = curve.points.flatMap((a) =>
      curve.points.filter((b) => {
        const { x, y } = curve.add(a, b);
        return find(a.x, a.y, b.x, b.y).join(" ") !== text(x, y);
      }),
    );
    expect(wrong).toEqual([]);
  });

  test(
    "SIG-2, OddMultiple(3): of an acceptable key one multiple for each b, the right one; of any words, signs that fix b",
    async () => {
      const n = 3;
      expect(3 * 2 ** n - 1).toBeLessThan(l);
      const small = await reduced(oddMultiple(n), p);
      const v = small.system
        .find(/EdwardsToMontgomery_\d+_\d+\.out\.v$/)
        .map((wire) => small.system.nameWire(wire));
      const signs = small.system
        .find(/\.signedV\[\d+\]$/)
        .map((wire) => small.system.nameWire(wire));
      expect([v.length, signs.length]).toEqual([1, n]);
      const find = solver(small, IN, ["b", ...v, ...signs, ...OUT]);
      const isWrong = (pair: SmallPoint) => {
        const found = find(pair.x, pair.y).map((result) => result.split(","));
        const signsByPair = new Map(
          found.map((words) => [words.slice(0, 2).join(), words.slice(2, 2 + n).join()]),
        );
        if (
          !found.every(
            (words) =>
              signsByPair.get(words.slice(0, 2).join()) === words.slice(2, 2 + n).join() &&
              Number(words[0]) < 2 ** n,
          )
        )
          return true;
        if (!curve.isAcceptable(pair)) return false;
        const expected = Array.from(
          { length: 2 ** n },
          (_, b) => `${b},${montgomery(curve.multiply(pair, 2 ** n + 2 * b + 1))}`,
        );
        return (
          found
            .map((words) => [words[0], ...words.slice(-2)].join())
            .sort()
            .join(" ") !== expected.join(" ")
        );
      };
      const some =
        p === SMALLEST.p
          ? curve.pairs()
          : [...curve.points, ...curve.pairs().filter(({ x, y }) => x === 0 || y === x)];
      expect(depth(some, curve.pairs()).filter(isWrong)).toEqual([]);
    },
    FUZZ_TIMEOUT_MS,
  );

  const digits = depth(3, p === SMALLEST.p ? 3 : 5);
  test(
    `ROW-5, HalfSizeMultiple(${digits}): one shared point S = c·8R for every R, points and others, and every c1, c2 and root`,
    async () => {
      const { found, free } = sharedPoints(
        await reduced(sharedPoint(digits), p),
        digits,
        l,
        curve.pairs(),
        curve.pairs(),
      );
      expect(listSeveral(found)).toEqual([]);
      expect([...free]).toEqual([]);
      for (const [key, results] of found) {
        const [x, y, c] = key.split(" ").map(Number) as [number, number, number];
        expect(curve.isAcceptable({ x, y })).toBe(true);
        expect([...results]).toEqual([montgomery(curve.multiply({ x, y }, (8 * c) % (8 * l)))]);
      }
      // Every acceptable R, with the same ratios c, as completeness asks; there are others than c = ±1 among them.
      const ratios = new Map<string, string[]>();
      for (const key of found.keys())
        ratios.set(key.slice(0, key.lastIndexOf(" ")), [
          ...(ratios.get(key.slice(0, key.lastIndexOf(" "))) ?? []),
          key.slice(key.lastIndexOf(" ") + 1),
        ]);
      expect(ratios.size).toBe(8 * l - 8);
      const sets = new Set([...ratios.values()].map((each) => each.sort().join()));
      expect(sets.size).toBe(1);
      expect(([...sets][0] as string).split(",").length).toBeGreaterThan(4);
    },
    FUZZ_TIMEOUT_MS,
  );
});

describe(`the search bites, modulo ${SMALLEST.p}`, () => {
  const { p, l } = SMALLEST;
  const curve = new SmallCurve(p);

  test(
    "ROW-5: without the proof that R is on the curve, (0, -1) has several shared points for one c",
    async () => {
      const system = await reduced(sharedPoint(3), p, WITHOUT_R_ON_CURVE);
      const { found, free } = sharedPoints(
        system,
        3,
        l,
        curve.pairs().filter(({ x }) => x < depth(1, 16)),
        curve.pairs(),
      );
      // Not the only kind: off the curve there are others, on other small curves at least.
      expect(listSeveral(found).some((key) => key.startsWith(`0 ${p - 1} `))).toBe(true);
      expect([...free].some((name) => name.startsWith("EdwardsToMontgomery"))).toBe(true);
    },
    FUZZ_TIMEOUT_MS,
  );

  test(
    "ROW-5: without the proof that the root is on the curve, an acceptable R has several shared points for one c",
    async () => {
      const system = await reduced(sharedPoint(3), p, WITHOUT_ROOT_ON_CURVE);
      const { found } = sharedPoints(
        system,
        3,
        l,
        curve.points.filter((point) => curve.isAcceptable(point)).slice(0, 1),
        curve.pairs().filter(({ x: u }) => u < depth(40, p)),
      );
      expect(listSeveral(found).length).toBeGreaterThan(0);
    },
    FUZZ_TIMEOUT_MS,
  );
});

/** Names of the pairs "R.x R.y c" with more than one shared point. */
function listSeveral(found: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...found].flatMap(([key, results]) => (results.size > 1 ? [key] : []));
}

/**
 * All S by R and c = c1/c2 mod l, over every root, c1 and c2 and all free wires. What depends on R alone or on the root alone is enumerated
 * first; the rest sees of them what it reads, P = 8R and S = 8·root, and is enumerated for each two of those.
 */
function sharedPoints(
  small: SmallSystem,
  n: number,
  l: number,
  Rs: readonly SmallPoint[],
  roots: readonly SmallPoint[],
) {
  const wires = (...names: string[]) => names.map((name) => small.system.wire(name));
  const ofR = small.plan(wires(...IN), "forced");
  const ofRoot = small.plan(wires("root[0]", "root[1]"), "forced");
  const rest = small.plan(
    [...ofR.known, ...ofRoot.known],
    "full",
    new Set([...ofR.placed, ...ofRoot.placed]),
  );
  const starts = (
    plan: Plan,
    [first, second]: readonly [string, string],
    pairs: readonly SmallPoint[],
  ) => {
    const seen = small.listInterface(plan);
    const found = new Map<
      string,
      { readonly words: readonly number[]; readonly of: SmallPoint[] }
    >();
    for (const pair of pairs) {
      small.solve(plan, small.values({ [first]: pair.x, [second]: pair.y }), (values) => {
        const words = seen.map((wire) => values[wire] as number);
        const same = found.get(words.join());
        if (same === undefined) found.set(words.join(), { words, of: [pair] });
        else same.of.push(pair);
      });
    }
    return { seen, found: [...found.values()] };
  };
  const fromR = starts(ofR, ["in[0]", "in[1]"], Rs);
  const fromRoot = starts(ofRoot, ["root[0]", "root[1]"], roots);
  const [c1, c2, u, v] = wires("c1", "c2", "S[0]", "S[1]") as [number, number, number, number];
  const signed = (word: number) => (word > small.p / 2 ? word - small.p : word);
  const found = new Map<string, Set<string>>();
  for (const start of fromR.found) {
    for (const root of fromRoot.found) {
      const values = small.values({});
      fromR.seen.forEach((wire, i) => (values[wire] = start.words[i] as number));
      fromRoot.seen.forEach((wire, i) => (values[wire] = root.words[i] as number));
      small.solve(rest, values, () => {
        const halves = [signed(values[c1] as number), signed(values[c2] as number)] as const;
        if (!halves.every((half) => half % 2 !== 0 && Math.abs(half) < 2 ** n))
          throw new RangeError(`${halves.join("/")} has no ${n} digits`);
        const c = mod(mod(halves[0], l) * inverse(halves[1], l), l);
        for (const { x, y } of start.of) {
          const key = `${x} ${y} ${c}`;
          found.set(key, (found.get(key) ?? new Set()).add(`${values[u]},${values[v]}`));
        }
      });
    }
  }
  return { found, free: small.free };
}
