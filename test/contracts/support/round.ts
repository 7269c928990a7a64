import { network } from "hardhat";
import { zeroAddress, zeroHash, type Address, type Hex } from "viem";
import type { WriteClient } from "../../../src/chain/client.ts";
import { BUILT, locateContracts } from "../../../src/chain/contracts.ts";
import { createRegistry, type RoundSettings } from "../../../src/chain/create_round.ts";
import {
  deployAll,
  deployAllowListGate,
  deployGate,
  deployPayoutRule,
} from "../../../src/chain/deploy.ts";
import type { GatePlan } from "../../../src/chain/deploy_parts.ts";
import { defaultSettings } from "../../../src/chain/default_settings.ts";
import { multiplyBase } from "../../../src/crypto/curve.ts";
import type { PayoutChoice } from "../../../src/payouts/rule.ts";

/** Seconds from deployment to start, to end, and the tally's times. */
export const TIMES = {
  start: 10_000n,
  end: 20_000n,
  tallyBase: 5_000,
  tallyPerItem: 10,
  cancelNotice: 1_000,
} as const;
export const UNIT = 1_000n;
export const COORDINATOR_KEY = multiplyBase(7_777n);
/** Where this version's contracts are, with development keys: the same on every chain. */
export const CONTRACTS = locateContracts(BUILT);

/** Which contracts and settings a test's round has in place of the usual ones. */
export type Options = {
  readonly settings?: Partial<RoundSettings>;
  readonly token?:
    | "TestToken"
    | "FeeToken"
    | "OddToken"
    | "ReentrantToken"
    | "TestWrappedNative"
    | "none";
  readonly gate?:
    | "OpenGate"
    | "ReentrantGate"
    | { readonly allowList: Hex }
    /** Made with the chain on which the round will be. */
    | { readonly plan: (viem: Viem, writer: WriteClient) => Promise<GatePlan> };
  readonly payout?:
    | "HostilePayout"
    | "HungryPayout"
    | { readonly paySurplus: boolean }
    | { readonly toy: bigint }
    | PayoutChoice
    /** Made with the chain on which the round will be, and for its end. */
    | {
        readonly plan: (viem: Viem, writer: WriteClient, end: bigint) => Promise<PayoutChoice>;
      };
  /** A pool in a token of its own. */
  readonly pool?: boolean;
  readonly registry?: "HostileRegistry";
  readonly projects?: number;
};

export type Setup = Awaited<ReturnType<typeof deployRound>>;

/** A round of its own for each test, deployed once a file. */
export function roundFixture(options: Options = {}): () => Promise<Setup> {
  let made: { setup: Setup; restore: () => Promise<void> } | undefined;
  return async () => {
    if (made === undefined) {
      const setup = await deployRound(options);
      made = { setup, restore: (await setup.helpers.takeSnapshot()).restore };
    } else await made.restore();
    return made.setup;
  };
}

/** The payout address of a test project. */
export const makeRecipient = (project: number): Address =>
  `0x${(0xbeef0000n + BigInt(project)).toString(16).padStart(40, "0")}`;

