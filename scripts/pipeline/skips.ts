/** Of vitest's JSON report, what is counted here. */
export type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
};

/** Tests of a file that were not run for one reason; undefined where none is given. */
export type Skip = {
  readonly file: string;
  readonly reason: string | undefined;
  readonly tests: number;
};

const OTHER_BROWSER = "a browser beside Chromium is missing";

/** Why tests in a browser beside the one that every test of the page needs are skipped. */
export const noOtherBrowser = (name: string, debianPackage: string): string =>
  `${OTHER_BROWSER}: ${name} (Debian: ${debianPackage})`;

/** Data that is not ours to give, which whoever has it tests with too (TACIT_DATA), and other browsers. Nothing else may be skipped in CI. */
const ALLOWED_IN_CI: readonly RegExp[] = [
  /^the real round is not in /,
  new RegExp(`^${OTHER_BROWSER}: `),
];

/** Skipped tests by file and reason, which stands in the title of their group (test/helpers/unless.ts). */
export function listSkips({ testResults }: Report): Skip[] {
  const skips = new Map<string, Skip>();
  for (const { name: file, assertionResults } of testResults) {
    for (const { status, fullName } of assertionResults) {
      if (status === "passed" || status === "failed") continue;
      const reason = /\[skipped: (.*?)\]/.exec(fullName)?.[1];
      const key = `${file} ${reason ?? ""}`;
      skips.set(key, { file, reason, tests: (skips.get(key)?.tests ?? 0) + 1 });
    }
  }
  return [...skips.values()];
}

/** Skips that make the run fail: those without a reason, and in CI all but those of ALLOWED_IN_CI. A chosen part of the tests skips the rest. */
export function forbiddenSkips(
  skips: readonly Skip[],
  { isCi, isWhole }: { readonly isCi: boolean; readonly isWhole: boolean },
): Skip[] {
  if (!isWhole) return [];
  return skips.filter(
    ({ reason }) =>
      reason === undefined || (isCi && !ALLOWED_IN_CI.some((allowed) => allowed.test(reason))),
  );
}
