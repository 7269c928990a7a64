import type { Rates } from "./estimate.ts";

/** Measured as docs/SCALING.md says. */
export const RATES: Omit<Rates, "gas"> = {
  foldSeconds: { small: { snarkjs: 12, native: 2.4 }, large: { snarkjs: 48, native: 9.6 } },
  messageSeconds: 0.006,
  workerMB: { small: 350, large: 800 },
  coordinatorMB: 400,
  messageMB: 0.03,
  blockSeconds: 12,
};
