import { curves } from "snarkjs";
import {
  connectRead,
  LogRangeError,
  MissingLogsError,
  NotFinalizedError,
  verifyRound,
  type TrustedKeys,
} from "../../../src/index.ts";
import { listUnproven } from "../chain/unproven.ts";
import type { VerifyNews, VerifyRequest } from "./verify_protocol.ts";

/** Rechecks a round beside the page, so that the page stays quick, with a connection of its own to the chain. */
const tell = (news: VerifyNews) => postMessage(news);

class KeysMissingError extends Error {}
class OtherChainError extends Error {}

async function verify({
  rpc,
  chainId,
  round,
  keysFolder,
  contracts,
}: VerifyRequest): Promise<void> {
  const client = connectRead(rpc);
  // On another chain the round is missing, which would look like a wrong result.
  if ((await client.getChainId()) !== chainId) throw new OtherChainError();
  // snarkjs would start workers from data: addresses, which the page's policy forbids; one thread is plenty for checking.
  (globalThis as { curve_bn128?: unknown }).curve_bn128 = await curves.getCurveFromName("bn128", {
    singleThread: true,
  });
  const report = await verifyRound({
    client,
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
  const { ok, developmentKeys, config, parts, editors, heldAgainst } = report;
  const { listChanges, voidableUntil, results } = report;
  const unproven =
    config === undefined || parts === undefined
      ? undefined
      : listUnproven({ settings: config, parts });
  const couldEdit = editors?.ever ?? [];
  tell({
    news: "verdict",
    ...{ ok, developmentKeys, heldAgainst, unproven, couldEdit, listChanges, voidableUntil },
    figures: results.map(({ project, votes, credits }) => ({ project, votes, credits })),
  });
}

addEventListener("message", ({ data }: MessageEvent<VerifyRequest>) => {
  verify(data).catch((error: unknown) => {
    const text = error instanceof Error ? `${error.name} ${error.message}` : "";
    const why =
      error instanceof KeysMissingError
        ? "keys"
        : error instanceof OtherChainError
          ? "chain"
          : error instanceof NotFinalizedError
            ? "notFinalized"
            : error instanceof LogRangeError || error instanceof MissingLogsError
              ? "logs"
              : /HttpRequest|fetch|Timeout|Rpc/i.test(text)
                ? "network"
                : "other";
    tell({ news: "failed", why });
  });
});
