import { encodeEventTopics, isAddress, isAddressEqual, isHex, type Address, type Hex } from "viem";
import { BaseError } from "../errors.ts";
import type { ReadClient } from "./client.ts";

/** A log as an archive keeps it (EVT-2). */
export type KeptLog = {
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: bigint;
  readonly logIndex: number;
  readonly transactionHash: Hex;
};

/** At each place one topic, a choice of them, or any. */
export type KeptTopics = readonly (Hex | readonly Hex[] | null)[];

/** What an archive has all logs of, from its first block to its last: a contract's, or those with certain topics. */
export type KeptQuestion = { readonly address: Address; readonly topics: KeptTopics };

/** A round's logs as somebody has kept them, for nodes that have forgotten them (EVT-2). */
export type LogArchive = {
  readonly chainId: number;
  readonly round: Address;
  readonly from: bigint;
  readonly to: bigint;
  readonly questions: readonly KeptQuestion[];
  /** In chain order. */
  readonly logs: readonly KeptLog[];
};

export class LogArchiveError extends BaseError {
  constructor(line: number, why: string) {
    super(`Line ${line} of the archive's logs ${why}.`, {
      fix: "Take the archive from whoever published it once more, or verify without it.",
    });
  }
}

const FORMAT = "tacit-logs-1";

/** The first line of an archive's logs; each line after it is one log. */
export const formatArchiveHead = ({
  chainId,
  round,
  from,
  to,
  questions,
}: Omit<LogArchive, "logs">): string =>
  JSON.stringify({ format: FORMAT, chainId, round, from: `${from}`, to: `${to}`, questions });

export const formatKeptLog = ({
  blockNumber,
  logIndex,
  transactionHash,
  address,
  topics,
  data,
}: KeptLog): string =>
  JSON.stringify({
    block: `${blockNumber}`,
    index: logIndex,
    transaction: transactionHash,
    address,
    topics,
    data,
  });

/** Reads an archive's logs line by line. @throws LogArchiveError */
export function archiveReader(): {
  readonly add: (line: string) => void;
  readonly archive: () => LogArchive;
} {
  let head: Omit<LogArchive, "logs"> | undefined;
  const logs: KeptLog[] = [];
  let lines = 0;
  const add = (text: string) => {
    lines++;
    const fail = (why: string): never => {
      throw new LogArchiveError(lines, why);
    };
    if (text.trim() === "") return;
    let read: Record<string, unknown>;
    try {
      read = Object(JSON.parse(text)) as Record<string, unknown>;
    } catch {
      return fail("is not JSON");
    }
    if (head === undefined) {
      head = readHead(read) ?? fail("is not the head of a round's logs");
      return;
    }
    const log = readLog(read) ?? fail("is not a log");
    const last = logs.at(-1);
    const isNext =
      last === undefined ||
      log.blockNumber > last.blockNumber ||
      (log.blockNumber === last.blockNumber && log.logIndex > last.logIndex);
    if (!isNext || log.blockNumber < head.from || log.blockNumber > head.to)
      fail("is out of order, or outside the archive's blocks");
    logs.push(log);
  };
  return {
    add,
    archive: () => {
      if (head === undefined) throw new LogArchiveError(1, "is missing");
      return { ...head, logs };
    },
  };
}

const isTopic = (value: unknown): value is Hex => isHex(value) && value.length === 66;
const areTopics = (value: unknown): value is KeptTopics =>
  Array.isArray(value) &&
  value.every((one) => one === null || isTopic(one) || (Array.isArray(one) && one.every(isTopic)));
const isPlace = (value: unknown): value is Address =>
  typeof value === "string" && isAddress(value, { strict: false });
const readBlock = (value: unknown): bigint | undefined =>
  typeof value === "string" && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;

function readHead(read: Record<string, unknown>): Omit<LogArchive, "logs"> | undefined {
  const { format, chainId, round, questions } = read;
  const [from, to] = [readBlock(read["from"]), readBlock(read["to"])];
  if (format !== FORMAT || !Number.isSafeInteger(chainId) || !isPlace(round)) return undefined;
  if (from === undefined || to === undefined || !Array.isArray(questions)) return undefined;
  if (!questions.every((one) => isPlace(one?.address) && areTopics(one?.topics))) return undefined;
  return { chainId: chainId as number, round, from, to, questions: questions as KeptQuestion[] };
}

