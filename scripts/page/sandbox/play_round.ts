import { keccak256, toHex, zeroAddress, type Address } from "viem";
import {
  createRegistry,
  createRound,
  type RoundSettings,
} from "../../../src/chain/create_round.ts";
import { defaultSettings } from "../../../src/chain/default_settings.ts";
import type { Deployment } from "../../../src/chain/deploy.ts";
import { publishDocuments } from "../../../src/chain/documents.ts";
import { fund } from "../../../src/chain/fund.ts";
import { mint } from "../../../src/chain/mint.ts";
import { addProjects } from "../../../src/chain/projects.ts";
import { approve } from "../../../src/chain/token.ts";
import {
  encodeProjectDocument,
  encodeRoundDocument,
  writeProjectDocument,
  writeRoundDocument,
  type RoundAbout,
} from "../../../src/metadata/documents.ts";
import { digestDocument, toReference } from "../../../src/metadata/reference.ts";
import { devnetAddress, type DevnetChain } from "../../../src/devnet/chain.ts";
import type { Point } from "../../../src/crypto/curve.ts";
import { SANDBOX_ACCOUNTS } from "./accounts.ts";
import { SANDBOX_PROJECTS, SANDBOX_ROUND, type SandboxProject } from "./projects.ts";

const TOKEN = 10n ** 18n;
/** A hundredth of a token, so that one token is ten votes. */
const UNIT = TOKEN / 100n;
const HOUR = 3_600n;

export type PlayRound = {
  readonly deployment: Deployment;
  /** The zero address for a round without money. */
  readonly token: Address;
  readonly coordinatorKey: Point;
  /** Seconds for which the round is open. */
  readonly open?: bigint;
  readonly salt?: string;
  /** Everyone may give where none is named. */
  readonly gate?: Address;
  /** In place of the round's own. */
  readonly settings?: Partial<RoundSettings>;
  /** What its document says besides. */
  readonly about?: Partial<RoundAbout>;
  /** In place of the sandbox's. */
  readonly projects?: readonly SandboxProject[];
};

/** Gives every account of the sandbox coin and 5,000 test tokens. */
export async function mintForPlayers(chain: DevnetChain, token: Address): Promise<void> {
  const minter = await chain.as("organiser");
  for (const { name, address } of SANDBOX_ACCOUNTS) {
    await chain.as(name);
    await mint(minter, { token, to: address, amount: 5_000n * TOKEN });
  }
}

/** A round that is open at once, with a pool of 1,000 tokens where it has money. */
export async function createPlayRound(
  chain: DevnetChain,
  {
    deployment,
    token,
    coordinatorKey,
    open = 24n * HOUR,
    salt = "sandbox",
    gate = deployment.openGate,
    settings = {},
    about: said = {},
    projects = SANDBOX_PROJECTS,
  }: PlayRound,
): Promise<Address> {
  const organiser = await chain.as("Organiser");
  const start = (await chain.now()) + 1n;
  const end = start + open;
  const owner = organiser.wallet.account.address;
  const { registry } = await createRegistry(organiser, {
    factory: deployment.factory,
    owner,
    freezeTime: end,
  });
  const texts = projects.map(([name, description, sdgs, [category]]) =>
    encodeProjectDocument(
      writeProjectDocument({
        name,
        description,
        sdgs: [...sdgs],
        ...(category === undefined ? {} : { category }),
      }),
    ),
  );
  const about = encodeRoundDocument(
    writeRoundDocument({ ...SANDBOX_ROUND, ...said }, keccak256(toHex(salt)).slice(2, 34)),
  );
  await publishDocuments(organiser, deployment.documents, [about, ...texts]);
  await addProjects(organiser, {
    registry,
    projects: projects.map(([name], i) => ({
      recipient: devnetAddress(`project ${name}`),
      metadataURI: toReference(digestDocument(texts[i] as Uint8Array)),
    })),
  });
  const { round } = await createRound(organiser, {
    factory: deployment.factory,
    salt: digestDocument(about),
    settings: defaultSettings({
      organiser: owner,
      coordinator: devnetAddress("coordinator"),
      coordinatorKeyX: coordinatorKey.x,
      coordinatorKeyY: coordinatorKey.y,
      token,
      shareLeftovers: false,
      unit: token === zeroAddress ? 1n : UNIT,
      start,
      end,
      registry,
      gate,
      payoutRule: token === zeroAddress ? zeroAddress : deployment.payoutRules.return,
      tallyBase: Number(24n * HOUR),
      cancelNotice: Number(HOUR),
      ...settings,
    }),
  });
  const pool = settings.poolToken ?? settings.token ?? token;
  await chain.warpTo(start);
  if (pool === zeroAddress) return round;
  const sponsor = await chain.as("Sponsor");
  await approve(sponsor, { token: pool, spender: round, amount: 1_000n * TOKEN });
  await fund(sponsor, { round, amount: 1_000n * TOKEN });
  return round;
}
