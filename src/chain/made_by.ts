import {
  encodeEventTopics,
  formatLog,
  isAddressEqual,
  pad,
  parseEventLogs,
  stringify,
  type Address,
  type Hex,
} from "viem";
import type { ReadClient } from "./client.ts";
import type { RoundSettings } from "./create_round.ts";
import { iRoundFactoryAbi } from "./generated/abis.ts";
import { readLogs } from "./logs.ts";

/** What a factory has made in an account's name, in chain order. Anybody may have it made: of a registry the account is owner, of a round nothing is sure but what is checked. */
export type MadeBy = {
  readonly rounds: readonly {
    readonly round: Address;
    readonly config: RoundSettings;
    readonly transactionHash: Hex;
  }[];
  readonly registries: readonly { readonly registry: Address; readonly freezeTime: bigint }[];
};

/** Blocks looked through where a node does not answer for the whole chain: more than a day's on most. */
const RECENT_BLOCKS = 10_000n;

/** Both events of a factory name the owner second. */
export async function readMadeBy(
  client: ReadClient,
  factory: Address,
  owner: Address,
): Promise<MadeBy> {
  const logs = parseEventLogs({
    abi: iRoundFactoryAbi,
    logs: await ownLogs(client, factory, owner),
    eventName: ["RoundCreated", "RegistryCreated"],
  });
  const rounds: MadeBy["rounds"][number][] = [];
  const registries: MadeBy["registries"][number][] = [];
  for (const log of logs)
    if (log.eventName === "RegistryCreated") registries.push(log.args);
    else if (log.eventName === "RoundCreated")
      rounds.push({ ...log.args, transactionHash: log.transactionHash });
  return { rounds, registries };
}

/** The last of these rounds that the account itself sent for: anybody may have one made in another's name, over a registry of his own. */
export async function findLastSentBy<T extends { readonly transactionHash: Hex }>(
  client: ReadClient,
  account: Address,
  rounds: readonly T[],
): Promise<T | undefined> {
  for (const one of rounds.toReversed()) {
    const { from } = await client.getTransaction({ hash: one.transactionHash });
    if (isAddressEqual(from, account)) return one;
  }
  return undefined;
}

async function ownLogs(client: ReadClient, factory: Address, owner: Address) {
  const names = ["RoundCreated", "RegistryCreated"] as const;
  const signatures = names.flatMap((eventName) =>
    encodeEventTopics({ abi: iRoundFactoryAbi, eventName }),
  ) as Hex[];
  try {
    const logs = await client.request({
      method: "eth_getLogs",
      params: [
        {
          address: factory,
          fromBlock: "0x0",
          toBlock: "latest",
          topics: [signatures, null, pad(owner)],
        },
      ],
    });
    return (logs as Parameters<typeof formatLog>[0][]).map((log) => formatLog(log)) as never;
  } catch {
    const to = await client.getBlockNumber();
    const logs = await readLogs(client, factory, {
      from: to > RECENT_BLOCKS ? to - RECENT_BLOCKS : 0n,
      to,
    });
    const named = pad(owner).toLowerCase();
    return logs.filter(({ topics }) => topics[2]?.toLowerCase() === named) as never;
  }
}

/** Times that a command gave relative to its own moment differ by no more than this when it is given again. */
const SLACK = 3600n;

/** Whether two sets of settings are of one intention: alike but for the registry, and for times that are relative to a moment. */
export function isSameIntention(
  a: RoundSettings,
  b: RoundSettings,
  isRelative: { readonly start: boolean; readonly end: boolean },
): boolean {
  const rest = ({ registry: _, start: __, end: ___, ...others }: RoundSettings) =>
    stringify(
      Object.entries(others).sort(([one], [other]) => (one < other ? -1 : 1)),
    ).toLowerCase();
  return (
    rest(a) === rest(b) &&
    isNear(a.start, b.start, isRelative.start) &&
    isNear(a.end, b.end, isRelative.end)
  );
}

/** Whether two moments are one, or near each other where they are told relative to a command's own. */
export const isNear = (a: bigint, b: bigint, isRelative: boolean): boolean =>
  isRelative ? a - b < SLACK && b - a < SLACK : a === b;
