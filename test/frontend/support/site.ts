import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Address } from "viem";
import { PAGE_FOLDER } from "../../../scripts/page/build_page.ts";
import {
  createPlayRound,
  mintForPlayers,
  type PlayRound,
} from "../../../scripts/page/sandbox/play_round.ts";
import { startSandbox } from "../../../scripts/page/sandbox/sandbox.ts";
import { BUILD } from "../../../scripts/pipeline/paths.ts";
import { parseAllowList } from "../../../src/donor/allow_list.ts";
import { BUILT, locateContracts } from "../../../src/chain/contracts.ts";
import { readConfig, type RoundConfig } from "../../../src/chain/provenance.ts";
import { allowListRoot } from "../../../src/gates/merkle.ts";
import {
  deployAll,
  deployAllowListGate,
  deployTestToken,
  type Deployment,
} from "../../../src/chain/deploy.ts";
import { startDevnetChain, type DevnetChain } from "../../../src/devnet/chain.ts";
import { serveRpc } from "../../../src/devnet/rpc_server.ts";
import { openTallyStore } from "../../../src/coordinator/store/tally_store.ts";
import { openArtifacts } from "../../../src/proofs/artifacts.ts";
import { generateCoordinatorKeyPair, type KeyPair } from "../../../src/protocol/key.ts";

export { PAGE_FOLDER };

/** The settings of a round of these contracts. */
export const readRoundConfig = async (chain: DevnetChain, round: Address): Promise<RoundConfig> =>
  readConfig(chain.read, round, locateContracts(BUILT));

/** The built page on a real chain with the real contracts, prover and coordinator: the sandbox, as `npm start` serves it. */
export type TestSite = {
  readonly url: string;
  readonly rpcUrl: string;
  readonly chain: DevnetChain;
  readonly deployment: Deployment;
  readonly token: Address;
  readonly coordinator: KeyPair;
  readonly newRound: (
    options?: Partial<Pick<PlayRound, "open" | "salt" | "token" | "coordinatorKey" | "gate">>,
  ) => Promise<Address>;
  readonly close: () => Promise<void>;
};

export async function startSite({
  relayUrl,
  listed,
}: {
  readonly relayUrl?: () => string;
  readonly listed?: string;
} = {}): Promise<TestSite> {
  const chain = await startDevnetChain();
  const rpc = await serveRpc(chain.provider, 18_545);
  const deployer = await chain.as("organiser");
  const deployment = await deployAll(deployer);
  const token = await deployTestToken(deployer);
  await mintForPlayers(chain, token);
  const gate =
    listed === undefined
      ? undefined
      : await deployAllowListGate(deployer, allowListRoot(parseAllowList(listed, "listed")));
  const coordinator = generateCoordinatorKeyPair();
  const proofs = await mkdtemp(path.join(os.tmpdir(), "tacit-page-"));
  const page = await startSandbox({
    chain,
    deployment,
    coordinator,
    rpcUrl: rpc.url,
    tokens: [token],
    artifacts: await openArtifacts(BUILD),
    store: await openTallyStore(proofs),
    port: 0,
    onTallyError: (error) => console.error(error),
    ...(relayUrl === undefined ? {} : { relayUrl }),
    ...(gate === undefined || listed === undefined ? {} : { lists: { [gate]: listed } }),
  });
  return {
    url: page.url,
    rpcUrl: rpc.url,
    chain,
    deployment,
    token,
    coordinator,
    newRound: (options) =>
      createPlayRound(chain, {
        deployment,
        token,
        coordinatorKey: coordinator.publicKey,
        ...(gate === undefined ? {} : { gate }),
        ...options,
      }),
    async close() {
      await page.close();
      await rpc.close();
      await chain.close();
      await rm(proofs, { recursive: true, force: true });
    },
  };
}
