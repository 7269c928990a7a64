import { describe, expect, test } from "vitest";
import { SNAPSHOTS } from "../../scripts/snapshots/all.ts";
import { CODE_LIMIT, codeSizes } from "../../scripts/snapshots/sizes.ts";
import { differences, readSnapshot } from "../../scripts/snapshots/snapshot.ts";

describe("snapshots/ (after a change that is meant: npm run snapshots)", () => {
  test.for(SNAPSHOTS)("$name", async ({ name, measure, tolerance }) => {
    expect(differences(await readSnapshot(name), await measure(), tolerance)).toEqual([]);
  });
});

test("differences name the values that are missing, new or out of tolerance", () => {
  const before = { a: 100, b: "x", c: { d: 1 } };
  expect(differences(before, before, 0)).toEqual([]);
  expect(differences(before, { a: 101, b: "x", c: { d: 1 } }, 0.01)).toEqual([]);
  expect(differences(before, { a: 102, b: "y", c: {}, e: 5 }, 0.01)).toEqual([
    "a: 100 -> 102",
    'b: "x" -> "y"',
    "c.d: 1 -> nothing",
    "e: nothing -> 5",
  ]);
});

test("every contract fits EIP-170", async () => {
  const sizes = await codeSizes();
  expect(Object.keys(sizes).length).toBeGreaterThan(0);
  expect(Object.entries(sizes).filter(([, size]) => size > CODE_LIMIT)).toEqual([]);
});

test("the circuits keep to their budget: 5,720 constraints a row, 3,000 a fold", async () => {
  const { small } = (await readSnapshot("circuits")) as {
    small: { perRow: number; perFold: number };
  };
  expect(small.perRow).toBeLessThanOrEqual(5720);
  expect(small.perFold).toBeLessThanOrEqual(3000);
});
