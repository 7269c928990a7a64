import {
  bytesToHex,
  hexToBigInt,
  hexToBytes,
  parseEventLogs,
  zeroAddress,
  type Address,
  type Hex,
} from "viem";
import { BaseError } from "../errors.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import {
  foldHistory,
  wasEligible,
  type RoundHistory,
  type TallyHistory,
} from "../chain/history.ts";
import { readRoundDocument } from "../chain/documents.ts";
import { eachLogs, readEvents, type LogRange, type RoundEvent } from "../chain/logs.ts";
import { withArchive, type LogArchive } from "../chain/log_archive.ts";
import { readEditors, type Editors } from "../chain/editors.ts";
import { readListChanges, type ListChanges } from "../chain/list_changes.ts";
import { outcomeAddress, readOutcome } from "../chain/outcome.ts";
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
import { ContractRefusedError } from "../chain/send.ts";
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
import { resultsTree } from "../transcript/results_tree.ts";
import {
  decideVote,
  differsIn,
  listQuestions,
  type VoteAnswer,
  type VoteQuestion,
} from "../votes/outcome.ts";
import { checkMoney } from "./money.ts";
import { listLimits } from "./limits.ts";
import { showContracts, showKeys, type HeldAgainst } from "./held_against.ts";
import { Checklist, expectEqual, expectTrue, Mismatch, type Check, type Found } from "./report.ts";

/** The verifying keys of rounds with one size index. */
export type TrustedKeys = { readonly fold: VerificationKey; readonly close: VerificationKey };

export type VerificationReport = {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** Whether whoever made the verifying keys could have forged the result: then `ok` says no more than that it follows from the proofs. */
  readonly developmentKeys: boolean;
  /** Empty where the round is foreign: nothing that it says counts. */
  readonly results: readonly ProjectResult[];
  /** What the round's questions come to by them (VOTE-1); empty where it asks none. */
  readonly outcome: readonly Decision[];
  /** The round's settings, to which its address commits; undefined where the round is foreign. */
  readonly config: RoundConfig | undefined;
  /** What is established of the contracts that the organiser chose; undefined where the round is foreign. */
  readonly parts: Parts | undefined;
  /** Who could ever change the list of projects, in an owner-approved registry of this version's (REG-4); undefined of others. */
  readonly editors: Editors | undefined;
  /** Which of them added and withdrew which projects; undefined where there is one alone, and where the node does not tell. */
  readonly listChanges: ListChanges | undefined;
  /** While a guardian may still make the result void: until when, in seconds since 1970; undefined once it is final. */
  readonly voidableUntil: bigint | undefined;
  /** The contracts and keys that all of this was held against, to be compared with another installation's. */
  readonly heldAgainst: readonly HeldAgainst[];
  /** What this cannot tell, in plain words. */
  readonly notChecked: readonly string[];
};

/** A question with its answer. */
export type Decision = { readonly question: VoteQuestion; readonly answer: VoteAnswer };

