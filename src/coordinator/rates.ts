import type { Rates } from "./estimate.ts";

/** Measured as docs/SCALING.md says. */
export const RATES: Omit<Rates, "gas"> = {
  foldSeconds: { small: { snarkjs: 5.5, native: 1.1 }, large: { snarkjs: 22, native: 4.4 } },
  messageSeconds: 0.006,
  workerMB: { small: 350, large: 1100 },
  coordinatorMB: 400,
  messageMB: 0.03,
  blockSeconds: 12,
};
