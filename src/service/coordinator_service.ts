import {
  createPublicClient,
  createWalletClient,
  fallback,
  http,
  isAddressEqual,
  type Account,
  type Address,
  type Hex,
} from "viem";
import type { CoordinatorKey } from "../protocol/coordinator_key.ts";
import { readChainId, connectRead, type ReadClient, type WriteClient } from "../chain/client.ts";
import {
  DurableSender,
  OutOfCoinError,
  type SenderOptions,
} from "../coordinator/sending/durable_sender.ts";
import type { Finality } from "../chain/finality.ts";
import { RoundFollower } from "../coordinator/following/follow.ts";
import { storeIn } from "../coordinator/store/tally_store.ts";
import { sleep } from "../coordinator/sending/sleep.ts";
import { probeDatabase, type Database } from "../coordinator/store/database.ts";
import type { JournalEntry } from "../coordinator/store/journal.ts";
import { BaseError, describeError } from "../errors.ts";
import type { Contracts } from "../chain/provenance.ts";
import { trustedContracts } from "../proofs/trusted_contracts.ts";
import { requireKeysFor, type Artifacts } from "../proofs/artifacts.ts";
import type { Prover } from "../proofs/prover.ts";
import { creationBlock } from "../chain/creation_block.ts";
import { readPictureDigests } from "../chain/pictures.ts";
import { Content } from "./content.ts";
import { createApi, type Api, type TrustedProxies } from "./api.ts";
import { listenAt } from "./listen.ts";
import type { Logger } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { serveMetrics } from "./metrics_server.ts";
import { openContributions } from "./contribution_relay.ts";
import { Relay } from "./relay.ts";
import type { RelaySettings } from "./relay_options.ts";
import { runRelay } from "./relay_loop.ts";
import { RoundWorker, type RoundView } from "./round_worker.ts";

export type ServedRound = {
  readonly round: Address;
  readonly key: CoordinatorKey;
  readonly fromBlock?: number | undefined;
};

export type ServiceOptions = {
  readonly rpcs: readonly string[];
  readonly account: Account;
  readonly rounds: readonly ServedRound[];
  readonly database: Database;
  readonly artifacts: Artifacts;
  readonly prover: Prover;
  readonly finality: Finality;
  readonly archiveFolder: string;
  readonly pollSeconds: number;
  readonly logger: Logger;
  readonly fees?: SenderOptions;
  /** Without it donors' messages are not relayed. */
  readonly relay?: RelaySettings | undefined;
  readonly http?:
    | {
        readonly host: string;
        readonly port: number;
        readonly requestsPerMinute: number;
        readonly trustProxy: TrustedProxies;
      }
    | undefined;
  /** Where the pictures of the served rounds and their projects are kept (META-5); without it nowhere. */
  readonly content?: { readonly folder: string; readonly mostBytes: number } | undefined;
  /** Where metrics are served, for the operator alone; without it nowhere. */
  readonly metrics?: { readonly host: string; readonly port: number } | undefined;
};

/** A running coordinator. */
export type Service = {
  readonly url: string | undefined;
  readonly metricsUrl: string | undefined;
  readonly views: () => readonly RoundView[];
  /** Settles when every round is finalized or has ended otherwise. */
  readonly allDone: Promise<void>;
  /** Ends what is being done at the next safe place and closes everything but the database. */
  readonly stop: () => Promise<void>;
};

export class WrongAccountError extends BaseError {
  constructor(round: Address, coordinator: Address, account: Address) {
    super(
      `The round ${round} names ${coordinator} as its coordinator, and the account given is ${account}.`,
      {
        fix: "Give --account-key of the round's coordinator: no other account can commit a tally.",
      },
    );
  }
}

/** Seconds before another try, after the first and at most. */
const [FIRST_RETRY, LAST_RETRY] = [1, 120];

/** The probe of a health check writes to the disk, and anybody may ask for one: asked more often, its last answer is given. */
const HEALTH_SECONDS = 5;

/** Decrypting a large round takes longer than anyone waits for a stop, and is done again anyway. */
const STOP_SECONDS = 10;

