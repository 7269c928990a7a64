import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useConfig, type Config } from "wagmi";
import { parseEventLogs, type Address, type Hex } from "viem";
import {
  creationBlock,
  iRoundAbi,
  iRoundFactoryAbi,
  listProjects,
  readAllLogs,
  readConfig,
  readHistory,
  readParts,
  readProgress,
  readRoundDocument,
  readToken,
  type Parts,
  type ReadClient,
  type RoundConfig,
} from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";
import { useSite, useSiteChain } from "../config/site.ts";
import { shortAddress } from "../format.ts";
import { plainText } from "../plain_text.ts";
import { describeRound, type RoundText } from "./metadata.ts";
import { readClient } from "./read_client.ts";

/** Rounds that a chain's factory has made, as the node tells it, the newest first, with the block in which each was made. */
async function readRounds(config: Config, { id, fromBlock, contracts: { factory } }: SiteChain) {
  const logs = await readAllLogs(readClient(config, id), factory, BigInt(fromBlock));
  return parseEventLogs({ abi: iRoundFactoryAbi, eventName: "RoundCreated", logs })
    .map(({ args, blockNumber }) => ({
      round: args.round,
      config: args.config,
      block: blockNumber,
    }))
    .reverse();
}

export function useRounds() {
  const config = useConfig();
  const { chains } = useSite();
  return useQuery({
    queryKey: ["rounds"],
    refetchInterval: 30_000,
    queryFn: async () =>
      (
        await Promise.all(
          chains.map(async (chain) =>
            (await readRounds(config, chain)).map((round) => ({ ...round, chainId: chain.id })),
          ),
        )
      ).flat(),
  });
}
export type ListedRound = NonNullable<ReturnType<typeof useRounds>["data"]>[number];

/** What a token calls itself, as far as that can be believed: the address that the round commits to is what counts. */
async function readPlainToken(read: ReadClient, address: Address) {
  const { symbol, ...token } = await readToken(read, address);
  return {
    ...token,
    symbol: symbol === address ? shortAddress(address) : plainText(symbol, 12),
  };
}

/** The settings that `readParts` asks about. */
const PARTS = ["gate", "registry", "payoutRule"] as const;

/**
 * What never changes about a round, with its token and the block in which it was made. Nothing of it is the node's word: the settings are
 * those to which the round's address commits, and a contract that the trusted factory did not make is refused (PROV-2).
 */
export function useRound(chainId: number, round: Address) {
  const config = useConfig();
  const client = useQueryClient();
  const { chains } = useSite();
  const chain = chains.find(({ id }) => id === chainId);
  return useQuery({
    queryKey: ["round", chainId, round],
    staleTime: Infinity,
    enabled: chain !== undefined,
    queryFn: async () => {
      const site = chain as SiteChain;
      const read = readClient(config, chainId);
      const listed = client
        .getQueryData<ListedRound[]>(["rounds"])
        ?.find((one) => one.round === round && one.chainId === chainId);
      const reading = readConfig(read, round, site.contracts);
      // Asked for as soon as it can be: whoever sees a round will see its name, and whoever opens it at its address its projects.
      void reading.then(
        ({ registry, salt }) => {
          void client.prefetchQuery(roundDocumentQuery(config, site, round, salt));
          if (listed === undefined)
            void client.prefetchQuery(projectsQuery(read, chain, chainId, registry));
        },
        () => undefined,
      );
      // The list of rounds has told tokens and parts before anything is established: asked about at once, and used where they prove to be the round's.
      const told = new Map(
        [listed?.config.token, listed?.config.poolToken].flatMap((token) =>
          token === undefined ? [] : [[token, readPlainToken(read, token)]],
        ),
      );
      const findToken = (token: Address) => told.get(token) ?? readPlainToken(read, token);
      const toldParts =
        listed === undefined ? undefined : readParts(read, listed.config, site.contracts);
      const findParts = (settings: RoundConfig) =>
        listed !== undefined && PARTS.every((name) => listed.config[name] === settings[name])
          ? (toldParts as Promise<Parts>)
          : readParts(read, settings, site.contracts);
      const [settings, token, block, parts] = await Promise.all([
        reading,
        reading.then((settings) => findToken(settings.token)),
        listed?.block ??
          reading.then(({ factory }) =>
            creationBlock(read, round, { factory, since: BigInt(site.fromBlock) }),
          ),
        reading.then(findParts),
      ]);
      const poolToken =
        settings.poolToken === settings.token ? token : await findToken(settings.poolToken);
      return { chainId, address: round, settings, token, poolToken, block, parts };
    },
  });
}
export type RoundFacts = NonNullable<ReturnType<typeof useRound>["data"]>;

