import { bytesToHex, hexToBigInt, hexToBytes, zeroAddress, type Address, type Hex } from "viem";
import { BaseError } from "../errors.ts";
import { foldHistory, type RoundHistory, type TallyHistory } from "../chain/history.ts";
import { readEvents } from "../chain/logs.ts";
import { readParts, type Parts } from "../chain/parts.ts";
import {
  ForeignRoundError,
  readConfig,
  type Contracts,
  type RoundConfig,
} from "../chain/provenance.ts";
import { creationBlock } from "../chain/creation_block.ts";
import { readProgress, readProjects, type RoundProgress } from "../chain/round.ts";
import type { ReadClient } from "../chain/client.ts";
import { isAcceptable } from "../crypto/curve.ts";
import { deriveTag } from "../protocol/context.ts";
import { listItems, type Item } from "../protocol/item.ts";
import { chainValues, type ContributionLink } from "../protocol/link.ts";
import { isPublishable } from "../protocol/message.ts";
import { verifyProof, type VerificationKey } from "../proofs/verify.ts";
import { FOLD_SIZES, P, RESULT } from "../params.ts";
import type { PayoutKind } from "../payouts/rule.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { deriveChallenges, transcriptBase, type Challenges } from "../transcript/challenges.ts";
import { grandProduct } from "../transcript/fingerprint.ts";
import { foldCount } from "../transcript/rows.ts";
import { decodeResult, resultsFraction, resultsHash } from "../transcript/results.ts";
import { checkMoney } from "./money.ts";
import { listLimits } from "./limits.ts";
import { Checklist, expectEqual, expectTrue, Mismatch, type Check } from "./report.ts";

/** The verifying keys of rounds with one size index. */
export type TrustedKeys = { readonly fold: VerificationKey; readonly close: VerificationKey };

export type VerificationReport = {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** Whether whoever made the verifying keys could have forged the result: then `ok` says no more than that it follows from the proofs. */
  readonly developmentKeys: boolean;
  /** Empty where the round is foreign: nothing that it says counts. */
  readonly results: readonly ProjectResult[];
  /** What is established of the contracts that the organiser chose; undefined where the round is foreign. */
  readonly parts: Parts | undefined;
  /** What this cannot tell, in plain words. */
  readonly notChecked: readonly string[];
};

export class NotFinalizedError extends BaseError {
  constructor(phase: string) {
    super(`The round is in phase "${phase}": there is no result to verify.`, {
      fix:
        phase === "aborted" || phase === "cancelled"
          ? "It ended without one, or the guardian made it void: see `tacit refund`."
          : "Wait until the coordinator has finished the tally.",
    });
  }
}

export type VerifyOptions = {
  readonly client: ReadClient;
  readonly round: Address;
  /** Where the contracts are that hold the verifying keys: what the round is held against before anything that it says is read. */
  readonly contracts: Contracts;
  /** Called once the round's size index is known. */
  readonly keys: (size: number) => Promise<TrustedKeys>;
  readonly onProgress?: (stage: "logs" | "proofs", done: number, total: number) => void;
  /** Kinds of payout rules that are recomputed; by default all that this version knows. */
  readonly payouts?: readonly PayoutKind[];
  readonly onCheck?: (check: Check) => void;
  /** A block at or before the round's creation; without it, it is looked for. */
  readonly from?: bigint | undefined;
};

/**
 * Rechecks a finalized round from chain data alone (P6): who made it, the chain of items, the challenges, every proof, the result list and
 * the money. Reads the round's code, logs and views; trusts the verifying keys and the addresses that it is given, which follow from them.
 * A round that the trusted factory did not make fails the first check, and nothing else is looked at.
 * @throws NotFinalizedError, DevelopmentKeysError, and what the RPC throws; what it finds wrong is in the report
 * @example
 * ```ts
 * const { ok, checks } = await verifyRound({ client, round, contracts, keys: async () => keys });
 * ```
 */
