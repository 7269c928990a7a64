import {
  bytesToHex,
  erc20Abi,
  hexToBigInt,
  numberToHex,
  type Address,
  type EIP1193Provider,
  type Hex,
} from "viem";
import { connectRead } from "../../../src/chain/client.ts";
import { iProjectRegistryAbi, iRoundAbi } from "../../../src/chain/generated/abis.ts";
import { foldHistory } from "../../../src/chain/history.ts";
import { readEvents } from "../../../src/chain/logs.ts";
import { readConfig, type RoundConfig } from "../../../src/chain/provenance.ts";
import { trustedKeys } from "../../../src/verify/trusted_keys.ts";
import { inverseOrZero } from "../../../src/crypto/field.ts";
import { P } from "../../../src/params.ts";
import { openArtifacts } from "../../../src/proofs/artifacts.ts";
import { listItems } from "../../../src/protocol/item.ts";
import { chainValues, type Link } from "../../../src/protocol/link.ts";
import { deriveChallenges, transcriptBase } from "../../../src/transcript/challenges.ts";
import { grandProduct } from "../../../src/transcript/fingerprint.ts";
import { resultsTree } from "../../../src/transcript/results_tree.ts";
import { decodeResult, resultsFraction, resultsHash } from "../../../src/transcript/results.ts";
import { verifyRound, type VerificationReport } from "../../../src/verify/verify_round.ts";
import { simulator } from "../../../scripts/keys/simulate.ts";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";
import { CONTRACTS, type Setup } from "../../contracts/support/round.ts";
import {
  lyingProvider,
  type Lies,
  type ToldEvent,
  type ViewLie,
} from "../../helpers/lying_node.ts";

/** What a finished round is made of. Who changes a part tells another round, whose proofs, hashes and events all fit it. */
export type Told = {
  readonly config: RoundConfig;
  readonly links: readonly (Link & { readonly payer?: Address })[];
  readonly rowsDigest: bigint;
  readonly salt: bigint;
  readonly entries: readonly bigint[];
  readonly eligible: bigint;
  /** For the payout rule, with the first entries. */
  readonly hint: Hex;
  /** States before and after each fold. */
  readonly folds: readonly (readonly [bigint, bigint])[];
  readonly funded: readonly ToldEvent[];
  readonly claims: readonly ToldEvent[];
  /** Views. */
  readonly projects: number;
  readonly settlement: Readonly<Record<string, unknown>> & {
    readonly fee: bigint;
    readonly available: bigint;
    readonly budget: bigint;
    readonly budgetLeft: bigint;
  };
  readonly balance: bigint;
};

/** What does not follow from the parts, but is told otherwise. */
export type Slips = {
  readonly views?: Readonly<
    Partial<{ chainHead: Hex; items: number; links: number; resultsRoot: Hex }>
  >;
  readonly committed?: Readonly<Partial<{ base: bigint; resultsHash: bigint; projects: bigint }>>;
  readonly acc?: (acc: bigint) => bigint;
  /** The signals for which the closing proof is made. */
  readonly signals?: (signals: readonly bigint[]) => readonly bigint[];
  /** The signals for which a fold's proof is made. */
  readonly foldSignals?: (signals: readonly bigint[]) => readonly bigint[];
  readonly payer?: (payer: Address) => Address;
  readonly more?: readonly ViewLie[];
};

export type Truth = {
  readonly setup: Setup;
  readonly provider: EIP1193Provider;
  readonly told: Told;
};

/** The parts of a finalized round on its chain. */
export async function readTruth(setup: Setup): Promise<Truth> {
  const provider = setup.provider as unknown as EIP1193Provider;
  const client = connectRead(provider);
  const round = setup.round.address;
  const config = await readConfig(client, round, CONTRACTS);
  const history = foldHistory(
    await readEvents(client, round, { from: 0n, to: await client.getBlockNumber() }),
  );
  const tally = history.tally;
  if (tally?.finalized === undefined) throw new Error("the round is not finalized");
  return {
    setup,
    provider,
    told: {
      config,
      links: history.links.map((link) =>
        link.kind === "contribution"
          ? { ...link, payer: history.payers.get(link.tag) as Address }
          : link,
      ),
      rowsDigest: tally.committed.rowsDigest,
      salt: hexToBigInt(tally.finalized.resultsSalt),
      entries: tally.entries,
      eligible: tally.eligibility.get(0n) ?? 0n,
      hint: tally.hint,
      folds: tally.folds.map(({ beforeState, afterState }) => [beforeState, afterState] as const),
      funded: history.funded.map((args) => ({ eventName: "Funded", args })),
      claims: history.claims.map((args) => ({ eventName: "Claimed", args })),
      projects: Number(tally.committed.projects),
      settlement: await setup.round.read.settlement(),
      balance: BigInt(config.token) === 0n ? 0n : await setup.token.read.balanceOf([round]),
    },
  };
}