export function useProgress(chainId: number, round: Address) {
  const config = useConfig();
  return useQuery({
    queryKey: ["progress", chainId, round],
    refetchInterval: 6_000,
    queryFn: async () => {
      const read = readClient(config, chainId);
      const [progress, block, cancelFrom] = await Promise.all([
        readProgress(read, round),
        read.getBlock(),
        read.readContract({ address: round, abi: iRoundAbi, functionName: "cancelFrom" }),
      ]);
      return {
        ...progress,
        cancelFrom,
        blockTime: Number(block.timestamp),
        blockNumber: block.number,
      };
    },
  });
}
export type Progress = NonNullable<ReturnType<typeof useProgress>["data"]>;

/** A registry is made before its round; its events are looked for from the factory's deployment on. */
function projectsQuery(
  read: ReadClient,
  chain: SiteChain | undefined,
  chainId: number,
  registry: Address,
) {
  return {
    queryKey: ["projects", chainId, registry],
    queryFn: async () => {
      let nameless = false;
      const list = await listProjects(read, {
        registry,
        documents: (chain as SiteChain).contracts.documents,
        fromBlock: BigInt((chain as SiteChain).fromBlock),
        onNameless: () => {
          nameless = true;
        },
      });
      return { list, nameless };
    },
  };
}

export function useProjects(chainId: number, registry: Address | undefined) {
  const config = useConfig();
  const chain = useSiteChain(chainId);
  return useQuery({
    ...projectsQuery(readClient(config, chainId), chain, chainId, registry as Address),
    enabled: registry !== undefined && chain !== undefined,
    refetchInterval: 60_000,
  });
}
export type ListedProject = NonNullable<ReturnType<typeof useProjects>["data"]>["list"][number];

/** Which never changes, as the round's own address commits to it (META-4): null where nothing was published that can be read. */
function roundDocumentQuery(
  config: Config,
  chain: SiteChain | undefined,
  round: Address | undefined,
  salt: Hex | undefined,
) {
  return {
    queryKey: ["round document", chain?.id, round],
    staleTime: Infinity,
    queryFn: async () => {
      const { id, contracts, fromBlock } = chain as SiteChain;
      const found = await readRoundDocument(readClient(config, id), contracts.documents, {
        salt: salt as Hex,
        fromBlock: BigInt(fromBlock),
      });
      return found ?? null;
    },
  };
}

/** What a round says about itself; undefined until it is there, and where nothing was published. Nothing waits for it. */
export function useRoundText(facts: RoundFacts | undefined): RoundText | undefined {
  const config = useConfig();
  const { chains } = useSite();
  const chain = chains.find(({ id }) => id === facts?.chainId);
  const { data } = useQuery({
    ...roundDocumentQuery(config, chain, facts?.address, facts?.settings.salt),
    enabled: facts !== undefined && chain !== undefined,
  });
  return data === undefined || data === null ? undefined : describeRound(data);
}

/** Everything that a round's events tell. */
export function useHistory(
  { chainId, address, block }: RoundFacts,
  refetchInterval: number | false = false,
) {
  const config = useConfig();
  return useQuery({
    queryKey: ["history", chainId, address],
    refetchInterval,
    queryFn: () => readHistory(readClient(config, chainId), address, { from: block }),
  });
}

/**
 * The chain's present second: that of its newest block, and what has passed since the page saw it. The device's clock may be wrong by days, and
 * stands in only until the first block is there.
 */
export function useNow(blockTime: number | undefined): number {
  const [tick, setTick] = useState(() => performance.now());
  const seen = useRef<{ readonly block: number; readonly at: number }>(undefined);
  if (blockTime !== undefined && seen.current?.block !== blockTime)
    seen.current = { block: blockTime, at: performance.now() };
  useEffect(() => {
    const timer = setInterval(() => setTick(performance.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (seen.current === undefined) return Math.floor(Date.now() / 1000);
  return seen.current.block + Math.max(0, Math.floor((tick - seen.current.at) / 1000));
}
