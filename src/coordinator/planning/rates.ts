import type { Rates } from "./estimate.ts";

/** Measured as docs/SCALING.md says. */
export const RATES: Omit<Rates, "gas"> = {
  foldSeconds: { small: { snarkjs: 12, native: 2.4 }, large: { snarkjs: 52, native: 10.4 } },
  messageSeconds: 0.0065,
  workerMB: { small: 350, large: 1030 },
  coordinatorMB: 400,
  messageMB: 0.03,
  blockSeconds: 12,
};
