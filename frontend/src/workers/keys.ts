import type { Answers, KeysRequest } from "./keys_protocol.ts";

/** The page's side of the worker that holds the donor's secrets. */
export type KeyKeeper = {
  readonly ask: <T extends KeysRequest>(request: T) => Promise<Answers[T["ask"]]>;
  /** Forgets every secret by ending the worker. */
  readonly end: () => void;
};

export class KeyKeeperError extends Error {
  override readonly name = "KeyKeeperError";
}

export function startKeyKeeper(): KeyKeeper {
  const worker = new Worker(new URL("./keys.worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >();
  let count = 0;
  worker.onmessage = ({
    data,
  }: MessageEvent<{ id: number; result?: unknown; failed?: boolean }>) => {
    const asker = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.failed === true) asker?.reject(new KeyKeeperError());
    else asker?.resolve(data.result as never);
  };
  worker.onerror = () => {
    for (const { reject } of waiting.values()) reject(new KeyKeeperError());
    waiting.clear();
  };
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.set(++count, { resolve: resolve as never, reject });
        worker.postMessage({ id: count, request });
      }),
    end: () => worker.terminate(),
  };
}
