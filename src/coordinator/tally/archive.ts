import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { parseEventLogs, stringify, type Address, type Log } from "viem";
import { isTransport, type ReadClient } from "../../chain/client.ts";
import { creationBlock } from "../../chain/creation_block.ts";
import { readRoundDocument } from "../../chain/documents.ts";
import { iRoundAbi } from "../../chain/generated/abis.ts";
import { historyReader, type RoundHistory } from "../../chain/history.ts";
import {
  formatArchiveHead,
  formatKeptLog,
  recordingLogs,
  type KeptLog,
} from "../../chain/log_archive.ts";
import type { RoundEvent } from "../../chain/logs.ts";
import { listProjects } from "../../chain/projects.ts";
import type { RoundConfig } from "../../chain/provenance.ts";
import { formatRecipients, formatTransactions } from "../../chain/result_files.ts";
import { readResults } from "../../chain/results.ts";
import { readToken, type TokenFacts } from "../../chain/token.ts";
import { eachItem } from "../../protocol/item.ts";
import { LinkList } from "../planning/link_list.ts";

export type ArchiveRequest = {
  readonly folder: string;
  readonly chainId: number;
  readonly round: Address;
  readonly config: RoundConfig;
  /** The board for documents (META-1). */
  readonly documents: Address;
  /** The round's logs from its creation to block `to`, in chain order, in pieces; asked for twice. */
  readonly logs: () => AsyncIterable<readonly Omit<KeptLog, "address">[]>;
  readonly to: bigint;
};

/**
 * Writes what there is to know about a round that is over, all of it public: `round.json` (settings, sums, payments), `items.csv`,
 * `results.csv` (names, recipients, amounts, payments), `transactions.csv`, `proofs.json`, and `logs.jsonl`, by which the round can be
 * verified where nodes have forgotten its logs (EVT-2). Each file is whole or not there. Registry and tokens may be anybody's: of what they
 * do not tell, projects stand without names or recipients, and amounts in the token's units. Gives the folder.
 * @throws MissingLogsError, and what the RPC throws
 */
export async function writeArchive(
  client: ReadClient,
  { folder, chainId, round, config, documents, logs, to }: ArchiveRequest,
): Promise<string> {
  const target = path.join(folder, `${chainId}-${round.toLowerCase()}`);
  await mkdir(target, { recursive: true });
  const { history, moves, first } = await readLogs(logs());
  const named = await readNames(client, config, documents);
  const { projects } = named;
  const from = named.from < first ? named.from : first;

  await write(target, "items.csv", itemLines(history));
  const { tally, payers, links, funded, claims, ended, disputeReason } = history;
  const [token, poolToken] = await Promise.all([
    readTokenOrUnits(client, config.token),
    readTokenOrUnits(client, config.poolToken),
  ]);
  const priced = { settings: config, token, poolToken };
  const nameOf = (project: number) => projects[project]?.name ?? "";
  const recipientOf = (project: number) => projects[project]?.recipient;
  const results =
    tally?.finalized === undefined
      ? undefined
      : await readResults(client, { round, config, history });
  const entries = results?.lines ?? [];
  await write(target, "results.csv", [
    formatRecipients(priced, { entries, events: moves, nameOf, recipientOf }),
  ]);
  await write(target, "transactions.csv", [formatTransactions(priced, { events: moves, nameOf })]);
  await write(
    target,
    "proofs.json",
    json({ committed: tally?.committed, folds: tally?.folds ?? [], finalized: tally?.finalized }),
  );
  const others = named.logs.filter(({ blockNumber }) => blockNumber <= to);
  const questions = [{ address: round, topics: [] }, ...named.questions];
  await write(
    target,
    "logs.jsonl",
    logLines(formatArchiveHead({ chainId, round, from, to, questions }), round, logs(), others),
  );
  await write(
    target,
    "round.json",
    json({
      chainId,
      round,
      config,
      ended,
      disputeReason,
      items: links.items,
      links: links.length,
      contributions: payers.size,
      funded,
      results: entries.map((line) => ({
        ...line,
        name: nameOf(line.project),
        recipient: recipientOf(line.project),
      })),
      accounts: results?.accounts,
      tokens: { token, poolToken },
      /** Whether registry and node told the projects' names. */
      named: named.questions.length > 0,
      claims,
      block: to,
      note: "Recheck it: tacit verify --round <address> --archive <this folder>",
    }),
  );
  return target;
}