function readLog(read: Record<string, unknown>): KeptLog | undefined {
  const { index, transaction, address, topics, data } = read;
  const blockNumber = readBlock(read["block"]);
  if (blockNumber === undefined || !Number.isSafeInteger(index) || !isTopic(transaction))
    return undefined;
  if (!isPlace(address) || !isHex(data) || !Array.isArray(topics) || !topics.every(isTopic))
    return undefined;
  const logIndex = index as number;
  return { address, topics, data, blockNumber, logIndex, transactionHash: transaction };
}

/** What `ReadClient.getLogs` is asked, as this project asks it. */
type Asked = {
  readonly address: Address;
  readonly event?: Parameters<typeof encodeEventTopics>[0]["abi"][number];
  readonly args?: Readonly<Record<string, unknown>>;
  readonly fromBlock: bigint;
  readonly toBlock: bigint | "latest";
};

const topicsOf = ({ event, args }: Asked): KeptTopics =>
  event === undefined ? [] : encodeEventTopics({ abi: [event], args } as never);

/** The same client, which takes from an archive the logs that it has, and asks the node for others and for later ones. */
export function withArchive(client: ReadClient, archive: LogArchive): ReadClient {
  const getLogs = async (question: unknown) => {
    const asked = question as Asked;
    const ask = (change: object) => client.getLogs({ ...asked, ...change } as never);
    const topics = topicsOf(asked);
    const isKept = archive.questions.some(
      (one) => isAddressEqual(one.address, asked.address) && narrows(topics, one.topics),
    );
    if (!isKept || asked.fromBlock < archive.from) return ask({});
    const last = asked.toBlock === "latest" ? undefined : asked.toBlock;
    const kept = archive.logs.filter(
      (log) =>
        log.blockNumber >= asked.fromBlock &&
        (last === undefined || log.blockNumber <= last) &&
        isAddressEqual(log.address, asked.address) &&
        matches(log.topics, topics),
    );
    if (last !== undefined && last <= archive.to) return kept;
    const next = archive.to + 1n > asked.fromBlock ? archive.to + 1n : asked.fromBlock;
    return [...kept, ...(await ask({ fromBlock: next }))];
  };
  return { ...client, getLogs } as unknown as ReadClient;
}

/** The same client, which notes what it was asked for and was answered, of other contracts than the round. */
export function recordingLogs(client: ReadClient): {
  readonly client: ReadClient;
  readonly questions: () => readonly KeptQuestion[];
  readonly logs: () => readonly KeptLog[];
} {
  const questions = new Map<string, KeptQuestion>();
  const logs = new Map<string, KeptLog>();
  const getLogs = async (question: unknown) => {
    const asked = question as Asked;
    const answer = await client.getLogs(asked as never);
    const one = { address: asked.address, topics: topicsOf(asked) };
    questions.set(JSON.stringify(one), one);
    for (const log of answer as unknown as readonly KeptLog[])
      logs.set(`${log.blockNumber}:${log.logIndex}`, log);
    return answer;
  };
  return {
    client: { ...client, getLogs } as unknown as ReadClient,
    questions: () => [...questions.values()],
    logs: () => [...logs.values()],
  };
}

const choices = (one: KeptTopics[number]): readonly Hex[] | undefined =>
  one === null ? undefined : typeof one === "string" ? [one] : one;

/** Whether every log that the question wants is among those that were kept. */
function narrows(question: KeptTopics, kept: KeptTopics): boolean {
  return kept.every((one, i) => {
    const [most, wanted] = [choices(one), choices(question[i] ?? null)];
    return most === undefined || (wanted?.every((topic) => most.includes(topic)) ?? false);
  });
}

function matches(topics: readonly Hex[], question: KeptTopics): boolean {
  return question.every((one, i) => choices(one)?.includes(topics[i] as Hex) ?? true);
}