/** Serves rounds until it is stopped. Errors are logged and tried again; those of one round do not hold up the others. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { rpcs, artifacts, logger, database } = options;
  const client = connectAll(rpcs, options.account, await firstChainId(rpcs));
  requireKeysFor(artifacts, client.chainId);
  const contracts = await trustedContracts(artifacts);
  const { factory, documents } = contracts;
  const metrics = createMetrics();
  const store = measured(storeIn(database), metrics);
  const stopping = new AbortController();
  let fees = 0n;
  const bounds = () => ({
    to: options.rounds.map(({ round }) => round),
    mostValue: fees * BigInt(options.relay?.batchSize ?? 0),
  });
  const onForeign = ({ step, nonce, hash }: JournalEntry, why: string) => {
    metrics.failed("journal");
    logger.error(
      { step, nonce, hash, why },
      "somebody else has written into the journal: this entry is not used",
    );
  };
  const sender = new DurableSender(client, store.journal, {
    ...options.fees,
    bounds,
    onForeign,
    signal: stopping.signal,
    onSent: ({ step, nonce, hash, maxFee }) => {
      metrics.sent();
      logger.info({ step, nonce, hash, maxFee: String(maxFee) }, "transaction sent");
    },
  });
  const nodes = rpcs.map((rpc) => connectRead(rpc));
  const workers = options.rounds.map(
    ({ round, key, fromBlock }) =>
      new RoundWorker({
        client,
        round,
        key,
        artifacts,
        store,
        sender,
        prover: options.prover,
        archiveFolder: options.archiveFolder,
        follower: new RoundFollower({
          database,
          nodes,
          chainId: client.chainId,
          round,
          fromBlock,
          factory,
          finality: options.finality,
        }),
        onTally: (event) => metrics.tally(round, event),
      }),
  );
  for (const worker of workers) {
    const { coordinator, messageFee } = await worker.config(); // a wrong key or address is told at once
    if (!isAddressEqual(coordinator, options.account.address))
      throw new WrongAccountError(worker.view.round, coordinator, options.account.address);
    if (messageFee > fees) fees = messageFee;
  }
  const balance = () => client.read.getBalance({ address: options.account.address });
  if ((await balance()) === 0n) throw new OutOfCoinError(options.account.address, undefined);
  const relays =
    options.relay === undefined
      ? new Map<string, Relay>()
      : await openRelays(options, { client, sender, workers, metrics, contracts });
  const views = () => workers.map(({ view }) => view);
  const content =
    options.content === undefined
      ? undefined
      : new Content({
          ...options.content,
          readWanted: () => readPictures(client.read, documents, workers, options.rounds),
        });
  const api = await listen(options, views, relays, content);
  const metricsServer =
    options.metrics === undefined
      ? undefined
      : await serveMetrics(metrics, views, balance, options.metrics);
  const running = Promise.all(
    workers.map((worker) => serve(worker, options, metrics, stopping.signal)),
  );
  const relaying =
    api === undefined
      ? undefined
      : Promise.all(
          [...relays].map(([round, relay]) =>
            runRelay({
              round,
              relay,
              api,
              signal: stopping.signal,
              onError: (what, why) => {
                metrics.failed("relay");
                logger.warn({ round, what, error: why }, "the relay goes on at its next batch");
              },
            }),
          ),
        );
  return {
    url: api?.app.listeningOrigin,
    metricsUrl: metricsServer?.url,
    views,
    allDone: running.then(() => undefined),
    async stop() {
      stopping.abort();
      await api?.app.close();
      await metricsServer?.close();
      await options.prover.close();
      await Promise.race([Promise.all([running, relaying]), sleep(STOP_SECONDS)]);
    },
  };
}

async function serve(
  worker: RoundWorker,
  { pollSeconds, logger }: ServiceOptions,
  metrics: Metrics,
  signal: AbortSignal,
): Promise<void> {
  for (let retry = FIRST_RETRY; !signal.aborted && !worker.isDone; ) {
    try {
      const before = worker.view.state;
      await worker.tick();
      retry = FIRST_RETRY;
      const { round, state, items, block } = worker.view;
      if (state !== before) logger.info({ round, state, items, block }, "round moved on");
      if (!worker.isDone) await sleep(pollSeconds, signal);
    } catch (error) {
      if (signal.aborted) return;
      metrics.failed("round");
      worker.fail();
      logger.warn(
        { round: worker.view.round, error: describeError(error), retrySeconds: retry },
        "trying again",
      );
      await sleep(retry, signal);
      retry = Math.min(2 * retry, LAST_RETRY);
    }
  }
}

async function openRelays(
  options: ServiceOptions,
  {
    client,
    sender,
    workers,
    metrics,
    contracts,
  }: {
    readonly client: WriteClient;
    readonly sender: DurableSender;
    readonly workers: readonly RoundWorker[];
    readonly metrics: Metrics;
    readonly contracts: Contracts;
  },
): Promise<Map<string, Relay>> {
  const relays = new Map<string, Relay>();
  for (const worker of workers) {
    const config = await worker.config();
    const { round } = worker.view;
    const shared = {
      ...(options.relay as RelaySettings),
      client: client.read,
      database: options.database,
      sender,
      chainId: client.chainId,
      round,
      finality: options.finality,
    };
    const contributions = await openContributions({
      ...shared,
      contracts,
      config,
      account: options.account.address,
      onRefused(why) {
        metrics.failed("relay");
        options.logger.warn({ round, why }, "a contribution that was taken is refused now");
      },
    });
    relays.set(
      round.toLowerCase(),
      new Relay({
        ...shared,
        messageFee: config.messageFee,
        end: config.end,
        contributions,
        onPublished: metrics.relayed,
        onTrouble: (trouble) => {
          metrics.failed("relay");
          options.logger.error(
            { round, trouble: trouble.what, count: trouble.messages, why: trouble.why },
            "the relay could not publish",
          );
        },
      }),
    );
  }
  return relays;
}

async function listen(
  options: ServiceOptions,
  views: () => readonly RoundView[],
  relays: ReadonlyMap<string, Relay>,
  content: Content | undefined,
): Promise<Api | undefined> {
  if (options.http === undefined) return undefined;
  const { host, port, requestsPerMinute, trustProxy } = options.http;
  const api = await createApi({
    views,
    requestsPerMinute,
    trustProxy,
    logger: options.logger,
    findRelay: (round) => relays.get(round),
    content,
    isDatabaseUp: sharedFor(HEALTH_SECONDS, () => probeDatabase(options.database)),
  });
  await listenAt(api.app, { host, port }, "--listen");
  return api;
}

/** Digests of the pictures that the served rounds, their projects and applications name. */
async function readPictures(
  client: ReadClient,
  documents: Address,
  workers: readonly RoundWorker[],
  rounds: readonly ServedRound[],
): Promise<ReadonlySet<Hex>> {
  const each = await Promise.all(
    workers.map(async (worker, i) => {
      const config = await worker.config();
      const told = rounds[i]?.fromBlock;
      const fromBlock =
        told === undefined ? await creationBlock(client, config.registry, config) : BigInt(told);
      return readPictureDigests(client, config, { documents, fromBlock });
    }),
  );
  return new Set(each.flatMap((digests) => [...digests]));
}

