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
import { parseGroup } from "../../../src/donor/group_list.ts";
import { groupRoot } from "../../../src/protocol/group.ts";
import { BUILT, locateContracts } from "../../../src/chain/contracts.ts";
import { readConfig, type RoundConfig } from "../../../src/chain/provenance.ts";
import { allowListRoot } from "../../../src/gates/merkle.ts";
import {
  deployAll,
  deployGate,
  deployTestToken,
  type Deployment,
} from "../../../src/chain/deploy.ts";
import { startDevnetChain, type DevnetChain } from "../../../src/devnet/chain.ts";
import { serveRpc } from "../../../src/devnet/rpc_server.ts";
import { openTallyStore } from "../../../src/coordinator/store/tally_store.ts";
import { openArtifacts } from "../../../src/proofs/artifacts.ts";
import type { Prover } from "../../../src/proofs/prover.ts";
import { deployNames, type TestNames } from "../../helpers/name_service.ts";
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
  readonly names: TestNames | undefined;
  readonly newRound: (options?: Partial<Omit<PlayRound, "deployment">>) => Promise<Address>;
  readonly close: () => Promise<void>;
};

export async function startSite({
  relayUrl,
  listed,
  exactCredits = 0n,
  prover,
  group,
  walletConnect,
  withNames = false,
}: {
  readonly relayUrl?: () => string;
  readonly listed?: string;
  /** Of the gate with the list; 0 for any number up to the list's. */
  readonly exactCredits?: bigint;
  readonly prover?: Prover;
  /** A group's list: its members are admitted, each with 25 credits at most. */
  readonly group?: string;
  readonly walletConnect?: { readonly projectId: string; readonly relay: string };
  /** With ENS's own registry and resolver on the chain. */
  readonly withNames?: boolean;
} = {}): Promise<TestSite> {
  const chain = await startDevnetChain();
  const rpc = await serveRpc(chain.provider, 18_545);
  const deployer = await chain.as("organiser");
  const deployment = await deployAll(deployer);
  const token = await deployTestToken(deployer);
  await mintForPlayers(chain, token);
  const gate =
    listed !== undefined
      ? await deployGate(deployer, {
          clauses: [
            [{ id: "merkle", settings: [allowListRoot(parseAllowList(listed, "listed"))] }],
          ],
          exactCredits,
        })
      : group !== undefined
        ? await deployGate(deployer, {
            clauses: [
              [{ id: "semaphore", settings: [groupRoot(parseGroup(group, "group")), 25n] }],
            ],
          })
        : undefined;
  const names = withNames ? await deployNames(deployer) : undefined;
  const list = listed ?? group;
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
    ...(prover === undefined ? {} : { prover }),
    ...(walletConnect === undefined ? {} : { walletConnect }),
    ...(relayUrl === undefined ? {} : { relayUrl }),
    ...(names === undefined ? {} : { universalResolver: names.universalResolver }),
    ...(gate === undefined || list === undefined ? {} : { lists: { [gate]: list } }),
  });
  return {
    url: page.url,
    rpcUrl: rpc.url,
    chain,
    deployment,
    token,
    coordinator,
    names,
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
