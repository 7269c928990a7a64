import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { useConfig, type Config } from "wagmi";
import { formatLog, parseEventLogs, type Address, type Hex } from "viem";
import {
  creationBlock,
  iRoundAbi,
  iRoundFactoryAbi,
  listQuestions,
  readAllLogs,
  readConfig,
  readHistory,
  readParts,
  readProgress,
  readProjectSteps,
  readRecipients,
  readRoundDocument,
  type NamedProject,
  type Parts,
  type ProjectSteps,
  type ReadClient,
  type RoundConfig,
  type RoundDocument,
  type VoteQuestion,
} from "../../../src/index.ts";
import { fetchCode, useSite, useSiteChain, type SiteChain } from "../config/site.ts";
import { addWordsOf } from "../i18n/index.ts";
import { arrangeProjects } from "./arrange.ts";
import { takeRound, takeRounds } from "./early.ts";
import { describeRound, type RoundText } from "./metadata.ts";
import { readPlainToken } from "./plain_token.ts";
import { readClient } from "./read_client.ts";

/** Rounds that a chain's factory has made, as the node tells it, the newest first, with the block in which each was made. */
async function readRounds(config: Config, { id, fromBlock, contracts: { factory } }: SiteChain) {
  const early = await takeRounds(id);
  const logs =
    early?.map((log) => formatLog(log)) ??
    (await readAllLogs(readClient(config, id), factory, BigInt(fromBlock)));
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

/** Asked before anybody is known to need the answer: a failure is told to who does, and to nobody else. */
function early<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => undefined);
  return asked;
}

/** The same client, which knows what was asked early of a round at its own address. */
function withCode(read: ReadClient, chainId: number, round: Address): ReadClient {
  const known = takeRound(chainId, round);
  return {
    ...read,
    getChainId: async () => (await known)?.chainId ?? read.getChainId(),
    getCode: async (question) => (await known)?.code ?? read.getCode(question),
  };
}

/**
 * What never changes about a round, with its token and the block in which it was made. Nothing of it is the node's word: the settings are
 * those to which the round's address commits, and a contract that the trusted factory did not make is refused (PROV-2).
 */
export function useRound(chainId: number, round: Address, opened?: Opened) {
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
      const reading = readConfig(withCode(read, chainId, round), round, site.contracts);
      // Asked for as soon as it can be: whoever sees a round will see its name, and whoever opens it at its address its projects.
      void reading.then(
        (settings) => {
          void client.prefetchQuery(roundDocumentQuery(config, site, round, settings.salt));
          if (listed !== undefined || opened === undefined) return;
          void client.prefetchQuery(progressQuery(read, chainId, round));
          void client.prefetchQuery(partsQuery(read, chain, round, settings));
          void client.prefetchQuery(
            projectsQuery(client, read, site, { registry: settings.registry, ...opened }),
          );
        },
        () => undefined,
      );
      // The list of rounds has told tokens before anything is established: asked about at once, and used where they prove to be the round's.
      const told = new Map(
        [listed?.config.token, listed?.config.poolToken].flatMap((token) =>
          token === undefined ? [] : [[token, early(readPlainToken(read, token))]],
        ),
      );
      const findToken = (token: Address) => told.get(token) ?? readPlainToken(read, token);
      const [settings, token, block] = await Promise.all([
        reading.then(async (settings) => {
          await addWordsOf(settings);
          return settings;
        }),
        reading.then((settings) => findToken(settings.token)),
        listed?.block ??
          reading.then(({ factory }) =>
            creationBlock(read, round, { factory, since: BigInt(site.fromBlock) }),
          ),
      ]);
      const poolToken =
        settings.poolToken === settings.token ? token : await findToken(settings.poolToken);
      return { chainId, address: round, settings, token, poolToken, block };
    },
  });
}
export type PlainFacts = NonNullable<ReturnType<typeof useRound>["data"]>;

function partsQuery(
  read: ReadClient,
  chain: SiteChain | undefined,
  round: Address,
  settings: RoundConfig | undefined,
) {
  return {
    queryKey: ["parts", chain?.id, round],
    staleTime: Infinity,
    queryFn: () => {
      const { contracts } = chain as SiteChain;
      const creationCode = early(fetchCode(chain as SiteChain));
      return readParts(read, settings as RoundConfig, { ...contracts, creationCode });
    },
  };
}

