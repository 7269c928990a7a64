import { defineConfig } from "vitest/config";
import { LongFirst } from "./test/setup/order.ts";

const MINUTE_MS = 60_000;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/setup/build.ts"],
    // Processes and not threads: snarkjs and the devnet keep native state and worker threads of their own.
    pool: "forks",
    // A proof takes all that one core gives, and the machines that this must run on have two; with a third file pages wait too long.
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    // A test that proves a fold takes half a minute on a busy machine.
    testTimeout: 3 * MINUTE_MS,
    hookTimeout: 5 * MINUTE_MS,
    // What a page or a service comes to in a moment may take a busy machine long; the usual second would make tests of its speed of them.
    expect: { poll: { timeout: MINUTE_MS } },
    passWithNoTests: false,
    allowOnly: process.env["CI"] === undefined,
  },
});
