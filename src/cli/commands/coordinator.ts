import net from "node:net";
import { Command, InvalidArgumentError, Option } from "commander";
import ipaddr from "ipaddr.js";
import type { Address } from "viem";
import type { Finality } from "../../chain/finality.ts";
import { openQueueProver } from "../../coordinator/proving/queue_prover.ts";
import { openDatabase, type Database } from "../../coordinator/store/database.ts";
import { openSecrets } from "../../coordinator/store/secrets.ts";
import { BaseError, describeError } from "../../errors.ts";
import { developmentNotice, openArtifacts } from "../../proofs/artifacts.ts";
import { ProverPool } from "../../proofs/pool.ts";
import type { Prover } from "../../proofs/prover.ts";
import type { TrustedProxies } from "../../service/api.ts";
import { startService, type ServedRound } from "../../service/coordinator_service.ts";
import { createLogger } from "../../service/logger.ts";
import type { Io } from "../output/io.ts";
import { readKeyFile } from "../input/key_file.ts";
import {
  examples,
  parseAddress,
  parseCount,
  parseFinality,
  parseDuration,
  collectUrls,
  parseCoin,
  withOptions,
  type SharedValues,
} from "../input/options.ts";
import { loadAccount, loadPassphrase } from "../input/secrets.ts";
import { untilSignal } from "../until_signal.ts";
import { readWorkerKey } from "./worker.ts";
import { localCoordinatorKey } from "../../protocol/coordinator_key.ts";

type RoundArgument = { readonly round: Address; readonly keyFile: string | undefined };

type Values = Pick<SharedValues, "artifacts" | "accountKey" | "prover"> & {
  readonly rpc: readonly string[];
  readonly round: readonly RoundArgument[];
  readonly database: string;
  readonly archive: string;
  readonly passphraseFile?: string;
  readonly finality: Finality;
  readonly fromBlock?: number;
  readonly poll: number;
  readonly bump: number;
  readonly maxFee?: bigint;
  readonly workers?: number;
  readonly queue?: string;
  readonly workerKey?: string;
  readonly queueWidth: number;
  readonly listen: { readonly host: string; readonly port: number };
  readonly http: boolean;
  readonly requests: number;
  readonly trustProxy?: TrustedProxies;
  readonly metrics?: { readonly host: string; readonly port: number };
  readonly relay?: boolean;
  readonly batchSize: number;
  readonly batchTime: number;
  readonly cover: number;
  readonly coverFloor: number;
  readonly relayLimit: number;
  readonly relayMost?: number;
  readonly relaySpend?: bigint;
  readonly content?: string;
  readonly contentMost: number;
  readonly exitWhenDone?: boolean;
  readonly logLevel: string;
};

export class CoordinatorKeyMissingError extends BaseError {
  constructor(round: Address) {
    super(`No key is known for round ${round}.`, {
      fix: `Give --round ${round}=<key file>; with a passphrase it is kept encrypted in the database and the file is not needed again.`,
    });
  }
}

export class QueueKeyMissingError extends BaseError {
  constructor() {
    super("A queue needs the key under which its jobs are encrypted.", {
      fix: "Make one with `tacit worker --make-key --worker-key <file>` and give it with --worker-key.",
    });
  }
}

