import { expect, test } from "vitest";
import { instrument } from "../../scripts/coverage/instrument.ts";
import { contractSources, measure } from "../../scripts/coverage/measure.ts";
import { UNREACHABLE } from "../../scripts/coverage/unreachable.ts";
import { readSnapshot } from "../../scripts/snapshots/snapshot.ts";

type Share = { readonly of: number; readonly reached: number };
type Pinned = Record<
  string,
  { readonly statements: Share; readonly branches: Share; readonly unreachable: number }
>;

const { points } = instrument(await contractSources());
const pinned = (await readSnapshot("coverage")) as unknown as Pinned;

test("snapshots/coverage.json is of these contracts (after a change of theirs: npm run coverage -- write)", () => {
  const { files } = measure(points, new Set());
  const counts = (statements: Share, branches: Share, unreachable: number) =>
    `${statements.of} statements, ${branches.of} branches, ${unreachable} unreachable`;
  const now = Object.fromEntries(
    [...files].map(([file, { statements, branches, unreachable }]) => [
      file,
      counts(statements, branches, unreachable),
    ]),
  );
  const then = Object.fromEntries(
    Object.entries(pinned).map(([file, { statements, branches, unreachable }]) => [
      file,
      counts(statements, branches, unreachable),
    ]),
  );
  expect(now).toEqual(then);
});

test("M1 to M8: when it was last measured (npm run coverage) the tests reached every statement and every branch of every contract, but those proved unreachable", () => {
  const missed = Object.entries(pinned).filter(
    ([, { statements, branches }]) =>
      statements.reached !== statements.of || branches.reached !== branches.of,
  );
  expect(missed).toEqual([]);
  expect(UNREACHABLE.filter(({ why }) => why === "")).toEqual([]);
  const listed = points.filter(({ file, text, kind }) =>
    UNREACHABLE.some(
      (known) => known.file === file && known.text === text && kind === `branch ${known.outcome}`,
    ),
  );
  expect(listed.length).toBe(UNREACHABLE.length);
});
