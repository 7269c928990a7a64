import { randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import type { Hex } from "viem";
import { DatabaseAwayError, DatabaseFullError } from "../coordinator/store/database.ts";
import { BaseError } from "../errors.ts";
import { LEAST_STAMP_BITS, STAMP_PARTS } from "../donor/stamp.ts";
import { MOST_PICTURE_BYTES, PictureError } from "../metadata/picture.ts";
import { decodeMessage, encodeMessage, type MessageWords } from "../protocol/message.ts";
import { clientNamer, type ClientNames } from "./client_networks.ts";
import {
  ContentFullError,
  OtherPictureError,
  UnwantedPictureError,
  type Content,
} from "./content.ts";
import type { Relay } from "./relay.ts";
import {
  ContributionRefusedError,
  MessageRefusedError,
  RelayClosedError,
  RelayFullError,
} from "./relay_errors.ts";
import { HELD_UP, type RoundView } from "./round_worker.ts";
import {
  Accepted,
  Challenge,
  ContentParams,
  ContributionBody,
  ContributionTaken,
  Failure,
  Health,
  MessagesBody,
  RelayAccount,
  RoundList,
  RoundParams,
  RoundStatus,
} from "./schemas.ts";
import { ShareTakenError } from "./shares.ts";
import { StampMissingError } from "./stamps.ts";

/** Whom to believe about a client's address: nobody, or proxies with these addresses (CIDR, by comma). A number of hops would trust whoever connects. */
export type TrustedProxies = false | string;

export type ApiOptions = {
  readonly views: () => readonly RoundView[];
  readonly findRelay: (round: string) => Relay | undefined;
  /** Pictures that the documents of the served rounds name; without it none are kept or given out. */
  readonly content?: Content | undefined;
  readonly isDatabaseUp: () => Promise<boolean>;
  readonly logger: FastifyBaseLogger;
  /** Requests a minute to the relay from one client: an IPv4 address, or an IPv6 /64. */
  readonly requestsPerMinute: number;
  readonly trustProxy: TrustedProxies;
};

/** The HTTP API, not yet listening. */
export type Api = {
  readonly app: FastifyInstance;
  /** Hands a relay's cover in by the route that donors use. @throws CoverRefusedError */
  readonly postCover: (round: string, message: MessageWords) => Promise<void>;
};

export class CoverRefusedError extends BaseError {
  /** Whether the round takes no messages any more. */
  readonly isClosed: boolean;
  /** Whether the relay takes none, for this or because its operator's bound is reached; donors' neither. */
  readonly isOver: boolean;

  constructor(status: number, answer: string) {
    super(`The relay does not take its own cover now: ${answer} (${status})`);
    this.isClosed = status === STATUS.get(RelayClosedError);
    this.isOver = this.isClosed || answer.includes(new RelayFullError().shortMessage);
  }
}

/** A message is about 900 bytes as JSON, its work among them; a request holds at most 100. */
const BODY_LIMIT = 128 << 10;
/** Who has not sent a request whole by then is hung up on: sockets held open one byte at a time would leave none for node and database. */
const REQUEST_SECONDS = 30;
const COVER_HEADER = "x-tacit-cover";

/** Under which cover counts, as a client of its own that is refused nothing. */
const COVER_NAMES: ClientNames = { client: "cover", network: "cover" };

/** The same for everybody, and all that is told of a limit. */
export class TooManyRequestsError extends BaseError {
  constructor() {
    super("Too many requests have come from this network.", {
      fix: "Wait a minute and try again, or publish on the chain yourself.",
    });
  }
}

const NO_LIMIT_HEADERS = {
  "x-ratelimit-limit": false,
  "x-ratelimit-remaining": false,
  "x-ratelimit-reset": false,
  "retry-after": false,
};

const STATUS = new Map<unknown, number>([
  [MessageRefusedError, 400],
  [PictureError, 400],
  [OtherPictureError, 400],
  [UnwantedPictureError, 403],
  [ContentFullError, 507],
  [ContributionRefusedError, 400],
  [RelayClosedError, 409],
  [StampMissingError, 428],
  [ShareTakenError, 429],
  [TooManyRequestsError, 429],
  [RelayFullError, 503],
  [DatabaseAwayError, 503],
  [DatabaseFullError, 503],
]);

/** No route keeps or logs who asked; of handed-in messages no line is logged at all. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const { views, findRelay, isDatabaseUp } = options;
  const app = fastify({
    loggerInstance: options.logger,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 1000 * REQUEST_SECONDS,
    trustProxy: options.trustProxy,
  } as Parameters<typeof fastify>[0]).withTypeProvider<TypeBoxTypeProvider>();
  // What anybody may read, any page may: answers depend on nobody's cookies. Messages are handed in from the page's own origin or a program.
  app.addHook("onRequest", async ({ method }, reply) => {
    if (method === "GET") void reply.header("access-control-allow-origin", "*");
  });
  const nameClient = clientNamer();
  // Known to this process alone: what carries it counts as cover's own client. Nothing else is done differently, down to the calls made.
  const coverToken = randomBytes(32);
  const isCover = ({ headers }: FastifyRequest) => {
    const given = Buffer.from(String(headers[COVER_HEADER] ?? ""), "hex");
    return timingSafeEqual(
      given.length === coverToken.length ? given : Buffer.alloc(coverToken.length),
      coverToken,
    );
  };
  const nameVisitor = (request: FastifyRequest) => {
    const names = nameClient(request.ip);
    return isCover(request) ? COVER_NAMES : names;
  };
  await app.register(rateLimit, {
    global: false,
    keyGenerator: (request) => nameVisitor(request).client,
    // Neighbours behind one address count together: how much of it is left, or since when, would tell one that another has been here.
    addHeaders: NO_LIMIT_HEADERS,
    addHeadersOnExceeding: NO_LIMIT_HEADERS,
    errorResponseBuilder: () => new TooManyRequestsError(),
  });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Tacit coordinator",
        version: "1",
        description: "Progress of rounds, and a relay for donors' messages.",
      },
    },
  });

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = STATUS.get(error.constructor) ?? error.statusCode ?? 500;
    if (status >= 500 && !STATUS.has(error.constructor))
      options.logger.error({ error: error.message }, "request failed");
    const isOurs = STATUS.has(error.constructor) && error instanceof BaseError;
    const shown = isOurs
      ? error.shortMessage
      : status < 500
        ? error.message
        : "The request failed here.";
    void reply
      .status(status)
      .send({ error: shown, ...(isOurs && error.fix !== undefined ? { fix: error.fix } : {}) });
  });
  app.setNotFoundHandler(
    (_request, reply) =>
      void reply
        .status(404)
        .send({ error: "There is nothing at this path.", fix: "See /openapi.json." }),
  );

  await app.register(async (plugin) => {
    const routes = plugin.withTypeProvider<TypeBoxTypeProvider>();
    routes.get(
      "/health",
      { schema: { operationId: "health", response: { 200: Health, 503: Health } } },
      async (_request, reply) => {
        const database = await isDatabaseUp();
        const working = views().every(({ detail }) => detail !== HELD_UP);
        const isWell = database && working;
        return reply.status(isWell ? 200 : 503).send({
          status: isWell ? "ok" : "failing",
          database,
          working,
          rounds: views().length,
        });
      },
    );
    routes.get(
      "/rounds",
      { schema: { operationId: "rounds", response: { 200: RoundList } } },
      async () => ({ rounds: views().map(describeRound) }),
    );
    routes.get(
      "/rounds/:round",
      {
        schema: {
          operationId: "round",
          params: RoundParams,
          response: { 200: RoundStatus, 404: Failure },
        },
      },
      async ({ params }, reply) => {
        const view = views().find(
          ({ round }) => round.toLowerCase() === params.round.toLowerCase(),
        );
        return view === undefined ? reply.status(404).send(UNKNOWN_ROUND) : describeRound(view);
      },
    );
    routes.get(
      "/rounds/:round/stamp",
      {
        logLevel: "silent",
        schema: {
          operationId: "relayStamp",
          params: RoundParams,
          response: { 200: Challenge, 404: Failure },
        },
      },
      async ({ params }, reply) =>
        findRelay(params.round.toLowerCase())?.challenge() ?? reply.status(404).send(UNKNOWN_ROUND),
    );
    routes.post(
      "/rounds/:round/messages",
      {
        logLevel: "silent",
        config: {
          rateLimit: {
            max: (_request, client) =>
              client === COVER_NAMES.client ? Infinity : options.requestsPerMinute,
            timeWindow: 60_000,
          },
        },
        schema: {
          operationId: "relayMessages",
          params: RoundParams,
          body: MessagesBody,
          response: {
            202: Accepted,
            400: Failure,
            404: Failure,
            409: Failure,
            428: Failure,
            429: Failure,
            503: Failure,
          },
        },
      },
      async (request, reply) => {
        const {
          params,
          body: { messages, stamp },
        } = request;
        const relay = findRelay(params.round.toLowerCase());
        if (relay === undefined) return reply.status(404).send(UNKNOWN_ROUND);
        const names = nameVisitor(request);
        await relay.accept(messages.map(decodeMessage), {
          stamp,
          names,
          isCover: names === COVER_NAMES,
        });
        return reply.status(202).send({ accepted: messages.length });
      },
    );
    routes.get(
      "/content/:digest",
      {
        logLevel: "silent",
        schema: { operationId: "picture", params: ContentParams, response: { 404: Failure } },
      },
      async ({ params }, reply) => {
        const found = await options.content?.get(`0x${params.digest}`);
        if (found === undefined) return reply.status(404).send(NO_PICTURE);
        const anything = reply as unknown as FastifyReply;
        return anything.headers(CONTENT_HEADERS).type(found.type).send(found.bytes);
      },
    );
    // Only here are bytes taken as they are.
    await routes.register(async (bytes) => {
      bytes.removeAllContentTypeParsers();
      bytes.addContentTypeParser(
        "application/octet-stream",
        { parseAs: "buffer", bodyLimit: MOST_PICTURE_BYTES },
        (_request, body, done) => done(null, body),
      );
      bytes.withTypeProvider<TypeBoxTypeProvider>().put(
        "/content/:digest",
        {
          bodyLimit: MOST_PICTURE_BYTES,
          config: { rateLimit: { max: options.requestsPerMinute, timeWindow: 60_000 } },
          schema: {
            operationId: "handInPicture",
            params: ContentParams,
            consumes: ["application/octet-stream"],
            response: { 400: Failure, 403: Failure, 404: Failure, 429: Failure, 507: Failure },
          },
        },
        async ({ params, body }, reply) => {
          if (options.content === undefined) return reply.status(404).send(NO_PICTURE);
          // Without a type there is no body.
          await options.content.put(`0x${params.digest}`, (body ?? Buffer.alloc(0)) as Buffer);
          return (reply as unknown as FastifyReply).status(204).send();
        },
      );
    });
    routes.get(
      "/rounds/:round/relay",
      {
        logLevel: "silent",
        schema: {
          operationId: "relayAccount",
          params: RoundParams,
          response: { 200: RelayAccount, 404: Failure },
        },
      },
      async ({ params }, reply) => {
        const relay = findRelay(params.round.toLowerCase());
        if (relay === undefined) return reply.status(404).send(UNKNOWN_ROUND);
        const account = relay.contributions?.account;
        return account === undefined ? {} : { account };
      },
    );
    routes.post(
      "/rounds/:round/contributions",
      {
        logLevel: "silent",
        config: { rateLimit: { max: options.requestsPerMinute, timeWindow: 60_000 } },
        schema: {
          operationId: "relayContribution",
          params: RoundParams,
          body: ContributionBody,
          response: {
            202: ContributionTaken,
            400: Failure,
            404: Failure,
            409: Failure,
            429: Failure,
            503: Failure,
          },
        },
      },
      async ({ params, body: { keyX, keyY, credits, gateData } }, reply) => {
        const contributions = findRelay(params.round.toLowerCase())?.contributions;
        if (contributions === undefined) return reply.status(404).send(NO_CONTRIBUTIONS);
        const tag = await contributions.accept({
          key: { x: BigInt(keyX), y: BigInt(keyY) },
          credits: BigInt(credits),
          gateData: gateData as Hex,
        });
        return reply.status(202).send({ tag: String(tag) });
      },
    );
    routes.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  });
  return {
    app: app as unknown as FastifyInstance,
    async postCover(round, message) {
      // As long and as costly to look at as a donor's.
      const stamp = {
        epoch: "0".repeat(32),
        work: Array.from({ length: STAMP_PARTS }, () => randomInt(2 ** LEAST_STAMP_BITS)),
      };
      const headers = {
        "content-type": "application/json",
        [COVER_HEADER]: coverToken.toString("hex"),
      };
      const { statusCode, body } = await app.inject({
        method: "POST",
        url: `/rounds/${round}/messages`,
        headers,
        payload: JSON.stringify({ messages: [encodeMessage(message)], stamp }),
      });
      if (statusCode !== 202) throw new CoverRefusedError(statusCode, body);
    },
  };
}

/**
 * Strangers' pictures, by their digests: of a name that never means anything else, so kept for ever by whoever has it; and opened by itself
 * in a browser, each is nothing but a picture.
 */
const CONTENT_HEADERS = {
  "cache-control": "public, max-age=31536000, immutable",
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
  "cross-origin-resource-policy": "cross-origin",
  "x-content-type-options": "nosniff",
};
const NO_PICTURE: Failure = {
  error: "This picture is not kept here.",
  fix: "Its project or organiser hands it in.",
};

const UNKNOWN_ROUND: Failure = {
  error: "This coordinator does not serve that round.",
  fix: "See /rounds.",
};

const NO_CONTRIBUTIONS: Failure = {
  error: "This relay does not contribute to that round for others.",
  fix: "It does only where the round has no money and its gate asks for a proof that names the tag.",
};

function describeRound({ tally, phase, ...view }: RoundView): RoundStatus {
  return {
    ...view,
    ...(phase === undefined ? {} : { phase }),
    ...(tally === undefined ? {} : { tally: { ...tally } }),
  };
}