/** The history, the events that move money, and the first log's block. */
async function readLogs(pages: ReturnType<ArchiveRequest["logs"]>): Promise<{
  readonly history: RoundHistory<LinkList>;
  readonly moves: readonly RoundEvent[];
  readonly first: bigint;
}> {
  const reader = historyReader(new LinkList());
  const moves: RoundEvent[] = [];
  let first: bigint | undefined;
  for await (const logs of pages) {
    const events = parseEventLogs({ abi: iRoundAbi, strict: true, logs: logs as unknown as Log[] });
    reader.add(events);
    first ??= logs[0]?.blockNumber;
    for (const event of events) if (event.eventName !== "MessagePublished") moves.push(event);
  }
  return { history: reader.history(), moves, first: first ?? 0n };
}

/** A token that does not say how many decimals it has is taken to have none. */
async function readTokenOrUnits(client: ReadClient, address: Address): Promise<TokenFacts> {
  return readToken(client, address).catch(
    unlessNode<TokenFacts>({ address, symbol: address, decimals: 0 }),
  );
}

/** What stands in place of an answer that a contract does not give; that a node does not answer is thrown. */
const unlessNode =
  <T>(otherwise: T) =>
  (error: unknown): T => {
    if (isTransport(error)) throw error;
    return otherwise;
  };

/** The registry's projects, with the logs that name them from a block at or before its creation; without what it, or the node, does not tell. */
async function readNames(client: ReadClient, config: RoundConfig, documents: Address) {
  const { registry, factory, salt } = config;
  const kept = recordingLogs(client);
  try {
    const from = await creationBlock(client, registry, { factory });
    await readRoundDocument(kept.client, documents, { salt, fromBlock: from });
    const projects = await listProjects(kept.client, {
      registry,
      documents,
      fromBlock: from,
      onNameless: (error) => {
        throw error;
      },
    });
    return { from, projects, logs: kept.logs(), questions: kept.questions() };
  } catch (error) {
    if (isTransport(error)) throw error;
    const from = await client.getBlockNumber();
    const projects = await listProjects(client, { registry, documents, fromBlock: from }).catch(
      unlessNode([]),
    );
    return { from, projects, logs: [], questions: [] };
  }
}

function* itemLines({ links, payers }: RoundHistory<LinkList>): Generator<string> {
  const words = Array.from({ length: 11 }, (_, i) => `word${i}`);
  yield line(["t", "kind", "tag", "payer", "finalCredits", "keyX", "keyY", ...words]);
  for (const item of eachItem(links)) {
    const { t, kind } = item;
    if (item.kind === "message") yield line([t, kind, "", "", "", "", "", ...item.words]);
    else {
      const { tag, credits, key } = item;
      yield line([t, kind, tag, payers.get(tag) ?? "", credits, key.x, key.y]);
    }
  }
}

/** The round's logs with the others among them, in chain order. */
async function* logLines(
  head: string,
  round: Address,
  pages: ReturnType<ArchiveRequest["logs"]>,
  others: readonly KeptLog[],
): AsyncGenerator<string> {
  yield `${head}\n`;
  const waiting = [...others].sort((a, b) => (isBefore(a, b) ? -1 : 1));
  for await (const logs of pages)
    for (const log of logs) {
      while (waiting[0] !== undefined && isBefore(waiting[0], log))
        yield `${formatKeptLog(waiting.shift() as KeptLog)}\n`;
      yield `${formatKeptLog({ ...log, address: round })}\n`;
    }
  for (const log of waiting) yield `${formatKeptLog(log)}\n`;
}

const isBefore = (
  a: Pick<KeptLog, "blockNumber" | "logIndex">,
  b: Pick<KeptLog, "blockNumber" | "logIndex">,
): boolean =>
  a.blockNumber < b.blockNumber || (a.blockNumber === b.blockNumber && a.logIndex < b.logIndex);

async function write(
  folder: string,
  name: string,
  content: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const file = path.join(folder, name);
  await pipeline(content, createWriteStream(`${file}.tmp`));
  await rename(`${file}.tmp`, file);
}

/** Integers, addresses and plain words only, so that nothing needs quotes. */
const line = (fields: readonly (string | number | bigint)[]): string => `${fields.join(",")}\n`;

const json = (value: unknown): string[] => [`${stringify(value, null, 2)}\n`];
