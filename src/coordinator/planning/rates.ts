import type { Rates } from "./estimate.ts";

/** Measured as docs/SCALING.md says. */
export const RATES: Omit<Rates, "gas"> = {
  foldSeconds: {
    small: { wasm: 1.9, snarkjs: 11.5, native: 2.3 },
    large: { wasm: 6.7, snarkjs: 37, native: 7.4 },
  },
  messageSeconds: 0.0045,
  chainSeconds: 0.001,
  workerMB: {
    small: { wasm: 170, snarkjs: 350, native: 350 },
    large: { wasm: 250, snarkjs: 1030, native: 400 },
  },
  coordinatorMB: 280,
  messageMB: 0.00085,
  garbageMB: 450,
  blockSeconds: 12,
};