export class NotFinalizedError extends BaseError {
  constructor(phase: string) {
    super(`The round is in phase "${phase}": there is no result to verify.`, {
      fix: /aborted|cancelled|disputed/.test(phase)
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
  /** Logs of the round that somebody has kept: only later ones are asked of the node (EVT-2). */
  readonly archive?: LogArchive | undefined;
};

/**
 * Rechecks a finalized round from chain data alone (P6): who made it, the chain of items, the challenges, every proof, the result list,
 * the money, and what votes decide. Reads the round's code, logs and views; trusts the verifying keys and the addresses that it is given, which follow from them.
 * A round that the trusted factory did not make fails the first check, and nothing else is looked at.
 * @throws NotFinalizedError, DevelopmentKeysError, and what the RPC throws; what it finds wrong is in the report
 * @example
 * ```ts
 * const { ok, checks } = await verifyRound({ client, round, contracts, keys: async () => keys });
 * ```
 */
export async function verifyRound({
  client: node,
  round,
  contracts,
  keys: loadKeys,
  onProgress,
  onCheck,
  payouts,
  from: givenBlock,
  archive,
}: VerifyOptions): Promise<VerificationReport> {
  const list = new Checklist(onCheck);
  const client = archive === undefined ? node : withArchive(node, archive);
  const givenFrom = givenBlock ?? archive?.from;
  const config = await checkOrigin(list, client, round, contracts);
  if (config === undefined)
    return {
      ok: false,
      checks: list.checks,
      developmentKeys: contracts.development,
      results: [],
      outcome: [],
      config: undefined,
      parts: undefined,
      editors: undefined,
      listChanges: undefined,
      voidableUntil: undefined,
      heldAgainst: await showContracts(client, contracts),
      notChecked: ["anything else: what a foreign contract says of itself proves nothing"],
    };
  const progress = await readProgress(client, round);
  if (progress.phase !== "finalized" && progress.phase !== "disputable")
    throw new NotFinalizedError(progress.phase);
  const from = givenFrom ?? (await creationBlock(client, round, { factory: contracts.factory }));
  const to = await client.getBlockNumber();
  const { events, isWhole } = await readToItsEnd(client, config, round, {
    from,
    to,
    onProgress: (block) => onProgress?.("logs", Number(block - from) + 1, Number(to - from) + 1),
  });
  const history = foldHistory(events);
  const keys = await loadKeys(config.size);
  const parts = await readParts(client, config, contracts);
  const editors =
    parts.registry.kind === "owned" ? await readEditors(client, config.registry) : undefined;
  const listChanges =
    editors !== undefined && editors.ever.length > 1
      ? await readListChanges(client, config.registry, {
          factory: contracts.factory,
          from: archive?.from,
          ever: editors.ever,
        })
      : undefined;
  const items = listItems(history.links);
  const tally = history.tally;
  if (history.ended !== undefined)
    throw new NotFinalizedError(
      `${progress.phase}, but by the RPC's logs ${history.ended.toLowerCase()}`,
    );
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
    checkList(client, round, tally, config),
  );
  await list.check("CLOSE-4", "The result is the sum of the processed ballots", () =>
    checkClose(tally, config, challenges, items, results, keys),
  );
  onProgress?.("proofs", tally.folds.length + 1, tally.folds.length + 1);
  await list.check("MONEY-8", "Every unit of money is accounted for", async () => {
    // Somebody may have been paid since the logs were read: views and claims are those of one block.
    const block = await client.getBlockNumber();
    const since =
      block > to && !isWhole ? await readEvents(client, round, { from: to + 1n, to: block }) : [];
    const now = since.length === 0 ? history : foldHistory([...events, ...since]);
    const view = pinned(client, block);
    if (archive !== undefined) await checkPayable(view, round, now, results);
    if (parts.registry.kind !== "foreign") await checkEligible(view, config, tally, results);
    return checkMoney(view, round, {
      config,
      history: now,
      results,
      rule: parts.payoutRule,
      payouts,
    });
  });
  const outcome = await checkOutcome(list, client, round, { config, contracts, tally, givenFrom });
  return {
    ok: list.ok,
    checks: list.checks,
    developmentKeys: contracts.development,
    results,
    outcome,
    config,
    parts,
    editors,
    listChanges,
    voidableUntil: progress.phase === "disputable" ? BigInt(progress.paymentsFrom) : undefined,
    heldAgainst: [...(await showContracts(client, contracts, config.size)), ...showKeys(keys)],
    notChecked: [
      ...listLimits(config, parts, contracts, { editors, listChanges }),
      ...(archive === undefined
        ? []
        : [
            `to whom the archive's logs, up to block ${archive.to}, say that payments went, and by whom and why a result was disputed`,
          ]),
    ],
  };
}

/** Views asked at once: a client that batches makes a few requests of them. */
const VIEWS_AT_ONCE = 500;

/** That the round itself says the same of each listed project as logs which somebody else has kept: whether it may still be paid (EVT-2). @throws Mismatch */
async function checkPayable(
  client: ReadClient,
  round: Address,
  { tally, claims }: RoundHistory,
  results: readonly ProjectResult[],
): Promise<void> {
  const paid = new Set(claims.map(({ project }) => Number(project)));
  for (let done = 0; done < results.length; done += VIEWS_AT_ONCE)
    await Promise.all(
      results.slice(done, done + VIEWS_AT_ONCE).map(async ({ project }) => {
        const isDue = await client.readContract({
          address: round,
          abi: iRoundAbi,
          functionName: "isClaimable",
          args: [BigInt(project)],
        });
        const isDueByLogs = wasEligible(tally as TallyHistory, project) && !paid.has(project);
        expectEqual(`whether project ${project} may still be paid`, isDue, isDueByLogs);
      }),
    );
}

/**
 * That the round read as eligible what stands on the list: a registry of this version's is frozen by the end, so that it still says the same.
 * Without money the round reads nothing. @throws Mismatch
 */
async function checkEligible(
  client: ReadClient,
  { registry, token, poolToken }: RoundConfig,
  tally: TallyHistory,
  results: readonly ProjectResult[],
): Promise<void> {
  if (token === zeroAddress && poolToken === zeroAddress) return;
  const { isEligible } = await readProjects(client, registry);
  for (const { project } of results)
    expectEqual(
      `whether project ${project} is eligible`,
      wasEligible(tally, project),
      isEligible(project),
    );
}

/**
 * What the votes decide, computed from the list; and, where somebody has made the contract that other contracts ask, whether it says the
 * same (VOTE-1 to VOTE-4). No check where the round asks nothing.
 */
async function checkOutcome(
  list: Checklist,
  client: ReadClient,
  round: Address,
  {
    config,
    contracts: { documents, creationCode },
    tally,
    givenFrom,
  }: {
    readonly config: RoundConfig;
    readonly contracts: Contracts;
    readonly tally: TallyHistory;
    readonly givenFrom: bigint | undefined;
  },
): Promise<readonly Decision[]> {
  if (config.token !== zeroAddress) return [];
  const document = await readRoundDocument(client, documents, {
    salt: config.salt,
    fromBlock: givenFrom ?? (await creationBlock(client, config.registry, config)),
  });
  const questions = listQuestions(document, config);
  if (questions.length === 0) return [];
  const results = tally.entries.map(decodeResult);
  const { isEligible } = await readProjects(client, config.registry);
  const answers = decideVote(questions, results, isEligible);
  await list.check("VOTE-4", "What the votes decide follows from the result", async () => {
    const contract = outcomeAddress(creationCode.outcome, questions);
    const told = await readOutcome(client, { contract, round, entries: tally.entries }).catch(
      (error: unknown) => {
        if (!(error instanceof ContractRefusedError)) throw error;
        if (error.reason === "NotSettled") return undefined;
        throw new Mismatch(error.shortMessage);
      },
    );
    for (const [i, answer] of answers.entries()) {
      const other = told?.[i] ?? answer;
      const field = differsIn(answer, other) ?? "option";
      expectEqual(`${field} of question ${i + 1} by ${contract}`, other[field], answer[field]);
    }
    const decided = answers.filter(({ isDecided }) => isDecided).length;
    return {
      detail: [
        `${decided} of ${questions.length} decided`,
        ...(told === undefined ? [] : [`as ${contract} says`]),
        ...(document === undefined
          ? ["no description found: one question about all projects"]
          : []),
      ].join("; "),
      values: {
        questions: questions.length,
        decided,
        ...(document === undefined ? { described: "no" } : {}),
      },
    };
  });
  return questions.map((question, i) => ({ question, answer: answers[i] as VoteAnswer }));
}

/**
 * A finalized round's events, read no further than anything can come that is checked here: to its last claim, where the contract says that
 * there was one for every project; without money, to the proof.
 */
async function readToItsEnd(
  client: ReadClient,
  { token, poolToken }: RoundConfig,
  round: Address,
  range: LogRange,
): Promise<{ readonly events: readonly RoundEvent[]; readonly isWhole: boolean }> {
  const { claimsLeft } = await client.readContract({
    address: round,
    abi: iRoundAbi,
    functionName: "settlement",
  });
  const hasMoney = token !== zeroAddress || poolToken !== zeroAddress;
  const isPaid = claimsLeft === 0 || !hasMoney;
  const events: RoundEvent[] = [];
  let [claims, claimable]: [number, number | undefined] = [0, undefined];
  for await (const logs of eachLogs(client, round, range)) {
    const some = parseEventLogs({ abi: iRoundAbi, logs, strict: true });
    for (const event of some) events.push(event);
    claims += some.filter(({ eventName }) => eventName === "Claimed").length;
    if (isPaid && some.some(({ eventName }) => eventName === "Finalized"))
      claimable = hasMoney ? countEligible(foldHistory(events).tally) : 0;
    if (claimable !== undefined && claims >= claimable) return { events, isWhole: true };
  }
  return { events, isWhole: false };
}

/** Listed projects that may claim. */
function countEligible(tally: TallyHistory | undefined): number {
  const entries = tally?.entries.map(decodeResult) ?? [];
  return entries.filter(({ project }) => wasEligible(tally as TallyHistory, project)).length;
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
          throw new Mismatch([error.shortMessage, ...error.details].join(" "), {
            reason: error.reason,
          });
        throw error;
      }
      const { factory, foldVerifier: fold, closeVerifier: close } = config;
      return {
        detail: `factory ${factory}, verifiers ${fold} and ${close}`,
        values: { factory, fold, close },
      };
    },
  );
  return config;
}

