import { useQuery } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import {
  getAbiItem,
  isAddressEqual,
  parseEventLogs,
  type AbiEvent,
  type Address,
  type Hex,
} from "viem";
import {
  iRoundAbi,
  readAllLogs,
  type OwnContribution,
  type ReadClient,
} from "../../../src/index.ts";
import { readClient } from "./read_client.ts";
import { useRounds, type ListedRound, type PlainFacts } from "./reads.ts";

const CONTRIBUTED = getAbiItem({ abi: iRoundAbi, name: "Contributed" });
const TOPPED_UP = getAbiItem({ abi: iRoundAbi, name: "ToppedUp" });
const REFUNDED = getAbiItem({ abi: iRoundAbi, name: "Refunded" });

/** Money between an account and a round, as the chain shows it; of what it is for the chain shows nothing. */
export type Payment = {
  readonly kind: "gift" | "topUp" | "refund";
  readonly tag: bigint;
  /** Credits that were bought; of a refund the token units that came back. */
  readonly credits: bigint;
  readonly units: bigint;
  readonly transaction: Hex;
  /** Of its block, in seconds. */
  readonly time: number;
};

export type RoundPayments = {
  readonly chainId: number;
  readonly round: Address;
  readonly payments: readonly Payment[];
};

type Where = { readonly address: Address; readonly from: bigint };
type Wanted = { readonly event: AbiEvent; readonly args: Readonly<Record<string, unknown>> };

/** Some events of several rounds: in one question where the node takes it, else round by round in ranges. */
async function readWanted(read: ReadClient, places: readonly Where[], wanted: Wanted) {
  if (places.length === 0) return [];
  const from = places.reduce((least, { from }) => (from < least ? from : least), places[0]!.from);
  const logs = await read
    .getLogs({
      address: places.map(({ address }) => address),
      ...wanted,
      fromBlock: from,
    } as never)
    .catch(async () =>
      (
        await Promise.all(
          places.map(({ address, from }) => readAllLogs(read, address, from, wanted)),
        )
      ).flat(),
    );
  return parseEventLogs({ abi: iRoundAbi, logs, strict: true });
}

/** What an account has paid to rounds of one chain, and got back, each round's in chain order. Only its own events are asked for. */
export async function readPayments(
  read: ReadClient,
  account: Address,
  places: readonly Where[],
): Promise<readonly { readonly round: Address; readonly payments: readonly Payment[] }[]> {
  const [given, back] = await Promise.all([
    readWanted(read, places, { event: CONTRIBUTED, args: { payer: account } }),
    readWanted(read, places, { event: REFUNDED, args: { payer: account } }),
  ]);
  const tags = given.flatMap((log) => (log.eventName === "Contributed" ? [log.args.tag] : []));
  const own = places.filter(({ address }) =>
    given.some((log) => isAddressEqual(log.address, address)),
  );
  const more =
    tags.length === 0 ? [] : await readWanted(read, own, { event: TOPPED_UP, args: { tag: tags } });
  const logs = [...given, ...more, ...back].sort((a, b) =>
    a.blockNumber === b.blockNumber
      ? a.logIndex - b.logIndex
      : Number(a.blockNumber - b.blockNumber),
  );
  const blocks = [...new Set(logs.map(({ blockNumber }) => blockNumber))];
  const times = new Map(
    await Promise.all(
      blocks.map(
        async (blockNumber) =>
          [blockNumber, Number((await read.getBlock({ blockNumber })).timestamp)] as const,
      ),
    ),
  );
  return own.map(({ address }) => {
    const credits = new Map<bigint, bigint>();
    const payments = logs
      .filter((log) => isAddressEqual(log.address, address))
      .flatMap((log): Payment[] => {
        const common = {
          transaction: log.transactionHash,
          time: times.get(log.blockNumber) as number,
        };
        if (log.eventName === "Refunded") {
          const { tag, amount } = log.args;
          return [{ kind: "refund", tag, credits: 0n, units: amount, ...common }];
        }
        if (log.eventName !== "Contributed" && log.eventName !== "ToppedUp") return [];
        const { tag, credits: all } = log.args; // of a top-up the new credits in all
        const before = credits.get(tag);
        // Another account's gift may bear the same tag in another round, and is not asked for.
        if (log.eventName === "ToppedUp" && before === undefined) return [];
        credits.set(tag, all);
        const kind = before === undefined ? "gift" : "topUp";
        return [{ kind, tag, credits: all - (before ?? 0n), units: 0n, ...common }];
      });
    return { round: address, payments };
  });
}

const OWN_MS = 15_000;

/** What an account has given to one round, in chain order. Only its own events are asked for. */
export async function readOwnContributions(
  read: ReadClient,
  account: Address,
  place: Where,
): Promise<readonly OwnContribution[]> {
  const [own] = await readPayments(read, account, [place]);
  const credits = new Map<bigint, bigint>();
  for (const payment of own?.payments ?? [])
    credits.set(payment.tag, (credits.get(payment.tag) ?? 0n) + payment.credits);
  return [...credits].map(([tag, all]) => ({ tag, payer: account, credits: all }));
}

/** The same, again and again. Where `asks` is false nothing is asked, and only what is known already is told: asking names the account. */
export function useOwnContributions(
  { chainId, address, block }: PlainFacts,
  account: Address | undefined,
  { asks }: { readonly asks: boolean },
) {
  const config = useConfig();
  return useQuery({
    queryKey: ["own contributions", chainId, address, account],
    enabled: asks && account !== undefined,
    refetchInterval: OWN_MS,
    queryFn: () =>
      readOwnContributions(readClient(config, chainId), account as Address, {
        address,
        from: block,
      }),
  });
}

/** Payments over all rounds of all chains of this site, the newest round first. */
export function useOwnPayments(account: Address | undefined) {
  const config = useConfig();
  const rounds = useRounds();
  const listed: readonly ListedRound[] = rounds.data ?? [];
  const payments = useQuery({
    queryKey: ["own payments", account, listed.map(({ round }) => round).join()],
    enabled: account !== undefined && rounds.data !== undefined,
    gcTime: 0,
    queryFn: async (): Promise<readonly RoundPayments[]> => {
      const chains = [...new Set(listed.map(({ chainId }) => chainId))];
      const found = await Promise.all(
        chains.map(async (chainId) => {
          const places = listed
            .filter((one) => one.chainId === chainId)
            .map(({ round, block }) => ({ address: round, from: block }));
          return (await readPayments(readClient(config, chainId), account as Address, places)).map(
            (one) => ({ chainId, ...one }),
          );
        }),
      );
      return found.flat();
    },
  });
  return {
    data: payments.data,
    error: rounds.error ?? payments.error,
    refetch: () => void Promise.all([rounds.refetch(), payments.refetch()]),
  };
}
