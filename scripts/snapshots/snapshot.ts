import { readFile } from "node:fs/promises";
import { fromRoot } from "../pipeline/paths.ts";

/** Numbers and hashes that must not drift unseen: measured anew by the tests, written by `npm run snapshots`. */
export type Snapshot = {
  /** snapshots/<name>.json */
  readonly name: string;
  readonly measure: () => Promise<Json>;
  /**
   * By how much a number may differ from the file, as a fraction. 0 where a measurement is exact;
   * gas depends on the random bytes of proofs and messages, for zero bytes cost less.
   */
  readonly tolerance: number;
};
export type Json = string | number | { readonly [key: string]: Json };

export function snapshotFile(name: string): string {
  return fromRoot("snapshots", `${name}.json`);
}

export async function readSnapshot(name: string): Promise<Json> {
  return JSON.parse(await readFile(snapshotFile(name), "utf8")) as Json;
}

/** Where two snapshots differ: one line for each value that is missing, new or out of tolerance. */
export function differences(
  expected: Json | undefined,
  found: Json | undefined,
  tolerance: number,
  at = "",
): string[] {
  if (typeof expected === "object" && typeof found === "object") {
    const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...keys].flatMap((key) =>
      differences(expected[key], found[key], tolerance, at === "" ? key : `${at}.${key}`),
    );
  }
  const isClose =
    typeof expected === "number" &&
    typeof found === "number" &&
    Math.abs(found - expected) <= Math.abs(expected) * tolerance;
  return expected === found || isClose ? [] : [`${at}: ${show(expected)} -> ${show(found)}`];
}

function show(value: Json | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