function checkChain(
  { links }: RoundHistory,
  items: readonly Item[],
  progress: RoundProgress,
): Found {
  const head = bytesToHex(chainValues(links).at(-1) as Uint8Array);
  expectEqual("the contract's chain head", progress.chainHead as string, head);
  expectEqual("the contract's number of items", progress.items, items.length);
  expectEqual("the contract's number of links", progress.links, links.length);
  return {
    detail: `${items.length} items in ${links.length} links lead to ${head}`,
    values: { items: items.length, links: links.length, head },
  };
}

function checkTags({ links, payers }: RoundHistory): Found {
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
  const { length } = contributions;
  return { detail: `${length} contributions`, values: { contributions: length } };
}

function checkDoor(items: readonly Item[]): Found {
  const messages = items.filter((item) => item.kind === "message");
  for (const { t, words } of messages)
    expectTrue(
      isPublishable(words),
      `message ${t} has a word out of range or an unacceptable point`,
    );
  const { length } = messages;
  return { detail: `${length} messages`, values: { messages: length } };
}

function checkCommitment(
  { committed }: TallyHistory,
  config: RoundConfig,
  progress: RoundProgress,
  projects: number,
): Found {
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
  return { detail: `base ${committed.base}`, values: { base: committed.base } };
}

async function checkFolds(
  { folds }: TallyHistory,
  { size }: RoundConfig,
  items: readonly Item[],
  keys: TrustedKeys,
  onFold: (done: number) => void,
): Promise<Found> {
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
  const [proofs, usual] = [folds.length, usualFolds(size, items)];
  const note =
    proofs === usual
      ? ""
      : `; for these items TALLY-12 makes ${usual}, and more only where their rows do not suffice`;
  return {
    detail: `${proofs} proofs, each from the state before${note}`,
    values: { proofs, usual },
  };
}