export function coordinatorCommand(io: Io): Command {
  const command = new Command("coordinator")
    .description(
      "run rounds unattended: follow, tally when they end, submit, finalize, archive; with an HTTP API and a relay for donors",
    )
    .addOption(
      new Option("--rpc <url...>", "JSON-RPC of the chain; several are tried in turn")
        .env("TACIT_RPC")
        .argParser(collectUrls)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--round <address[=key file]...>", "a round and its coordinator key file")
        .argParser(list(parseRound))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--database <file or url>", "SQLite file, or postgres:// URL")
        .env("TACIT_DATABASE")
        .default("tacit.sqlite"),
    )
    .option(
      "--archive <folder>",
      "where finished rounds are written as JSON and CSV",
      "tacit-archive",
    )
    .option(
      "--passphrase-file <file>",
      "keep coordinator keys encrypted in the database (or set TACIT_PASSPHRASE)",
    )
    .option(
      "--finality <finalized|blocks>",
      "which blocks are final: what the chain calls so, or those with so many after them",
      parseFinality,
      "finalized",
    )
    .option(
      "--from-block <number>",
      "block before the rounds' creation, for nodes without old states",
      parseCount,
    )
    .option("--poll <duration>", "how often to look for new blocks", parseDuration, 12)
    .option(
      "--bump <duration>",
      "raise the fee of a transaction that is not mined after so long",
      parseDuration,
      60,
    )
    .option(
      "--max-fee <gwei>",
      "offer at most this a unit of gas",
      (text) => BigInt(parseCount(text)) * 10n ** 9n,
    )
    .option(
      "--workers <number>",
      "proofs at a time on this machine (default: one a core)",
      parseCount,
    )
    .addOption(
      new Option(
        "--queue <url>",
        "let `tacit worker` processes prove, through this postgres:// URL",
      ).env("TACIT_QUEUE"),
    )
    .option("--worker-key <file>", "key under which jobs in the queue are encrypted")
    .option("--queue-width <number>", "jobs in the queue at a time", parseCount, 32)
    .option("--listen <host:port>", "HTTP API", parseListen, { host: "127.0.0.1", port: 8646 })
    .option("--no-http", "no HTTP API, and so no relay")
    .option(
      "--metrics <host:port>",
      "numbers for Prometheus, on a port that nobody but you can reach (default: none)",
      parseListen,
    )
    .option(
      "--requests <number>",
      "requests a minute to the relay from one client: an IPv4 address, or an IPv6 /64",
      parseCount,
      20,
    )
    .option(
      "--trust-proxy <addresses>",
      "your own reverse proxies, whose word about a client's address counts (CIDR, by comma)",
      parseProxies,
    )
    .option("--relay", "relay donors' messages, paid by this account")
    .option(
      "--batch-time <duration>",
      "how often waiting messages are published",
      parseDuration,
      300,
    )
    .option("--batch-size <number>", "messages in one transaction at most", parseCount, 50)
    .option(
      "--cover <number>",
      "cover messages an hour at random moments, on average",
      parseCount,
      6,
    )
    .option(
      "--cover-floor <number>",
      "messages that no batch goes out without: cover makes up what is missing",
      parseCount,
      2,
    )
    .option(
      "--relay-limit <number>",
      "messages an hour and round at most, cover among them",
      parseCount,
      2000,
    )
    .option(
      "--relay-most <number>",
      "messages in a whole round at most, cover among them (default: no bound)",
      parseCount,
    )
    .option(
      "--relay-spend <coin>",
      "what a round's messages may cost at most, gas and message fees (default: no bound)",
      parseCoin,
    )
    .option(
      "--content <folder>",
      "keep and give out the pictures that the rounds' documents name (default: none)",
    )
    .option("--content-most <MB>", "megabytes of pictures at most", parseCount, 1_000)
    .option("--exit-when-done", "end when every round is finalized or has ended otherwise")
    .option("--log-level <level>", "debug, info, warn or error", "info")
    .addHelpText(
      "after",
      examples(
        "tacit coordinator --rpc https://rpc.example --round 0x...=coordinator.json --account-key account.key --relay",
        "tacit coordinator --rpc https://a.example https://b.example --database postgres://tacit@db/tacit --queue postgres://tacit@db/tacit --worker-key worker.key --round 0x...",
      ),
    )
    .action(async (values: Values) => coordinator(io, values));
  return withOptions(command, "account", "artifacts", "prover");
}

