import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { BUILT, locateContracts } from "../../../src/chain/contracts.ts";
import { readConfig } from "../../../src/chain/provenance.ts";
import { readPictureDigests } from "../../../src/chain/pictures.ts";
import { Content } from "../../../src/service/content.ts";
import type { Deployment } from "../../../src/chain/deploy.ts";
import type { DevnetChain } from "../../../src/devnet/chain.ts";
import { DurableSender } from "../../../src/coordinator/sending/durable_sender.ts";
import { sleep } from "../../../src/coordinator/sending/sleep.ts";
import { openDatabase, probeDatabase } from "../../../src/coordinator/store/database.ts";
import { journal } from "../../../src/coordinator/store/journal.ts";
import { createApi } from "../../../src/service/api.ts";
import { openContributions } from "../../../src/service/contribution_relay.ts";
import { createLogger } from "../../../src/service/logger.ts";
import { Relay } from "../../../src/service/relay.ts";
import type { RelaySettings } from "../../../src/service/relay_options.ts";
import { runRelay } from "../../../src/service/relay_loop.ts";
import { readRounds } from "./rounds.ts";

export type SandboxRelay = { readonly url: string; readonly close: () => Promise<void> };

/** Short, for players wait for it; every message of cover is a row to be proved, so there is little in a day's round. */
const SETTINGS: RelaySettings = {
  batchSize: 20,
  batchSeconds: 2,
  coverPerHour: 12,
  coverFloor: 0,
  messagesPerHour: 10_000,
  stampBits: 10,
};
const REQUESTS_PER_MINUTE = 600;
/** How often new rounds are looked for. */
const LOOK_SECONDS = 1;

/** The coordinator's own relay behind its own API, for every round that is made in the sandbox, from an account of its own. */
export async function startRelay({
  chain,
  deployment,
  onError,
}: {
  readonly chain: DevnetChain;
  readonly deployment: Deployment;
  readonly onError: (error: unknown) => void;
}): Promise<SandboxRelay> {
  const database = await openDatabase(":memory:"); // the chain too is gone with this process
  const stopping = new AbortController();
  const client = await chain.as("relay");
  const sender = new DurableSender(client, journal(database), {
    pollSeconds: 0.2,
    signal: stopping.signal,
  });
  const relays = new Map<string, Relay>();
  const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-content-"));
  const content = new Content({
    folder,
    mostBytes: 100_000_000,
    readWanted: async () => {
      const contracts = locateContracts(BUILT);
      const places = { documents: deployment.documents, fromBlock: 0n };
      const each = await Promise.all(
        (await readRounds({ chain, deployment })).map(async ({ round }) =>
          readPictureDigests(chain.read, await readConfig(chain.read, round, contracts), places),
        ),
      );
      return new Set(each.flatMap((digests) => [...digests]));
    },
  });
  const api = await createApi({
    content,
    views: () => [],
    findRelay: (round) => relays.get(round),
    isDatabaseUp: () => probeDatabase(database),
    logger: createLogger("silent"),
    requestsPerMinute: REQUESTS_PER_MINUTE,
    trustProxy: false,
  });
  const { signal } = stopping;
  const running: Promise<void>[] = [];
  const openNew = async () => {
    for (const { round, config } of await readRounds({ chain, deployment })) {
      const name = round.toLowerCase();
      if (relays.has(name)) continue;
      const shared = {
        ...SETTINGS,
        client: chain.read,
        database,
        sender,
        chainId: 31337,
        round,
        finality: 0,
      };
      const relay = new Relay({
        ...shared,
        messageFee: config.messageFee,
        end: config.end,
        contributions: await openContributions({
          ...shared,
          config,
          contracts: locateContracts(BUILT),
          account: client.wallet.account.address,
        }),
      });
      relays.set(name, relay);
      running.push(
        runRelay({ round: name, relay, api, signal, onError: (_what, why) => onError(why) }),
      );
    }
  };
  await openNew();
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const work = (async () => {
    while (!signal.aborted) {
      await sleep(LOOK_SECONDS, signal);
      if (!signal.aborted)
        await openNew().catch((error: unknown) => signal.aborted || onError(error)); // the next look tries again
    }
  })();
  return {
    url: api.app.listeningOrigin,
    async close() {
      stopping.abort();
      await api.app.close();
      await work;
      await Promise.all(running);
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}
