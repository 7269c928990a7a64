import type { Address } from "viem";
import type { Deployment } from "../../../src/chain/deploy.ts";
import { readProgress } from "../../../src/chain/round.ts";
import { devnetAddress, type DevnetChain } from "../../../src/devnet/chain.ts";
import type { TallyStore } from "../../../src/coordinator/store/tally_store.ts";
import { runTally } from "../../../src/coordinator/tally/tally.ts";
import type { Artifacts } from "../../../src/proofs/artifacts.ts";
import type { Prover } from "../../../src/proofs/prover.ts";
import type { KeyPair } from "../../../src/protocol/key.ts";
import { servePage, type PageServer, type Routes } from "../server.ts";
import { siteContracts } from "../site_contracts.ts";
import { trustedKeyFiles } from "../trusted_keys.ts";
import { SANDBOX_ACCOUNTS } from "./accounts.ts";
import { readRounds } from "./rounds.ts";
import { localCoordinatorKey } from "../../../src/protocol/coordinator_key.ts";

export type Sandbox = {
  readonly chain: DevnetChain;
  readonly deployment: Deployment;
  /** Where the chain's JSON-RPC is served; the page reaches it through its own server. */
  readonly rpcUrl: string;
  readonly tokens: readonly Address[];
  readonly coordinator: KeyPair;
  readonly artifacts: Artifacts;
  readonly store: TallyStore;
  readonly port: number;
  /** A coordinator's API whose relay publishes for donors; without it they publish from a second account. */
  readonly relayUrl?: () => string;
  /** How wallets on other devices are reached; without it they are not. */
  readonly walletConnect?: { readonly projectId: string; readonly relay: string };
  /** What names are asked of; without it none are. */
  readonly universalResolver?: Address;
  /** Allow-lists as CSV, by gate. */
  readonly lists?: Readonly<Record<Address, string>>;
  /** Makes the proofs; by default a pool on this machine. */
  readonly prover?: Prover;
  /** Told when a tally fails: the page shows only what is on the chain. */
  readonly onTallyError?: (error: unknown) => void;
};

const CHAIN_ID = 31337;
const RELAY = "/relay";
/** A block every few seconds, as on a real chain: the page's clock follows the chain's. */
const BLOCK_MS = 4_000;

/** The page on a devnet: its files, the chain behind `/rpc`, a clock that visitors move, and the coordinator at work. */
export async function startSandbox(sandbox: Sandbox): Promise<PageServer> {
  const { chain, rpcUrl, artifacts, port, relayUrl } = sandbox;
  const keys = await trustedKeyFiles(artifacts);
  const contracts = await siteContracts(artifacts);
  const config = JSON.stringify({ ...siteConfig(sandbox), ...contracts.config });
  const routes: Record<string, Routes[string]> = {
    "GET /config.json": async () => config,
    [`GET /${contracts.config.creationCode}`]: async () => contracts.text,
    "POST /rpc": async (body) =>
      (
        await fetch(rpcUrl, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        })
      ).text(),
    "POST /sandbox/warp": async (body) => {
      await chain.warpTo(BigInt((JSON.parse(body) as { to: number }).to));
      return "{}";
    },
  };
  for (const [gate, list] of Object.entries(sandbox.lists ?? {}))
    routes[`GET /lists/${gate}.csv`] = async () => list;
  for (const [name, content] of keys) routes[`GET /${name}`] = async () => content;
  const server = await servePage(
    routes,
    port,
    relayUrl === undefined ? {} : { [RELAY]: relayUrl },
    { walletRelay: sandbox.walletConnect?.relay },
  );
  const stop = keepBlocks(chain);
  const rest = keepTallying(sandbox);
  return {
    url: server.url,
    async close() {
      stop();
      await rest();
      await server.close();
    },
  };
}

function siteConfig({
  tokens,
  coordinator: { publicKey },
  relayUrl,
  walletConnect,
  universalResolver,
  lists = {},
}: Sandbox): object {
  return {
    chains: [
      {
        id: CHAIN_ID,
        name: "Sandbox",
        rpc: ["./rpc"],
        currency: { name: "Ether", symbol: "ETH", decimals: 18 },
        finality: 0,
        fromBlock: 0,
        tokens,
        coordinators: [
          {
            name: "Sandbox",
            address: devnetAddress("coordinator"),
            key: { x: String(publicKey.x), y: String(publicKey.y) },
          },
        ],
        lists: Object.fromEntries(Object.keys(lists).map((gate) => [gate, `./lists/${gate}.csv`])),
        ...(relayUrl === undefined ? {} : { relay: `.${RELAY}` }),
        ...(universalResolver === undefined ? {} : { universalResolver }),
      },
    ],
    sandbox: { chainId: CHAIN_ID, accounts: SANDBOX_ACCOUNTS },
    ...(walletConnect === undefined ? {} : { walletConnect }),
  };
}

function keepBlocks(chain: DevnetChain): () => void {
  const timer = setInterval(
    () => void chain.provider.request({ method: "evm_mine" } as never).catch(() => undefined),
    BLOCK_MS,
  );
  return () => clearInterval(timer);
}

/** Tallies every round that has ended and names the sandbox's coordinator. Returns what ends it, after the tally under way. */
function keepTallying(sandbox: Sandbox): () => Promise<void> {
  const {
    chain,
    coordinator: { secret, publicKey },
    artifacts,
    store,
    prover,
    onTallyError,
  } = sandbox;
  const key = localCoordinatorKey(secret);
  let ended = false;
  const given = new Set<Address>(); // a tally that failed is not tried for ever
  const work = (async () => {
    const client = await chain.as("coordinator");
    while (!ended) {
      for (const { round, config } of await readRounds(sandbox)) {
        if (
          ended ||
          given.has(round) ||
          config.coordinatorKeyX !== publicKey.x ||
          config.coordinator !== devnetAddress("coordinator")
        )
          continue;
        if ((await readProgress(chain.read, round)).phase !== "tallying") continue;
        given.add(round);
        await runTally({
          client,
          round,
          key,
          artifacts,
          store,
          ...(prover === undefined ? {} : { prover }),
        }).catch((error: unknown) => onTallyError?.(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  })().catch((error: unknown) => onTallyError?.(error));
  return async () => {
    ended = true;
    await work;
  };
}
