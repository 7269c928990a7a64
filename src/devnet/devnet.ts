import { keccak256, toHex, zeroAddress, type Address } from "viem";
import type { WriteClient } from "../chain/client.ts";
import { BUILT, locateContracts, type VerifierBytecodes } from "../chain/contracts.ts";
import { contribute } from "../chain/contribute.ts";
import { createRegistry, createRound } from "../chain/create_round.ts";
import { defaultSettings } from "../chain/default_settings.ts";
import { deployAll, deployPayoutRule, deployTestToken, type Deployment } from "../chain/deploy.ts";
import { fund } from "../chain/fund.ts";
import { mint } from "../chain/mint.ts";
import { addProjects } from "../chain/projects.ts";
import { readConfig, type RoundConfig } from "../chain/provenance.ts";
import { approve, readToken, type TokenFacts } from "../chain/token.ts";
import { topUp } from "../chain/top_up.ts";
import type { Point } from "../crypto/curve.ts";
import type { PayoutChoice } from "../payouts/rule.ts";
import { FOLD_SIZES, type FoldSize } from "../params.ts";
import { generateCoordinatorKeyPair, type KeyPair } from "../protocol/key.ts";
import { devnetAddress, type DevnetChain } from "./chain.ts";

/** A round on a devnet, with everything around it: contracts, test token, projects, coordinator. */
export type Devnet = {
  readonly chain: DevnetChain;
  readonly deployment: Deployment;
  readonly token: TokenFacts;
  readonly round: Address;
  readonly config: RoundConfig;
  readonly coordinator: KeyPair;
  /** Gas by kind of call, for the costs at the end. */
  readonly gas: GasMeter;
};

/** Gas used by kind of call. */
export class GasMeter {
  readonly kinds = new Map<string, { calls: number; gas: bigint }>();

  add(kind: string, gasUsed: bigint, calls = 1): void {
    const { calls: n, gas } = this.kinds.get(kind) ?? { calls: 0, gas: 0n };
    this.kinds.set(kind, { calls: n + calls, gas: gas + gasUsed });
  }
}

export type DevnetRequest = {
  readonly projects: readonly string[];
  /** Token units of one credit. */
  readonly unit: bigint;
  readonly size: FoldSize;
  /** How the pool is divided; a vote may have none. */
  readonly rule: PayoutChoice | undefined;
  /** Whether credits cost nothing, and votes may be against. */
  readonly isVote?: boolean;
  /** Of the keys with which the round will be tallied; by default the build's development keys. */
  readonly verifiers?: VerifierBytecodes;
};

const HOUR = 3_600n;
const DAY = 24n * HOUR;

/** A project's payout address on devnets. */
export const devnetRecipient = (project: string): Address => devnetAddress(`project ${project}`);

/** Deploys everything and opens a round in which messages are possible at once and contributions an hour later. */
export async function createDevnet(
  chain: DevnetChain,
  { projects, unit, size, rule, isVote = false, verifiers = BUILT }: DevnetRequest,
): Promise<Devnet> {
  const organiser = await chain.as("organiser");
  const deployment = await deployAll(organiser, undefined, verifiers);
  const token = await readToken(chain.read, await deployTestToken(organiser));
  const coordinator = generateCoordinatorKeyPair();
  const start = (await chain.now()) + HOUR;
  const end = start + 14n * DAY;
  const { registry } = await createRegistry(organiser, {
    factory: deployment.factory,
    owner: devnetAddress("organiser"),
    freezeTime: end,
  });
  await addProjects(organiser, {
    registry,
    projects: projects.map((name) => ({ recipient: devnetRecipient(name), metadataURI: name })),
  });
  const { round } = await createRound(organiser, {
    factory: deployment.factory,
    salt: keccak256(toHex("devnet")),
    settings: defaultSettings({
      organiser: devnetAddress("organiser"),
      coordinator: devnetAddress("coordinator"),
      remainderTo: devnetAddress("remainder"),
      coordinatorKeyX: coordinator.publicKey.x,
      coordinatorKeyY: coordinator.publicKey.y,
      token: isVote ? zeroAddress : token.address,
      poolToken: rule === undefined ? zeroAddress : token.address,
      allowSigns: isVote,
      shareLeftovers: false,
      unit,
      start,
      end,
      registry,
      gate: deployment.openGate,
      payoutRule: rule === undefined ? zeroAddress : await deployPayoutRule(organiser, rule),
      size: FOLD_SIZES.findIndex(({ name }) => name === size),
    }),
  });
  return {
    chain,
    deployment,
    token,
    round,
    coordinator,
    config: await readConfig(chain.read, round, locateContracts(verifiers)),
    gas: new GasMeter(),
  };
}

/** Mints the amount to the account and lets the round take it. */
async function prepare(
  { chain, token, round }: Devnet,
  client: WriteClient,
  amount: bigint,
): Promise<void> {
  await mint(await chain.as("organiser"), {
    token: token.address,
    to: client.wallet.account.address,
    amount,
  });
  await approve(client, { token: token.address, spender: round, amount });
}

/** Donor `name` contributes under a key; in a vote that costs nothing. */
export async function contributeAs(
  devnet: Devnet,
  name: string,
  key: Point,
  amount: bigint,
): Promise<bigint> {
  const client = await devnet.chain.as(name);
  if (devnet.config.token !== zeroAddress) await prepare(devnet, client, amount);
  const { tag, receipt } = await contribute(client, { round: devnet.round, key, amount });
  devnet.gas.add("contribute", receipt.gasUsed);
  return tag;
}

export async function topUpAs(
  devnet: Devnet,
  name: string,
  tag: bigint,
  amount: bigint,
): Promise<void> {
  const client = await devnet.chain.as(name);
  await prepare(devnet, client, amount);
  devnet.gas.add("top-up", (await topUp(client, { round: devnet.round, tag, amount })).gasUsed);
}

export async function fundAs(devnet: Devnet, name: string, amount: bigint): Promise<void> {
  const client = await devnet.chain.as(name);
  await prepare(devnet, client, amount);
  devnet.gas.add("fund", (await fund(client, { round: devnet.round, amount })).gasUsed);
}
