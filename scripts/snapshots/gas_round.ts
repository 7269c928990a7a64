import { network } from "hardhat";
import { keccak256, toHex, zeroHash, type Hex } from "viem";
import type { WriteClient } from "../../src/chain/client.ts";
import { defaultSettings } from "../../src/chain/default_settings.ts";
import { deployPayoutRule } from "../../src/chain/deploy.ts";
import { encodeGateData } from "../../src/gates/index.ts";
import { allowListRoot, merkle } from "../../src/gates/merkle.ts";
import { multiplyBase, type Point } from "../../src/crypto/curve.ts";
import { FOLD_SIZES, P } from "../../src/params.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import type { PayoutChoice } from "../../src/payouts/rule.ts";

/** Projects with votes: as many as a large real round had. */
export const PROJECTS = 134;
export const UNIT = 10n ** 15n;
/** Credits of each of the two donors. */
export const CREDITS = 10n ** 12n;

const DAY = 86_400n;
/** Projects that are added in one transaction. */
const CHUNK = 200;
const makeRecipient = (project: number): Hex =>
  `0x${keccak256(toHex(project, { size: 32 })).slice(-40)}`;

/** A message as the ABI types it. */
export type Words = readonly [
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
];

/** Eleven words that look like a message: a curve point, and nine words without structure. */
export function sampleMessage(seed: number): Words {
  const { x, y } = multiplyBase(BigInt(keccak256(toHex(seed, { size: 32 }))));
  const word = (i: number) => BigInt(keccak256(toHex(seed * 16 + i, { size: 64 }))) % P;
  return [x, y, ...Array.from({ length: 9 }, (_, i) => word(i))] as unknown as Words;
}

export type GasRound = Awaited<ReturnType<typeof createGasRound>>;

/** Accounts of the allow-list: as many as a large real round had donors. */
const LISTED = 2_000;
/** The most credits of each. */
const LISTED_CREDITS = 10n ** 13n;

type MadeGate = {
  readonly gate: Hex;
  readonly makeGateData: (payer: Hex, at: { round: Hex; tag: bigint }) => Promise<Hex>;
};
/** Makes a gate for two donors, who come first in a list of as many as a large real round had. */
export type GateMaker = (chain: {
  readonly viem: Awaited<ReturnType<typeof network.create>>["viem"];
  readonly writer: WriteClient;
  readonly list: readonly Hex[];
}) => Promise<MadeGate>;

/** A list of as many accounts as a large real round had donors, beginning with these. */
export const longList = (accounts: readonly Hex[]) =>
  [
    ...accounts,
    ...Array.from({ length: LISTED - accounts.length }, (_, i) => makeRecipient(i)),
  ].map((account) => ({ account, credits: LISTED_CREDITS }));

