import { beforeAll, expect, test } from "vitest";
import type { Constraint } from "../circuits/support/constraints.ts";
import { compareAfterElimination } from "./elimination.ts";
import { compileVariant, ConstraintSystem, shippedSystem } from "./variants.ts";

/**
 * Proofs of soundness are read off the system before linear elimination, where each constraint is a statement of the source. What keys are
 * made for is the system after it. Here: elimination is all that lies between them.
 */
const SAME = { undetermined: [], missing: [], added: [] };
let full: ConstraintSystem;
let row: ConstraintSystem;
beforeAll(async () => {
  full = await compileVariant({ main: { name: "fold_one" }, level: "O1" });
  row = await shippedSystem("fold_one");
});

test("ROW-1 to ROW-12, FOLD-1 to FOLD-4: the fold's shipped system is what the source says, after linear elimination only", () => {
  expect(full.all.length - row.all.length).toBeGreaterThan(3000);
  expect(compareAfterElimination(full, row, "fold")).toEqual(SAME);
});

test("CLOSE-2, CLOSE-3: so is the close's", async () => {
  const main = { name: "close", from: "circuits/generated" };
  expect(
    compareAfterElimination(
      await compileVariant({ main, level: "O1" }),
      await shippedSystem(main.name, main.from),
      "close",
    ),
  ).toEqual(SAME);
});

test("a constraint left out, added, or with another coefficient is seen", () => {
  const [first, ...others] = row.all as readonly [Constraint, ...Constraint[]];
  const lost = compareAfterElimination(full, row.with(others), "lost");
  expect([lost.missing.length, lost.added.length]).toEqual([1, 0]);
  const extra: Constraint = { a: [[1, 1n]], b: [[2, 1n]], c: [[3, 1n]] };
  expect(compareAfterElimination(full, row.with([...row.all, extra]), "extra").added).toEqual([
    row.all.length,
  ]);
  const changed = {
    ...first,
    a: first.a.map(
      ([wire, coefficient], i) => [wire, i === 0 ? coefficient + 1n : coefficient] as const,
    ),
  };
  const other = compareAfterElimination(full, row.with([changed, ...others]), "changed");
  expect([other.missing.length, other.added]).toEqual([1, [0]]);
});

test("a wire that is gone without an equation for it is seen", () => {
  const [name] = [...row.signals.keys()].filter((signal) => signal.endsWith(".slope2")) as [string];
  const without = new ConstraintSystem(
    row.all,
    new Map([...row.signals].filter(([signal]) => signal !== name)),
  );
  expect(compareAfterElimination(full, without, "gone").undetermined).toContain(name);
});
