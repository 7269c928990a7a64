import type { Rates } from "./estimate.ts";

/** Measured as docs/SCALING.md says. */
export const RATES: Omit<Rates, "gas"> = {
  foldSeconds: {
    small: { wasm: 2.5, snarkjs: 12, native: 2.4 },
    large: { wasm: 11, snarkjs: 52, native: 10.4 },
  },
  messageSeconds: 0.0065,
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
