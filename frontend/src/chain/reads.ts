import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useConfig, type Config } from "wagmi";
import { getPublicClient } from "wagmi/actions";
import { parseEventLogs, type Address } from "viem";
import {
  creationBlock, historyOf, iRoundAbi, iRoundFactoryAbi, listProjects, readConfig, readEvents, readProgress, readToken, type ReadClient,
} from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";
import { useSite } from "../config/site.ts";

/** A client for the library; wagmi's is the same class with a chain. */
export function readClient(config: Config, chainId: number): ReadClient {
  return getPublicClient(config, { chainId }) as unknown as ReadClient;
}

/** Rounds that a chain's factories have made, the newest first, with the block in which each was made. */
async function roundsOf(config: Config, chain: SiteChain) {
  const client = readClient(config, chain.id);
  const head = await client.getBlockNumber();
  const found = await Promise.all(
    chain.factories.map(async ({ address, fromBlock }) => {
      const logs = await logsInRanges(client, address, BigInt(fromBlock), head);
      return parseEventLogs({ abi: iRoundFactoryAbi, eventName: "RoundCreated", logs });
    }),
  );
  return found.flat().map(({ args, blockNumber }) => ({ round: args.round, config: args.config, block: blockNumber })).reverse();
}

/** All logs of an address in ranges that halve where a node refuses. */
async function logsInRanges(client: ReadClient, address: Address, from: bigint, to: bigint) {
  const logs: Awaited<ReturnType<ReadClient["getLogs"]>> = [];
  let range = 50_000n;
  for (let start = from; start <= to; ) {
    const end = start + range - 1n < to ? start + range - 1n : to;
    try {
      logs.push(...(await client.getLogs({ address, fromBlock: start, toBlock: end })));
      start = end + 1n;
    } catch (error) {
      if (range === 1n) throw error;
      range /= 2n;
    }
  }
  return logs;
}

export function useRounds() {
  const config = useConfig();
  const { chains } = useSite();
  return useQuery({
    queryKey: ["rounds"],
    refetchInterval: 30_000,
    queryFn: async () => (await Promise.all(chains.map(async (chain) => (await roundsOf(config, chain)).map((round) => ({ ...round, chainId: chain.id }))))).flat(),
  });
}
export type ListedRound = NonNullable<ReturnType<typeof useRounds>["data"]>[number];

/** What never changes about a round, with its token and the block in which it was made. */
export function useRound(chainId: number, round: Address) {
  const config = useConfig();
  const client = useQueryClient();
  return useQuery({
    queryKey: ["round", chainId, round],
    staleTime: Infinity,
    queryFn: async () => {
      const read = readClient(config, chainId);
      const settings = await readConfig(read, round);
      const listed = client.getQueryData<ListedRound[]>(["rounds"])?.find((one) => one.round === round && one.chainId === chainId);
      const [token, block] = await Promise.all([readToken(read, settings.token), listed?.block ?? creationBlock(read, round)]);
      return { chainId, address: round, settings, token, block };
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
        readProgress(read, round), read.getBlock(), read.readContract({ address: round, abi: iRoundAbi, functionName: "cancelFrom" }),
      ]);
      return { ...progress, cancelFrom, blockTime: Number(block.timestamp), blockNumber: block.number };
    },
  });
}
export type Progress = NonNullable<ReturnType<typeof useProgress>["data"]>;

export function useProjects(chainId: number, registry: Address | undefined, fromBlock: bigint | undefined) {
  const config = useConfig();
  return useQuery({
    queryKey: ["projects", chainId, registry],
    enabled: registry !== undefined && fromBlock !== undefined,
    refetchInterval: 60_000,
    // A registry is made before its round; its events are looked for from the chain's first factory on.
    queryFn: async () => listProjects(readClient(config, chainId), registry as Address, fromBlock as bigint),
  });
}
export type ListedProject = NonNullable<ReturnType<typeof useProjects>["data"]>[number];

/** Everything that a round's events tell. */
export function useHistory({ chainId, address, block }: RoundFacts, refetchInterval: number | false = false) {
  const config = useConfig();
  return useQuery({
    queryKey: ["history", chainId, address],
    refetchInterval,
    queryFn: async () => {
      const read = readClient(config, chainId);
      const events = await readEvents(read, address, { from: block, to: await read.getBlockNumber() });
      return { events, history: historyOf(events) };
    },
  });
}

/** The chain's present second: the device's clock, unless the chain's is ahead of it, as on a development chain. */
export function useNow(blockTime: number | undefined): number {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  useEffect(() => {
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 1_000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, blockTime ?? 0);
}
