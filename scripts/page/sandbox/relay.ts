import type { Deployment } from "../../../src/chain/deploy.ts";
import type { EmbeddedChain } from "../../../src/devnet/chain.ts";
import { DurableSender } from "../../../src/coordinator/sending/durable_sender.ts";
import { sleep } from "../../../src/coordinator/sending/sleep.ts";
import { openDatabase, pingDatabase } from "../../../src/coordinator/store/database.ts";
import { journal } from "../../../src/coordinator/store/journal.ts";
import { createApi } from "../../../src/service/api.ts";
import { createLogger } from "../../../src/service/logger.ts";
import { createMetrics } from "../../../src/service/metrics.ts";
import { Relay } from "../../../src/service/relay.ts";
import { roundsOf } from "./rounds.ts";

export type SandboxRelay = { readonly url: string; readonly close: () => Promise<void> };

/** Short, for players wait for it; every message of cover is a row to be proved, so there is little in a day's round. */
const SETTINGS = { batchSize: 20, batchSeconds: 2, coverPerHour: 12, messagesPerHour: 1_000 } as const;
const REQUESTS_PER_MINUTE = 600;

/** The coordinator's own relay behind its own API, for every round that is made in the sandbox, from an account of its own. */
export async function startRelay({ chain, deployment, onError }: { readonly chain: EmbeddedChain; readonly deployment: Deployment; readonly onError: (error: unknown) => void }): Promise<SandboxRelay> {
  const database = await openDatabase(":memory:"); // the chain too is gone with this process
  const stopping = new AbortController();
  const sender = new DurableSender(await chain.as("relay"), journal(database), { pollSeconds: 0.2, signal: stopping.signal });
  const relays = new Map<string, Relay>();
  const openNew = async () => {
    for (const { round, config: { messageFee, end } } of await roundsOf({ chain, deployment })) {
      if (relays.has(round.toLowerCase())) continue;
      relays.set(round.toLowerCase(), new Relay({ ...SETTINGS, client: chain.read, database, sender, chainId: 31337, round, finality: 0, messageFee, end }));
    }
  };
  await openNew();
  const api = await createApi({
    views: () => [], relayOf: (round) => relays.get(round), isDatabaseUp: () => pingDatabase(database), metrics: createMetrics(), logger: createLogger("silent"),
    requestsPerMinute: REQUESTS_PER_MINUTE, trustProxy: false,
  });
  await api.listen({ host: "127.0.0.1", port: 0 });
  const work = (async () => {
    while (!stopping.signal.aborted) {
      await sleep(SETTINGS.batchSeconds, stopping.signal);
      if (stopping.signal.aborted) return;
      await Promise.all([openNew(), ...[...relays.values()].map((relay) => relay.tick())]).catch((error: unknown) => stopping.signal.aborted || onError(error)); // the next tick tries again
    }
  })();
  return {
    url: api.listeningOrigin,
    async close() {
      stopping.abort();
      await api.close();
      await work;
      await database.close();
    },
  };
}
