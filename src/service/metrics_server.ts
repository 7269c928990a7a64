import fastify, { type FastifyInstance } from "fastify";
import { listenAt, type Place } from "./listen.ts";
import type { Metrics } from "./metrics.ts";
import type { RoundView } from "./round_worker.ts";

export type MetricsServer = { readonly url: string; readonly close: () => Promise<void> };

/**
 * Serves metrics on a port of their own, for the operator alone: the process's load tells when messages come, as every number of this kind would.
 */
export async function serveMetrics(
  metrics: Metrics,
  views: () => readonly RoundView[],
  balance: () => Promise<bigint>,
  place: Place,
): Promise<MetricsServer> {
  const app = fastify({ logger: false });
  app.get("/metrics", async (_request, reply) => {
    for (const view of views()) metrics.round(view);
    await balance().then(metrics.balance, () => metrics.failed("balance"));
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  await listenAt(app as unknown as FastifyInstance, place, "--metrics");
  return { url: app.listeningOrigin, close: () => app.close() };
}