/** A chain with the rules of the network that the costs are told for, a round of the given size on it, a day before its start. */
export async function createGasRound(
  sizeName: (typeof FOLD_SIZES)[number]["name"],
  gateKind: "open" | "allow-list" | GateMaker = "open",
  {
    count = PROJECTS,
    rule = { id: "quadratic", args: [false] },
    isQualified = false,
  }: {
    readonly count?: number;
    readonly rule?: PayoutChoice;
    /** Whether the rule asks a qualifier, to which all projects are good. */
    readonly isQualified?: boolean;
  } = {},
) {
  const { viem, networkHelpers } = await network.create();
  const [organiser, coordinator, sponsor, first, second] = await wallets();
  const account = organiser.account.address;
  const publicClient = await viem.getPublicClient();
  const writer = {
    read: publicClient,
    wallet: organiser,
    chainId: 31337,
  } as unknown as WriteClient;
  const now = BigInt(await networkHelpers.time.latest());
  const [start, end] = [now + DAY, now + 2n * DAY];

  const deployed = async (contract: Promise<{ address: Hex }>) => (await contract).address;
  const folds = [
    await deployed(viem.deployContract("FoldVerifierSmall")),
    await deployed(viem.deployContract("FoldVerifierLarge")),
  ];
  const implementation = await deployed(viem.deployContract("Round"));
  const factory = await viem.deployContract("RoundFactory", [
    implementation,
    await deployed(viem.deployContract("CloseVerifier")),
    folds,
  ]);
  const registry = await viem.deployContract("ProjectRegistry", [account, end, 0n]);
  for (let from = 0; from < count; from += CHUNK) {
    const some = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => from + i);
    await registry.write.addProjects([some.map(makeRecipient), some.map(String)]);
  }
  const token = await viem.deployContract("TestToken");
  const key = multiplyBase(BigInt(keccak256("0x01")));
  const { gate, makeGateData } = await makeGate();
  const settings = defaultSettings({
    organiser: account,
    coordinator: coordinator.account.address,
    coordinatorKeyX: key.x,
    coordinatorKeyY: key.y,
    token: token.address,
    unit: UNIT,
    start,
    end,
    tallyBase: 1_000_000,
    tallyPerItem: 10,
    cancelNotice: 1_000,
    gate,
    payoutRule: await deployPayoutRule(
      writer,
      isQualified ? { ...rule, qualifier: await makeQualifier() } : rule,
    ),
    registry: registry.address,
    coordinatorFee: 10n ** 18n,
    size: FOLD_SIZES.findIndex(({ name }) => name === sizeName),
  });
  const address = await factory.read.predictRound([settings, zeroHash]);
  await factory.write.createRound([settings, zeroHash]);
  const round = await viem.getContractAt("IRound", address);
  for (const { account } of [sponsor, first, second]) {
    await token.write.mint([account.address, 10n ** 40n]);
    await token.write.approve([address, 10n ** 40n], { account });
  }

  async function makeQualifier(): Promise<Hex> {
    const qualifier = await viem.deployContract("ToyQualifier", [1n]);
    for (let index = 0; index * 256 < count; index++)
      await qualifier.write.setQualified([BigInt(index), (1n << 256n) - 1n]);
    return qualifier.address;
  }

  /** The gas of a transaction. */
  async function measureGas(sending: Promise<Hex>): Promise<number> {
    return Number((await publicClient.getTransactionReceipt({ hash: await sending })).gasUsed);
  }

  /** Contributes CREDITS with a key, and with what the gate wants of that donor. */
  async function contribute({ account }: typeof first, { x, y }: Point): Promise<Hex> {
    const tag = deriveTag(account.address, { x, y });
    const data = await makeGateData(account.address, { round: address, tag });
    return round.write.contribute([x, y, CREDITS * UNIT, data], { account });
  }

  /** The gate, and what each donor gives it. */
  async function makeGate(): Promise<MadeGate> {
    if (typeof gateKind === "function")
      return gateKind({ viem, writer, list: [first.account.address, second.account.address] });
    if (gateKind === "open")
      return {
        gate: await deployed(viem.deployContract("OpenGate")),
        makeGateData: async (): Promise<Hex> => "0x",
      };
    const allowList = longList([first.account.address, second.account.address]);
    const checker = await deployed(
      viem.deployContract("MerkleChecker", [allowListRoot(allowList)]),
    );
    const makeGateData = async (payer: Hex) =>
      encodeGateData(0, [
        (await merkle.dataFor({
          round: payer,
          payer,
          tag: 0n,
          credits: 0n,
          checker,
          lists: [allowList],
          settings: [allowListRoot(allowList)],
        })) as Hex,
      ]);
    return { gate: await deployed(viem.deployContract("Gate", [[[checker]], 0n])), makeGateData };
  }

  async function wallets() {
    const [organiser, coordinator, sponsor, first, second] = await viem.getWalletClients();
    if (!organiser || !coordinator || !sponsor || !first || !second)
      throw new Error("The devnet has too few accounts.");
    return [organiser, coordinator, sponsor, first, second] as const;
  }
  return {
    round,
    settings,
    makeGateData,
    contribute,
    coordinator,
    sponsor,
    first,
    second,
    measureGas,
    time: networkHelpers.time,
    viem,
  };
}