/** Asks at most once in so many seconds; who asks in between gets the same answer. */
export function sharedFor<T>(seconds: number, ask: () => Promise<T>): () => Promise<T> {
  let [answer, asked]: [Promise<T> | undefined, number] = [undefined, 0];
  return () => {
    const now = performance.now();
    if (answer === undefined || now - asked >= 1000 * seconds) [answer, asked] = [ask(), now];
    return answer;
  };
}

async function firstChainId(rpcs: readonly string[]): Promise<number> {
  let failure: unknown;
  for (const rpc of rpcs) {
    try {
      return await readChainId(connectRead(rpc), rpc);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Reads and sends by the first node that answers. */
function connectAll(rpcs: readonly string[], account: Account, chainId: number): WriteClient {
  // One that fails is left for the next at once; after the last, all are tried again.
  const transport = fallback(
    rpcs.map((rpc) => http(rpc, { retryCount: 0, timeout: 15_000 })),
    { retryCount: 4 },
  );
  const read = createPublicClient({
    transport,
    pollingInterval: 500,
    cacheTime: 0,
    ccipRead: false,
  }) as ReadClient;
  return {
    chainId,
    read,
    wallet: createWalletClient({ account, transport }),
  } as unknown as WriteClient;
}

function measured(store: ReturnType<typeof storeIn>, metrics: Metrics) {
  return {
    ...store,
    put: (...[key, circuit, proved, seconds]: Parameters<typeof store.put>) => {
      if (seconds !== undefined) metrics.proof(circuit, seconds);
      return store.put(key, circuit, proved, seconds);
    },
    journal: store.journal as NonNullable<typeof store.journal>,
  };
}