/** TALLY-12's number. Another is no fault of the result; but it may tell something of the ballots, which who prefers it must explain. */
function usualFolds(size: number, items: readonly Item[]): number {
  const messages = items.filter(({ kind }) => kind === "message").length;
  return foldCount(messages, items.length - messages, 0, FOLD_SIZES[size]?.rows ?? 1);
}

async function checkList(
  client: ReadClient,
  round: Address,
  { entries, committed, finalized }: TallyHistory,
  config: RoundConfig,
): Promise<Found> {
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
  // Whoever pays goes by the contract's own root: it must be that of the list which the proofs speak of.
  const root = await client.readContract({
    address: round,
    abi: iRoundAbi,
    functionName: "resultsRoot",
  });
  const list = entries.map(decodeResult);
  expectEqual("the contract's root of the results", root, bytesToHex(resultsTree(list).root));
  const credits = list.reduce((sum, one) => sum + one.credits, 0n);
  return {
    detail: `${entries.length} projects with votes, ${credits} credits for them`,
    values: { projects: entries.length, credits: String(credits) },
  };
}

async function checkClose(
  { committed, folds, finalized }: TallyHistory,
  config: RoundConfig,
  { g, beta, theta, delta }: Challenges,
  items: readonly Item[],
  results: readonly ProjectResult[],
  keys: TrustedKeys,
): Promise<Found> {
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
  return { detail: `1 proof over ${items.length} items`, values: { items: items.length } };
}
