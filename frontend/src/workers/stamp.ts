import type { Stamp, StampMaker } from "../../../src/index.ts";

class StampError extends Error {
  override readonly name = "RelayError"; // told as any trouble with the relay
}

/** A relay's work, done in a worker that ends with it. */
export const stampInWorker: StampMaker = (challenge, what) => {
  const worker = new Worker(new URL("./stamp.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Stamp>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ stamp?: Stamp; failed?: string }>) =>
      data.stamp === undefined ? reject(new StampError(data.failed)) : resolve(data.stamp);
    worker.onerror = ({ message }) => reject(new StampError(message));
    worker.postMessage({ challenge, what });
  }).finally(() => worker.terminate());
};