/** Everything that a node must say so that the told round looks finished, with proofs by the keys' trapdoor, but for its slips. */
export async function listLies(
  { setup }: Pick<Truth, "setup">,
  told: Told,
  slips: Slips,
): Promise<Lies> {
  const { config, links, entries, folds } = told;
  const round = setup.round.address;
  const items = listItems(links);
  const hash = slips.committed?.resultsHash ?? resultsHash(told.salt, entries);
  const views = {
    chainHead: bytesToHex(chainValues(links).at(-1) as Uint8Array),
    resultsRoot: bytesToHex(resultsTree(told.entries.map(decodeResult)).root),
    items: items.length,
    links: links.length,
    ...slips.views,
  };
  const key = { x: config.coordinatorKeyX, y: config.coordinatorKeyY };
  const base =
    slips.committed?.base ??
    transcriptBase(
      {
        chainHead: Buffer.from(views.chainHead.slice(2), "hex"),
        items: views.items,
        projects: told.projects,
        coordinatorKey: key,
        signs: config.allowSigns,
        ctx: config.context,
      },
      { D: told.rowsDigest, resultsHash: hash },
    );
  const projects = slips.committed?.projects ?? BigInt(told.projects);
  const { g, beta, theta, delta } = deriveChallenges(base);
  const product = grandProduct(items, { g, beta });
  const { num, den } = resultsFraction(entries.map(decodeResult), { theta, delta });
  const acc = (slips.acc ?? ((x) => x))((num * inverseOrZero(den)) % P);
  const signals = [
    g,
    beta,
    theta,
    delta,
    key.x,
    key.y,
    config.context,
    projects,
    BigInt(config.allowSigns),
    told.rowsDigest,
    product,
    acc,
    folds.at(-1)?.[1] ?? 0n,
  ];
  const [simulateFold, simulateClose] = [await simulator("fold_small"), await simulator("close")];
  const same = <T>(x: T): T => x;
  const asHash = (x: bigint): Hex => numberToHex(x, { size: 32 });
  const { settlement } = told;
  const events: ToldEvent[] = [
    ...links.map(
      (link, i): ToldEvent =>
        link.kind === "message"
          ? { eventName: "MessagePublished", args: { t: BigInt(i), words: link.words } }
          : link.kind === "topUp"
            ? { eventName: "ToppedUp", args: { tag: link.tag, credits: link.credits } }
            : {
                eventName: "Contributed",
                args: {
                  tag: link.tag,
                  payer: (slips.payer ?? same)(link.payer as Address),
                  t: BigInt(i),
                  keyX: link.key.x,
                  keyY: link.key.y,
                  credits: link.credits,
                },
              },
    ),
    ...told.funded,
    {
      eventName: "Committed",
      args: {
        rowsDigest: told.rowsDigest,
        resultsHash: asHash(hash),
        chainHead: views.chainHead,
        items: BigInt(views.items),
        projects,
        base: asHash(base),
      },
    },
    ...folds.map(
      (states): ToldEvent => ({
        eventName: "Folded",
        args: {
          beforeState: states[0],
          afterState: states[1],
          proof: simulateFold((slips.foldSignals ?? same)([...states])),
        },
      }),
    ),
    ...(told.hint === "0x" ? [] : [{ eventName: "ResultsHint", args: { hint: told.hint } }]),
    { eventName: "EligibilityRead", args: { wordIndex: 0n, bitmap: told.eligible } },
    { eventName: "ResultsAdded", args: { entries } },
    {
      eventName: "Finalized",
      args: {
        proof: simulateClose((slips.signals ?? same)(signals)),
        acc,
        resultsSalt: asHash(told.salt),
        resultsRoot: asHash(0n),
        fee: settlement.fee,
        budget: settlement.budget,
        surplus: 0n,
      },
    },
    ...told.claims,
  ];
  const ofRound = (functionName: string, result: unknown): ViewLie => ({
    address: round,
    abi: iRoundAbi,
    functionName,
    result,
  });
  return {
    events: {
      round,
      block: await connectRead(setup.provider as unknown as EIP1193Provider).getBlockNumber(),
      told: events,
    },
    views: [
      ...(slips.more ?? []),
      ofRound("chainHead", views.chainHead),
      ofRound("items", views.items),
      ofRound("links", views.links),
      ofRound("resultsRoot", views.resultsRoot),
      ofRound("settlement", settlement),
      {
        address: config.registry,
        abi: iProjectRegistryAbi,
        functionName: "projectCount",
        result: BigInt(told.projects),
      },
      {
        address: config.registry,
        abi: iProjectRegistryAbi,
        functionName: "eligibility",
        result: told.eligible,
      },
      ...(BigInt(config.token) === 0n
        ? []
        : [
            {
              address: config.token,
              abi: erc20Abi,
              functionName: "balanceOf",
              result: told.balance,
            },
          ]),
    ],
  };
}

/** What `verify` says of the round that a node tells; `meanwhile` happens once the logs are read, before the money is. */
export async function verifiedBy(
  provider: EIP1193Provider,
  round: Address,
  lies: Lies,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<VerificationReport> {
  const artifacts = await openArtifacts(fromRoot("build"));
  return verifyRound({
    client: connectRead(lyingProvider(provider, () => lies)),
    round,
    contracts: CONTRACTS,
    keys: async (size) => {
      await meanwhile();
      return trustedKeys(artifacts, size);
    },
  });
}