async function deployRound(options: Options) {
  const {
    viem,
    networkHelpers: helpers,
    provider,
  } = await network.create({ override: { allowBlocksWithSameTimestamp: true } });
  const [
    deployer,
    organiser,
    coordinator,
    remainder,
    sponsor,
    secondSponsor,
    alice,
    bob,
    carol,
    stranger,
    guardian,
  ] = (await viem.getWalletClients()) as Wallets;
  const publicClient = await viem.getPublicClient();
  const born = BigInt(await helpers.time.latest());
  const [start, end] = [born + TIMES.start, born + TIMES.end];

  const writer = { read: publicClient, wallet: deployer, chainId: 31337 } as unknown as WriteClient;
  await deployAll(writer);
  const [implementation, small, closeVerifier, factory] = await Promise.all([
    viem.getContractAt("Round", CONTRACTS.implementation),
    viem.getContractAt("FoldVerifierSmall", CONTRACTS.foldVerifiers[0] as Address),
    viem.getContractAt("CloseVerifier", CONTRACTS.closeVerifier),
    viem.getContractAt("RoundFactory", CONTRACTS.factory),
  ]);

  const hasMoney = options.token !== "none";
  // All test tokens have TestToken's functions but the wrapper, which has deposit in place of mint.
  const tokenAddress = hasMoney
    ? (await viem.deployContract((options.token ?? "TestToken") as "TestToken")).address
    : zeroAddress;
  const poolAddress =
    options.pool === true ? (await viem.deployContract("TestToken")).address : tokenAddress;
  const gate =
    typeof options.gate === "object"
      ? await viem.getContractAt(
          "Gate",
          "plan" in options.gate
            ? await deployGate(writer, await options.gate.plan(viem, writer))
            : await deployAllowListGate(writer, options.gate.allowList),
        )
      : options.gate === "ReentrantGate"
        ? await viem.deployContract("ReentrantGate")
        : await viem.getContractAt("OpenGate", CONTRACTS.openGate);
  const payout =
    typeof options.payout === "string"
      ? await viem.deployContract(options.payout as "HostilePayout")
      : options.payout !== undefined && "toy" in options.payout
        ? await viem.deployContract("ToyPayout", [options.payout.toy])
        : options.payout !== undefined && ("id" in options.payout || "plan" in options.payout)
          ? await viem.getContractAt(
              "QuadraticPayout",
              await deployPayoutRule(
                writer,
                "id" in options.payout
                  ? options.payout
                  : await options.payout.plan(viem, writer, end),
              ),
            )
          : await viem.getContractAt(
              "QuadraticPayout",
              CONTRACTS.payoutRules[
                options.payout !== undefined &&
                "paySurplus" in options.payout &&
                options.payout.paySurplus
                  ? "pay"
                  : "return"
              ],
            );
  const registry =
    options.registry === undefined
      ? await viem.getContractAt(
          "ProjectRegistry",
          (
            await createRegistry(writer, {
              factory: factory.address,
              owner: deployer.account.address,
              freezeTime: end,
            })
          ).registry,
        )
      : await viem.deployContract("HostileRegistry");
  if (options.registry === undefined)
    await addProjects(
      await viem.getContractAt("ProjectRegistry", registry.address),
      options.projects ?? 4,
    );

  const settings = defaultSettings({
    organiser: organiser.account.address,
    coordinator: coordinator.account.address,
    coordinatorKeyX: COORDINATOR_KEY.x,
    coordinatorKeyY: COORDINATOR_KEY.y,
    token: tokenAddress,
    poolToken: poolAddress,
    unit: UNIT,
    start,
    end,
    tallyBase: TIMES.tallyBase,
    tallyPerItem: TIMES.tallyPerItem,
    cancelNotice: TIMES.cancelNotice,
    // As the factory wants it: a guardian exactly where there is a window.
    guardian: options.settings?.disputeWindow ? guardian.account.address : zeroAddress,
    gate: gate.address,
    payoutRule: poolAddress === zeroAddress ? zeroAddress : payout.address,
    registry: registry.address,
    remainderTo: remainder.account.address,
    shareLeftovers: false,
    ...options.settings,
  });
  const address = await factory.read.predictRound([settings, zeroHash]);
  await factory.write.createRound([settings, zeroHash]);
  const round = await viem.getContractAt("IRound", address);
  const token = await viem.getContractAt("TestToken", tokenAddress);

  const pool = await viem.getContractAt("TestToken", poolAddress);
  if (poolAddress !== tokenAddress && poolAddress !== zeroAddress) {
    for (const { account } of [sponsor, secondSponsor]) {
      await pool.write.mint([account.address, 10n ** 30n]);
      await pool.write.approve([address, 10n ** 30n], { account });
    }
  }
  const payers =
    hasMoney && options.token !== "TestWrappedNative"
      ? [sponsor, secondSponsor, alice, bob, carol]
      : [];
  for (const { account } of payers) {
    await token.write.mint([account.address, 10n ** 30n]);
    await token.write.approve([address, 10n ** 30n], { account });
  }
  return {
    viem,
    helpers,
    provider,
    publicClient,
    factory,
    implementation,
    closeVerifier,
    foldVerifier: small,
    token,
    pool,
    gate,
    payout,
    registry,
    round,
    settings,
    start,
    end,
    deployer,
    organiser,
    coordinator,
    remainder,
    sponsor,
    secondSponsor,
    alice,
    bob,
    carol,
    stranger,
    guardian,
  };
}

export type Viem = Awaited<ReturnType<typeof network.create>>["viem"];
type Wallet = Awaited<ReturnType<Viem["getWalletClients"]>>[number];
type Wallets = [
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
  Wallet,
];
export type { Wallet };

async function addProjects(
  registry: { write: { addProjects: (args: [Address[], string[]]) => Promise<Hex> } },
  count: number,
): Promise<void> {
  const CHUNK = 100;
  for (let from = 0; from < count; from += CHUNK) {
    const indices = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => from + i);
    await registry.write.addProjects([
      indices.map(makeRecipient),
      indices.map((i) => `project ${i}`),
    ]);
  }
}