export async function verifyRound({
  client,
  round,
  contracts,
  keys: loadKeys,
  onProgress,
  onCheck,
  payouts,
  from: givenFrom,
}: VerifyOptions): Promise<VerificationReport> {
  const list = new Checklist(onCheck);
  const config = await checkOrigin(list, client, round, contracts);
  if (config === undefined)
    return {
      ok: false,
      checks: list.checks,
      developmentKeys: contracts.development,
      results: [],
      parts: undefined,
      notChecked: ["anything else: what a foreign contract says of itself proves nothing"],
    };
  const progress = await readProgress(client, round);
  if (progress.phase !== "finalized" && progress.phase !== "disputable")
    throw new NotFinalizedError(progress.phase);
  const from = givenFrom ?? (await creationBlock(client, round, { factory: contracts.factory }));
  const to = await client.getBlockNumber();
  const events = await readEvents(client, round, {
    from,
    to,
    onProgress: (block) => onProgress?.("logs", Number(block - from) + 1, Number(to - from) + 1),
  });
  const history = foldHistory(events);
  const keys = await loadKeys(config.size);
  const parts = await readParts(client, config, contracts);
  const items = listItems(history.links);
  const tally = history.tally;
  if (tally?.finalized === undefined)
    throw new NotFinalizedError("finalized, but the RPC's logs lack the proof of it");

  await list.check("LINK-1", "Every contribution, message and top-up, in order", () =>
    checkChain(history, items, progress),
  );
  await list.check("KEY-7", "Every tag belongs to its payer and key", () => checkTags(history));
  await list.check("TALLY-1", "The challenges follow from the items and the commitment", async () =>
    checkCommitment(tally, config, progress, (await readProjects(client, config.registry)).count),
  );
  const challenges = deriveChallenges(hexToBigInt(tally.committed.base));
  await list.check("MSG-1", "Every message is one that the contract may accept", () =>
    checkDoor(items),
  );
  await list.check("FOLD-1", "Every ballot was processed as proved", () =>
    checkFolds(tally, config, items, keys, (done) =>
      onProgress?.("proofs", done, tally.folds.length + 1),
    ),
  );
  const results = tally.entries.map(decodeResult);
  await list.check("TALLY-8", "The result list is well formed and is the one committed to", () =>
    checkList(tally, config),
  );
  await list.check("CLOSE-4", "The result is the sum of the processed ballots", () =>
    checkClose(tally, config, challenges, items, results, keys),
  );
  onProgress?.("proofs", tally.folds.length + 1, tally.folds.length + 1);
  await list.check("MONEY-8", "Every unit of money is accounted for", async () => {
    // Somebody may have been paid since the logs were read: views and claims are those of one block.
    const block = await client.getBlockNumber();
    const since = block > to ? await readEvents(client, round, { from: to + 1n, to: block }) : [];
    return checkMoney(pinned(client, block), round, {
      config,
      history: since.length === 0 ? history : foldHistory([...events, ...since]),
      results,
      rule: parts.payoutRule,
      payouts,
    });
  });
  return {
    ok: list.ok,
    checks: list.checks,
    developmentKeys: contracts.development,
    results,
    parts,
    notChecked: listLimits(config, parts, contracts),
  };
}

/** The client with its views at one block. */
function pinned(client: ReadClient, blockNumber: bigint): ReadClient {
  return {
    ...client,
    readContract: (call: object) => client.readContract({ ...call, blockNumber } as never),
  } as ReadClient;
}

/** PROV-2. @returns undefined where the check has failed */
async function checkOrigin(
  list: Checklist,
  client: ReadClient,
  round: Address,
  contracts: Contracts,
): Promise<RoundConfig | undefined> {
  let config: RoundConfig | undefined;
  await list.check(
    "PROV-2",
    "This version's factory made the round, for these verifying keys",
    async () => {
      try {
        config = await readConfig(client, round, contracts);
      } catch (error) {
        if (error instanceof ForeignRoundError)
          throw new Mismatch([error.shortMessage, ...error.details].join(" "));
        throw error;
      }
      return `factory ${config.factory}, verifiers ${config.foldVerifier} and ${config.closeVerifier}`;
    },
  );
  return config;
}

function checkChain(
  { links }: RoundHistory,
  items: readonly Item[],
  progress: RoundProgress,
): string {
  const head = bytesToHex(chainValues(links).at(-1) as Uint8Array);
  expectEqual("the contract's chain head", progress.chainHead as string, head);
  expectEqual("the contract's number of items", progress.items, items.length);
  expectEqual("the contract's number of links", progress.links, links.length);
  return `${items.length} items in ${links.length} links lead to ${head}`;
}

function checkTags({ links, payers }: RoundHistory): string {
  const seen = new Set<bigint>();
  const contributions = links.filter(
    (link): link is ContributionLink => link.kind === "contribution",
  );
  for (const { tag, key } of contributions) {
    expectEqual("a contribution's tag", tag, deriveTag(payers.get(tag) ?? zeroAddress, key));
    expectTrue(
      tag !== 0n && !seen.has(tag) && isAcceptable(key),
      `tag ${tag} is 0, used twice, or its key is not acceptable`,
    );
    seen.add(tag);
  }
  return `${contributions.length} contributions`;
}

