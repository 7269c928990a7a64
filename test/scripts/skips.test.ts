import { expect, test } from "vitest";
import {
  forbiddenSkips,
  listSkips,
  noOtherBrowser,
  type Report,
} from "../../scripts/pipeline/skips.ts";

const result = (status: string, fullName: string) => ({ status, fullName });
const report: Report = {
  testResults: [
    {
      name: "a.test.ts",
      status: "passed",
      assertionResults: [
        result("passed", "one"),
        result("pending", "store [skipped: no PostgreSQL] keeps"),
        result("skipped", "store [skipped: no PostgreSQL] gives"),
      ],
    },
    {
      name: "b.test.ts",
      status: "passed",
      assertionResults: [
        result("todo", "later"),
        result("skipped", "sums [skipped: the real round is not in /data]"),
        result("failed", "two"),
      ],
    },
  ],
};

test("every skip is found with its reason, and counted", () => {
  expect(listSkips(report)).toEqual([
    { file: "a.test.ts", reason: "no PostgreSQL", tests: 2 },
    { file: "b.test.ts", reason: undefined, tests: 1 },
    { file: "b.test.ts", reason: "the real round is not in /data", tests: 1 },
  ]);
});

test("one without a reason fails every whole run, and in CI nothing may be skipped but for want of data", () => {
  const reasons = (isCi: boolean, isWhole: boolean) =>
    forbiddenSkips(listSkips(report), { isCi, isWhole }).map(({ reason }) => reason);
  expect(reasons(false, true)).toEqual([undefined]);
  expect(reasons(true, true)).toEqual(["no PostgreSQL", undefined]);
  expect(reasons(true, false)).toEqual([]);
});

test("browsers beside Chromium may be missing in CI, whatever they are called", () => {
  const skips = ["Firefox", "WebKit"].map((name) => ({
    file: "c.test.ts",
    reason: noOtherBrowser(name, "package"),
    tests: 1,
  }));
  expect(forbiddenSkips(skips, { isCi: true, isWhole: true })).toEqual([]);
});
