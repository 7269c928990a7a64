import { curves } from "snarkjs";
import {
  connectRead,
  NotFinalizedError,
  verifyRound,
  type TrustedKeys,
} from "../../../src/index.ts";
import type { VerifyNews, VerifyRequest } from "./verify_protocol.ts";

/** Rechecks a round beside the page, so that the page stays quick, with a connection of its own to the chain. */
const tell = (news: VerifyNews) => postMessage(news);

class KeysMissingError extends Error {}

async function verify({ rpc, round, keysFolder, contracts }: VerifyRequest): Promise<void> {
  // snarkjs would start workers from data: addresses, which the page's policy forbids; one thread is plenty for checking.
  (globalThis as { curve_bn128?: unknown }).curve_bn128 = await curves.getCurveFromName("bn128", {
    singleThread: true,
  });
  const { ok, developmentKeys } = await verifyRound({
    client: connectRead(rpc),
    round,
    contracts,
    async keys(size) {
      const response = await fetch(`${keysFolder}/${size}.json`);
      if (!response.ok) throw new KeysMissingError();
      return (await response.json()) as TrustedKeys;
    },
    onProgress: (stage, done, total) => tell({ news: "progress", stage, done, total }),
    onCheck: (check) => tell({ news: "check", check }),
  });
  tell({ news: "verdict", ok, developmentKeys });
}

addEventListener("message", ({ data }: MessageEvent<VerifyRequest>) => {
  verify(data).catch((error: unknown) => {
    const text = error instanceof Error ? `${error.name} ${error.message}` : "";
    const why =
      error instanceof KeysMissingError
        ? "keys"
        : error instanceof NotFinalizedError
          ? "notFinalized"
          : /HttpRequest|fetch|Timeout|Rpc/i.test(text)
            ? "network"
            : "other";
    tell({ news: "failed", why });
  });
});
