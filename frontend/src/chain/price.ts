import { useQuery } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import { getAddress, type Address } from "viem";
import type { ReadClient } from "../../../src/index.ts";
import { useSiteChain } from "../config/site.ts";
import { currentLanguage } from "../i18n/index.ts";
import { readClient } from "./read_client.ts";

/** A feed that says what one token costs, as Chainlink's and those of its form do. */
const FEED = [
  {
    type: "function",
    name: "decimals",
    inputs: [],
    outputs: [{ name: "", type: "uint8" }],
    stateMutability: "view",
  },
  {
    type: "function",
    name: "latestRoundData",
    inputs: [],
    outputs: [
      { name: "roundId", type: "uint80" },
      { name: "answer", type: "int256" },
      { name: "startedAt", type: "uint256" },
      { name: "updatedAt", type: "uint256" },
      { name: "answeredInRound", type: "uint80" },
    ],
    stateMutability: "view",
  },
] as const;

/** Most feeds are written anew once a day at the least; an older price is none. */
const OLDEST_SECONDS = 26n * 3_600n;

/** What a whole token costs, in units of 10^-decimals. */
export type Price = { readonly answer: bigint; readonly decimals: number };

/** The price that a feed tells; undefined where it is too old, or none. */
export async function readPrice(read: ReadClient, feed: Address): Promise<Price | undefined> {
  const at = { address: feed, abi: FEED } as const;
  const [decimals, [, answer, , updatedAt], { timestamp }] = await Promise.all([
    read.readContract({ ...at, functionName: "decimals" }),
    read.readContract({ ...at, functionName: "latestRoundData" }),
    read.getBlock(),
  ]);
  return answer <= 0n || updatedAt + OLDEST_SECONDS < timestamp ? undefined : { answer, decimals };
}

/** An amount of a token in a currency, rounded to its smallest coin: "$1,234.50". */
export function moneyText(
  amount: bigint,
  token: { readonly decimals: number },
  price: Price,
  currency: string,
): string {
  const format = new Intl.NumberFormat(currentLanguage(), { style: "currency", currency });
  const places = format.resolvedOptions().maximumFractionDigits ?? 2;
  const scale = 10n ** BigInt(token.decimals + price.decimals);
  const coins = (amount * price.answer * 10n ** BigInt(places) + scale / 2n) / scale;
  return format.format(Number(coins) / 10 ** places);
}

/** What an amount is worth, where the site names a source of prices for its token: a contract, asked by the chain's own node. */
export function useMoney(
  chainId: number,
  token: { readonly address: Address; readonly decimals: number },
): (amount: bigint) => string | undefined {
  const config = useConfig();
  const source = useSiteChain(chainId)?.prices?.find(
    (one) => getAddress(one.token) === getAddress(token.address),
  );
  const { data: price } = useQuery({
    queryKey: ["price", chainId, source?.feed],
    enabled: source !== undefined,
    refetchInterval: 300_000,
    retry: false,
    queryFn: async () =>
      (await readPrice(readClient(config, chainId), source?.feed as Address)) ?? null,
  });
  return (amount) =>
    source === undefined || price === undefined || price === null
      ? undefined
      : moneyText(amount, token, price, source.currency);
}