async function coordinator(io: Io, values: Values): Promise<void> {
  const logger = createLogger(values.logLevel);
  const artifacts = await openArtifacts(values.artifacts);
  const database = await openDatabase(values.database);
  const account = await loadAccount(io, values);
  const rounds = await findRounds(io, values, database);
  const prover = await createProver(io, values);
  const service = await startService({
    rpcs: values.rpc,
    account,
    rounds,
    database,
    prover,
    logger,
    artifacts,
    finality: values.finality,
    archiveFolder: values.archive,
    pollSeconds: values.poll,
    fees: { bumpSeconds: values.bump, maxFeePerGas: values.maxFee },
    relay:
      values.relay === true
        ? {
            batchSize: values.batchSize,
            batchSeconds: values.batchTime,
            coverPerHour: values.cover,
            coverFloor: values.coverFloor,
            messagesPerHour: values.relayLimit,
            mostMessages: values.relayMost,
            mostWei: values.relaySpend,
          }
        : undefined,
    http: values.http
      ? {
          ...values.listen,
          requestsPerMinute: values.requests,
          trustProxy: values.trustProxy ?? false,
        }
      : undefined,
    content:
      values.content === undefined
        ? undefined
        : { folder: values.content, mostBytes: values.contentMost * 1_000_000 },
    metrics: values.metrics,
  });
  logger.info(
    {
      url: service.url,
      metrics: service.metricsUrl,
      rounds: rounds.map(({ round }) => round),
      account: account.address,
    },
    "coordinator started",
  );
  const notice = developmentNotice(artifacts);
  if (notice !== undefined) logger.warn(notice);
  const lost = database.lost.then((error) =>
    logger.error({ error: describeError(error) }, "another process has taken over the database"),
  );
  await untilSignal(
    Promise.race([
      lost,
      values.exitWhenDone === true ? service.allDone : new Promise<void>(() => undefined),
    ]),
  );
  logger.info("stopping");
  await service.stop();
  await database.close();
}

async function findRounds(
  io: Io,
  { round: all, passphraseFile, fromBlock }: Values,
  database: Database,
): Promise<ServedRound[]> {
  const withPassphrase = passphraseFile !== undefined || Boolean(io.env["TACIT_PASSPHRASE"]);
  const secrets = withPassphrase
    ? await openSecrets(database, await loadPassphrase(io, passphraseFile))
    : undefined;
  return Promise.all(
    all.map(async ({ round, keyFile }) => {
      const name = `coordinator key of ${round.toLowerCase()}`;
      if (keyFile === undefined) {
        const stored = await secrets?.get(name);
        if (stored === undefined) throw new CoordinatorKeyMissingError(round);
        return { round, key: localCoordinatorKey(BigInt(stored)), fromBlock };
      }
      const { secret } = await readKeyFile(keyFile, "coordinator");
      await secrets?.put(name, String(secret));
      return { round, key: localCoordinatorKey(secret), fromBlock };
    }),
  );
}

async function createProver(
  io: Io,
  { queue, workerKey, queueWidth, workers, prover }: Values,
): Promise<Prover> {
  if (queue === undefined)
    return new ProverPool({ workers, prover, onNotice: (text) => io.err(`${text}\n`) });
  if (workerKey === undefined) throw new QueueKeyMissingError();
  return openQueueProver({ url: queue, key: await readWorkerKey(workerKey), width: queueWidth });
}

/** One or several, as TACIT_RPC holds them, with blanks or commas between. */
const list =
  <T>(parse: (text: string) => T) =>
  (text: string, earlier: readonly T[] = []): T[] => [...earlier, parse(text)];

function parseRound(text: string): RoundArgument {
  const [address = "", ...file] = text.split("=");
  return { round: parseAddress(address), keyFile: file.length > 0 ? file.join("=") : undefined };
}

/** Proxies' addresses; never everybody's. @throws InvalidArgumentError */
export function parseProxies(text: string): Exclude<TrustedProxies, false> {
  const all = text.split(",").map((one) => one.trim());
  const isSome = (one: string) =>
    one.includes("/") ? ipaddr.isValidCIDR(one) && !one.endsWith("/0") : net.isIP(one) !== 0;
  if (!all.every(isSome))
    throw new InvalidArgumentError(
      "Not addresses of proxies, such as 127.0.0.1 or 10.0.0.0/8,fd00::/8.",
    );
  return all.join(",");
}

function parseListen(text: string): { host: string; port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(text);
  if (match === null) throw new InvalidArgumentError("Not host:port.");
  return { host: match[1] as string, port: Number(match[2]) };
}
