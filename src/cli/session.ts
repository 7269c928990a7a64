import { zeroAddress, type Address } from "viem";
import { BaseError } from "../errors.ts";
import {
  openNodes,
  createWriter,
  type OpenNodes,
  type ReadClient,
  type WriteClient,
} from "../chain/client.ts";
import { readRoundDocument } from "../chain/documents.ts";
import type { RoundDocument } from "../metadata/documents.ts";
import { creationBlock } from "../chain/creation_block.ts";
import { readConfig, type Contracts, type RoundConfig } from "../chain/provenance.ts";
import { readProgress, readProjects, type RoundProgress } from "../chain/round.ts";
import { readToken, type TokenFacts } from "../chain/token.ts";
import { untilIdle } from "../chain/until_idle.ts";
import { isInPrimeSubgroup, type Point } from "../crypto/curve.ts";
import { openArtifacts, requireKeysFor } from "../proofs/artifacts.ts";
import { trustedContracts } from "../proofs/trusted_contracts.ts";
import type { Io } from "./output/io.ts";
import type { SharedValues } from "./input/options.ts";
import { time } from "./output/output.ts";
import { loadAccount } from "./input/secrets.ts";

export class PhaseClosedError extends BaseError {
  constructor(what: string, phase: string, now: bigint, from: bigint, until: bigint) {
    super(`${what} is not possible now: the round is in phase "${phase}".`, {
      details: [
        `it is        ${time(now)}`,
        `open from    ${from === 0n ? "creation" : time(from)}`,
        `open until   ${time(until)}`,
      ],
      fix:
        now < from
          ? "Wait until it opens."
          : "Nothing was sent. See `tacit status` for what is still possible.",
    });
  }
}

export class UnknownProjectError extends BaseError {
  constructor(project: string, count: number) {
    super(`There is no project ${project} in this round.`, {
      fix: `Use an index from 0 to ${count - 1}; \`tacit projects list\` shows them.`,
    });
  }
}

export class CoordinatorKeyTorsionError extends BaseError {
  constructor() {
    super("The round's coordinator key is not in the prime-order subgroup (KEY-3).", {
      fix: "Do not take part: an honest coordinator's key, made with `tacit keygen --coordinator`, is never so.",
    });
  }
}

/** A round that this version's factory made, for the trusted keys; opened for reading. */
export type RoundSession = {
  readonly read: ReadClient;
  readonly chainId: number;
  readonly round: Address;
  readonly config: RoundConfig;
  /** This version's, for these keys. */
  readonly contracts: Contracts;
  /** The board for the documents of rounds and projects (META-1). */
  readonly documents: Address;
  /** Of the contributions. */
  readonly token: TokenFacts;
  /** Of the matching pool; mostly the same. */
  readonly poolToken: TokenFacts;
  /** A block at or before the round's creation, looked for when it is first asked for. @throws CreationBlockError */
  readonly since: () => Promise<bigint>;
  /** What the round says of itself (META-4); undefined where nothing was published, or the RPC has no logs. */
  readonly about: () => Promise<RoundDocument | undefined>;
  /** C, checked to be one that ballots may be encrypted to. */
  readonly coordinatorKey: Point;
};

/** @throws RpcUnreachableError, WrongChainError, ForeignRoundError, DevelopmentKeysError, MissingArtifactsError, CoordinatorKeyTorsionError */
export async function openRound(io: Io, values: RoundValues): Promise<RoundSession> {
  return openRoundOn(await openChain(io, values), values);
}

type ChainValues = Pick<SharedValues, "rpc" | "chain">;
type RoundValues = ChainValues & Pick<SharedValues, "round" | "artifacts" | "fromBlock">;

/** The nodes that answer; of others a line tells. @throws RpcUnreachableError, ChainsDifferError, WrongChainError */
export async function openChain(io: Io, { rpc, chain }: ChainValues): Promise<OpenNodes> {
  return openNodes(rpc, {
    chain,
    onSilent: (where) => io.err(`The RPC at ${where} does not answer; the others are used.\n`),
  });
}

async function openRoundOn(
  { read, chainId }: OpenNodes,
  { round, artifacts, fromBlock }: RoundValues,
): Promise<RoundSession> {
  const keys = await openArtifacts(artifacts);
  requireKeysFor(keys, chainId);
  const contracts = await trustedContracts(keys);
  const config = await readConfig(read, round, contracts);
  const coordinatorKey = { x: config.coordinatorKeyX, y: config.coordinatorKeyY };
  if (!isInPrimeSubgroup(coordinatorKey)) throw new CoordinatorKeyTorsionError();
  let made: Promise<bigint> | undefined;
  return {
    read,
    chainId,
    round,
    config,
    contracts,
    documents: contracts.documents,
    since: async () =>
      fromBlock ?? (made ??= creationBlock(read, round, { factory: config.factory })),
    about: async () => {
      try {
        const from = fromBlock ?? (await creationBlock(read, config.registry, config));
        const { salt } = config;
        return await readRoundDocument(read, contracts.documents, { salt, fromBlock: from });
      } catch (error) {
        if (error instanceof BaseError) return undefined; // a name is not worth the command
        throw error;
      }
    },
    coordinatorKey,
    token: await readToken(read, config.token),
    poolToken: await readToken(read, config.poolToken),
  };
}

type AccountValues = ChainValues & Pick<SharedValues, "accountKey">;

/**
 * A chain, opened for sending with the given account, once nothing of the account's is on its way any more: what an earlier command sent is
 * on the chain then, where this one finds it.
 * @throws AccountBusyError, RpcUnreachableError, ChainsDifferError, WrongChainError, and what loadAccount throws
 */
export async function openAccount(io: Io, values: AccountValues): Promise<WriteClient> {
  return (await openToSend(io, values)).client;
}

async function openToSend(io: Io, values: AccountValues) {
  const account = await loadAccount(io, values);
  const nodes = await openChain(io, values);
  const client = createWriter(nodes, account);
  await untilIdle(client, (count) =>
    io.err(
      `Waiting for ${count === 1 ? "a transaction" : `${count} transactions`} of ${account.address} that an earlier command sent...\n`,
    ),
  );
  return { nodes, client };
}

/** A round, opened for sending. */
export async function openRoundToSend(
  io: Io,
  options: SharedValues,
): Promise<RoundSession & { readonly client: WriteClient }> {
  const { nodes, client } = await openToSend(io, options);
  return { ...(await openRoundOn(nodes, options)), client };
}

/**
 * Refuses before anything is sent where the call's interval (PHASE-1 to PHASE-4) is closed.
 * @throws PhaseClosedError
 */
export async function requireOpen(
  { read, round, config }: RoundSession,
  what: string,
  from: "creation" | "start",
): Promise<RoundProgress> {
  const [progress, { timestamp }] = await Promise.all([readProgress(read, round), read.getBlock()]);
  const opens = from === "start" ? config.start : 0n;
  const ok =
    progress.phase === "contributing" || (from === "creation" && progress.phase === "before start");
  if (!ok) throw new PhaseClosedError(what, progress.phase, timestamp, opens, config.end);
  return progress;
}

/** The index of an existing project. @throws UnknownProjectError */
export function requireProject(text: string, count: number): number {
  if (!/^\d+$/.test(text) || Number(text) >= count) throw new UnknownProjectError(text, count);
  return Number(text);
}

export async function projectCount({ read, config }: RoundSession): Promise<number> {
  return (await readProjects(read, config.registry)).count;
}

/** Whether the round has no token, only credits (MONEY-9). */
export const isWithoutMoney = ({ config }: RoundSession): boolean => config.token === zeroAddress;
