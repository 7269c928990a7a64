import { describe } from "vitest";

/** A group of tests that cannot run everywhere. Where `reason` says why not they are skipped, and `npm test` prints it (scripts/pipeline/skips.ts). */
export function describeUnless(reason: string | undefined, title: string, tests: () => void): void {
  if (reason === undefined) describe(title, tests);
  else describe.skip(`${title} [skipped: ${reason}]`, tests);
}
