import { randomBytes } from "node:crypto";

const deep = process.env["TACIT_FUZZ"] === "deep";

/** How much is tried: a little with fixed seeds in every test run, a lot with new seeds by `npm run fuzz`. */
export function depth<T>(fast: T, much: T): T {
  return deep ? much : fast;
}

/** A seed that a failure can be repeated with: TACIT_FUZZ_SEED=… npm run fuzz. A failure found becomes a test of its own. */
export function fuzzSeed(name: string): string {
  const chosen =
    process.env["TACIT_FUZZ_SEED"] ?? (deep ? randomBytes(8).toString("hex") : "fixed");
  if (deep) console.log(`${name}: TACIT_FUZZ_SEED=${chosen}`);
  return `${name} ${chosen}`;
}

/** A deep run takes as long as it takes. */
export const FUZZ_TIMEOUT_MS = deep ? 12 * 3_600_000 : 3 * 60_000;
