import { createHmac, randomBytes } from "node:crypto";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { BaseError } from "../errors.ts";
import { decodeMessage } from "../protocol/message.ts";
import { MessageRefusedError, RelayClosedError, RelayFullError, type Relay } from "./relay.ts";
import { Accepted, Failure, Health, MessagesBody, RoundList, RoundParams, RoundStatus } from "./schemas.ts";
import type { Metrics } from "./metrics.ts";
import type { RoundView } from "./round_worker.ts";

export type ApiOptions = {
  readonly views: () => readonly RoundView[];
  readonly relayOf: (round: string) => Relay | undefined;
  readonly isDatabaseUp: () => Promise<boolean>;
  readonly metrics: Metrics;
  readonly logger: FastifyBaseLogger;
  /** Requests a minute that one address may make to the relay. */
  readonly requestsPerMinute: number;
  /** Behind a proxy of one's own: take the address that it names. */
  readonly trustProxy: boolean;
};

/** A message is about 800 bytes as JSON; a request holds at most 100. */
const BODY_LIMIT = 128 << 10;

const STATUS = new Map<unknown, number>([[MessageRefusedError, 400], [RelayClosedError, 409], [RelayFullError, 503]]);

/** The HTTP API, not yet listening. No route keeps or logs who asked. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { views, relayOf, isDatabaseUp, metrics } = options;
  const app = fastify({ loggerInstance: options.logger, logController: undefined, bodyLimit: BODY_LIMIT, trustProxy: options.trustProxy } as Parameters<typeof fastify>[0]).withTypeProvider<TypeBoxTypeProvider>();
  // Addresses are counted under a key that this process alone has and forgets when it ends.
  const pepper = randomBytes(32);
  await app.register(rateLimit, { global: false, keyGenerator: ({ ip }) => createHmac("sha256", pepper).update(ip).digest("base64") });
  await app.register(swagger, { openapi: { openapi: "3.1.0", info: { title: "Tacit coordinator", version: "1", description: "Progress of rounds, and a relay for donors' messages." } } });

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = STATUS.get(error.constructor) ?? error.statusCode ?? 500;
    if (status >= 500 && !(error instanceof BaseError)) options.logger.error({ error: error.message }, "request failed");
    const shown = error instanceof BaseError ? error.shortMessage : status < 500 ? error.message : "The request failed here.";
    void reply.status(status).send({ error: shown, ...(error instanceof BaseError && error.fix !== undefined ? { fix: error.fix } : {}) });
  });
  app.setNotFoundHandler((_request, reply) => void reply.status(404).send({ error: "There is nothing at this path.", fix: "See /openapi.json." }));

  await app.register(async (plugin) => {
    const routes = plugin.withTypeProvider<TypeBoxTypeProvider>();
    routes.get("/health", { schema: { operationId: "health", response: { 200: Health, 503: Health } } }, async (_request, reply) => {
      const database = await isDatabaseUp();
      return reply.status(database ? 200 : 503).send({ status: database ? "ok" : "failing", database, rounds: views().length });
    });
    routes.get("/rounds", { schema: { operationId: "rounds", response: { 200: RoundList } } }, async () => ({ rounds: views().map(statusOf) }));
    routes.get("/rounds/:round", { schema: { operationId: "round", params: RoundParams, response: { 200: RoundStatus, 404: Failure } } }, async ({ params }, reply) => {
      const view = views().find(({ round }) => round.toLowerCase() === params.round.toLowerCase());
      return view === undefined ? reply.status(404).send(UNKNOWN_ROUND) : statusOf(view);
    });
    routes.post("/rounds/:round/messages", {
      config: { rateLimit: { max: options.requestsPerMinute, timeWindow: 60_000 } },
      schema: { operationId: "relayMessages", params: RoundParams, body: MessagesBody, response: { 202: Accepted, 400: Failure, 404: Failure, 409: Failure, 429: Failure, 503: Failure } },
    }, async ({ params, body }, reply) => {
      const relay = relayOf(params.round.toLowerCase());
      if (relay === undefined) return reply.status(404).send(UNKNOWN_ROUND);
      await relay.accept(body.messages.map(decodeMessage));
      return reply.status(202).send({ accepted: body.messages.length });
    });
    routes.get("/metrics", { schema: { hide: true } }, async (_request, reply) => {
      for (const view of views()) metrics.round(view);
      return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
    });
    routes.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  });
  return app as unknown as FastifyInstance;
}

const UNKNOWN_ROUND: Failure = { error: "This coordinator does not serve that round.", fix: "See /rounds." };

function statusOf({ tally, phase, ...view }: RoundView): RoundStatus {
  return { ...view, ...(phase === undefined ? {} : { phase }), ...(tally === undefined ? {} : { tally: { ...tally } }) };
}