/** The same with what is established of the contracts that the organiser chose. A list of rounds shows nothing of it, and does not wait for it. */
export function useWholeRound(chainId: number, round: Address, opened: Opened) {
  const config = useConfig();
  const chain = useSiteChain(chainId);
  const facts = useRound(chainId, round, opened);
  const settings = facts.data?.settings;
  const parts = useQuery({
    ...partsQuery(readClient(config, chainId), chain, round, settings),
    enabled: settings !== undefined && chain !== undefined,
  });
  const data = useMemo(
    () =>
      facts.data === undefined || parts.data === undefined
        ? undefined
        : { ...facts.data, parts: parts.data },
    [facts.data, parts.data],
  );
  return {
    data,
    error: facts.error ?? parts.error,
    isFetching: facts.isFetching || parts.isFetching,
    refetch: () => (facts.data === undefined ? facts.refetch() : parts.refetch()),
  };
}
export type RoundFacts = PlainFacts & { readonly parts: Parts };

function progressQuery(read: ReadClient, chainId: number, round: Address) {
  return {
    queryKey: ["progress", chainId, round],
    queryFn: async () => {
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
  };
}

export function useProgress(chainId: number, round: Address) {
  const config = useConfig();
  return useQuery({
    ...progressQuery(readClient(config, chainId), chainId, round),
    refetchInterval: 6_000,
  });
}
export type Progress = NonNullable<ReturnType<typeof useProgress>["data"]>;

/** Of a round that was opened: the project at whose own address that was. */
type Opened = { readonly project: number | undefined };

/** A registry is made before its round; its events are looked for from the factory's deployment on. */
function projectsQuery(
  client: QueryClient,
  read: ReadClient,
  { id, contracts: { documents }, fromBlock }: SiteChain,
  { registry, project }: Opened & { readonly registry: Address },
) {
  const queryKey = ["projects", id, registry];
  return {
    queryKey,
    structuralSharing: false, // what is the same in two steps is the same object
    queryFn: async () => {
      const before = client.getQueryData<ProjectSteps>(queryKey);
      let last = before;
      const steps = readProjectSteps(
        read,
        { registry, documents, fromBlock: BigInt(fromBlock) },
        { arrange: (count) => arrangeProjects(count, project), before },
      );
      for await (const next of steps) {
        last = next;
        // Who has seen the whole list goes on with it until what is new is here, too.
        if (!next.isWhole && before?.isWhole !== true) client.setQueryData(queryKey, next);
      }
      return last as ProjectSteps;
    },
  };
}

/** A registry's projects, as far as they are there: the first are shown while others still come. */
export function useProjects(chainId: number, registry: Address | undefined, opened: Opened) {
  const config = useConfig();
  const client = useQueryClient();
  const chain = useSiteChain(chainId);
  const place = { registry: registry as Address, ...opened };
  return useQuery<ProjectSteps>({
    ...projectsQuery(client, readClient(config, chainId), chain as SiteChain, place),
    enabled: registry !== undefined && chain !== undefined,
    refetchInterval: 60_000,
  });
}
export type ListedProject = NamedProject;

/** Payout addresses by project, of all at once: who asked for one would tell the node which project is looked at. They never change. */
export function useRecipients(
  chainId: number,
  registry: Address | undefined,
  { count, wanted }: { readonly count: number | undefined; readonly wanted: boolean },
) {
  const config = useConfig();
  return useQuery({
    queryKey: ["recipients", chainId, registry, count],
    staleTime: Infinity,
    placeholderData: (previous) => previous, // of the same registry: its first ones
    enabled: wanted && registry !== undefined && count !== undefined,
    queryFn: () =>
      readRecipients(readClient(config, chainId), registry as Address, count as number),
  });
}

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

/** A round's document as it stands; undefined until it is there, and where nothing was published. */
export function useRoundDocument(facts: RoundFacts): RoundDocument | undefined {
  const config = useConfig();
  const chain = useSiteChain(facts.chainId);
  const { data } = useQuery({
    ...roundDocumentQuery(config, chain, facts.address, facts.settings.salt),
    enabled: chain !== undefined,
  });
  return data ?? undefined;
}

/** What a round says about itself; undefined until it is there, and where nothing was published. Nothing waits for it. */
export function useRoundText(facts: PlainFacts | undefined): RoundText | undefined {
  const config = useConfig();
  const { chains } = useSite();
  const chain = chains.find(({ id }) => id === facts?.chainId);
  const { data } = useQuery({
    ...roundDocumentQuery(config, chain, facts?.address, facts?.settings.salt),
    enabled: facts !== undefined && chain !== undefined,
  });
  return data === undefined || data === null ? undefined : describeRound(data);
}

/**
 * What a vote asks (VOTE-1), once the node has told its document; where nobody has published one, which of all its projects. Empty for a
 * round that asks nothing.
 */
export function useQuestions(facts: RoundFacts): readonly VoteQuestion[] | undefined {
  const config = useConfig();
  const { chains } = useSite();
  const chain = chains.find(({ id }) => id === facts.chainId);
  const { data } = useQuery({
    ...roundDocumentQuery(config, chain, facts.address, facts.settings.salt),
    enabled: chain !== undefined,
  });
  return data === undefined ? undefined : listQuestions(data ?? undefined, facts.settings);
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