function checkDoor(items: readonly Item[]): string {
  const messages = items.filter((item) => item.kind === "message");
  for (const { t, words } of messages)
    expectTrue(
      isPublishable(words),
      `message ${t} has a word out of range or an unacceptable point`,
    );
  return `${messages.length} messages`;
}

function checkCommitment(
  { committed }: TallyHistory,
  config: RoundConfig,
  progress: RoundProgress,
  projects: number,
): string {
  expectEqual("the committed number of projects", Number(committed.projects), projects);
  const base = transcriptBase(
    {
      chainHead: hexToBytes(progress.chainHead),
      items: progress.items,
      projects,
      signs: config.allowSigns,
      ctx: config.context,
      coordinatorKey: { x: config.coordinatorKeyX, y: config.coordinatorKeyY },
    },
    { D: committed.rowsDigest, resultsHash: hexToBigInt(committed.resultsHash) },
  );
  expectEqual("the committed base", hexToBigInt(committed.base), base);
  return `base ${committed.base}`;
}

async function checkFolds(
  { folds }: TallyHistory,
  { size }: RoundConfig,
  items: readonly Item[],
  keys: TrustedKeys,
  onFold: (done: number) => void,
): Promise<string> {
  expectTrue(folds.length > 0, "no fold was proved");
  let head = 0n;
  for (const [i, { beforeState, afterState, proof }] of folds.entries()) {
    expectEqual(`fold ${i + 1}'s state before`, beforeState, head);
    expectTrue(afterState !== 0n, `fold ${i + 1}'s state after is 0, which means genesis`);
    expectTrue(
      await verifyProof(keys.fold, [beforeState, afterState], proof),
      `the proof of fold ${i + 1} is not valid`,
    );
    head = afterState;
    onFold(i + 1);
  }
  return `${folds.length} proofs, each from the state before${foldCountNote(folds.length, size, items)}`;
}

/** Other than TALLY-12's number is no fault of the result; but it may tell something of the ballots, which who prefers it must explain. */
function foldCountNote(folds: number, size: number, items: readonly Item[]): string {
  const messages = items.filter(({ kind }) => kind === "message").length;
  const usual = foldCount(messages, items.length - messages, 0, FOLD_SIZES[size]?.rows ?? 1);
  return folds === usual
    ? ""
    : `; for these items TALLY-12 makes ${usual}, and more only where their rows do not suffice`;
}

function checkList({ entries, committed, finalized }: TallyHistory, config: RoundConfig): string {
  let last = -1;
  for (const entry of entries) {
    const { project, votes, credits } = decodeResult(entry);
    const negative = ((entry >> BigInt(RESULT.signShift)) & 1n) === 1n;
    expectTrue(
      entry >> BigInt(RESULT.bits) === 0n && credits > 0n,
      `the entry of project ${project} is out of range`,
    );
    expectTrue(
      project > last && project < Number(committed.projects),
      `project ${project} is out of order or does not exist`,
    );
    expectTrue(
      !negative || (config.allowSigns && votes < 0n),
      `project ${project} has a sign that is not allowed`,
    );
    last = project;
  }
  expectEqual(
    "the committed result hash",
    hexToBigInt(committed.resultsHash),
    resultsHash(hexToBigInt(finalized?.resultsSalt as Hex), entries),
  );
  return `${entries.length} projects with votes`;
}

async function checkClose(
  { committed, folds, finalized }: TallyHistory,
  config: RoundConfig,
  { g, beta, theta, delta }: Challenges,
  items: readonly Item[],
  results: readonly ProjectResult[],
  keys: TrustedKeys,
): Promise<string> {
  const { proof, acc } = finalized as NonNullable<typeof finalized>;
  const product = grandProduct(items, { g, beta });
  const { num, den } = resultsFraction(results, { theta, delta });
  expectTrue(product !== 0n && den !== 0n, "the transcript is degenerate");
  expectTrue((acc * den) % P === num, "the result list does not add up to the proved sum");
  const signals = [
    g,
    beta,
    theta,
    delta,
    config.coordinatorKeyX,
    config.coordinatorKeyY,
    config.context,
    committed.projects,
    BigInt(config.allowSigns),
    committed.rowsDigest,
    product,
    acc,
    folds.at(-1)?.afterState ?? 0n,
  ];
  expectTrue(
    await verifyProof(keys.close, signals, proof),
    "the closing proof is not valid for these items and results",
  );
  return `1 proof over ${items.length} items`;
}
