import { isAddressEqual, parseEventLogs, type Address, type Hex } from "viem";
import { isTransport, type ReadClient } from "./client.ts";
import { creationBlock } from "./creation_block.ts";
import { iOwnedRegistryAbi } from "./generated/abis.ts";
import { readAllLogs } from "./logs.ts";
import { readProjects } from "./round.ts";

/** What one account did to a list of projects, by their numbers in rising order. */
export type ListChange = {
  readonly account: Address;
  readonly added: readonly number[];
  readonly withdrawn: readonly number[];
};

/** Who added and withdrew which projects of an owner-approved registry (REG-2, REG-4). */
export type ListChanges = {
  /** Of each account that sent a transaction straight to the registry. */
  readonly by: readonly ListChange[];
  /** What came through other contracts, a multisig for example, or in transactions that the node does not have: by whom, the chain's logs do not say. */
  readonly through: Omit<ListChange, "account">;
};

/** Transactions asked for at once. */
const AT_ONCE = 100;

/**
 * Who changed a registry's projects, by the senders of the transactions in which its events are: the events themselves name nobody.
 * Undefined where the node does not give all of them, by the registry's own count, or names somebody who could never change it.
 * @throws RpcUnreachableError, and where the node does not answer
 */
export async function readListChanges(
  client: ReadClient,
  registry: Address,
  {
    factory,
    from,
    ever,
  }: {
    readonly factory: Address;
    /** A block at or before the registry's creation; without it, it is looked for. */
    readonly from?: bigint | undefined;
    /** All who could (REG-4). */
    readonly ever: readonly Address[];
  },
): Promise<ListChanges | undefined> {
  const unlessSilent = (error: unknown): undefined => {
    if (isTransport(error)) throw error;
  };
  const since = from ?? (await creationBlock(client, registry, { factory }).catch(unlessSilent));
  if (since === undefined) return undefined;
  const logs = await readAllLogs(client, registry, since).catch(unlessSilent);
  if (logs === undefined) return undefined;
  const added = parseEventLogs({ abi: iOwnedRegistryAbi, eventName: "ProjectAdded", logs });
  const withdrawn = parseEventLogs({ abi: iOwnedRegistryAbi, eventName: "ProjectDelisted", logs });
  const { count, isEligible } = await readProjects(client, registry);
  const numbers = (events: readonly { readonly args: { readonly project: bigint } }[]) =>
    new Set(events.map(({ args }) => Number(args.project)));
  const [all, off] = [numbers(added), numbers(withdrawn)];
  const isWhole =
    all.size === count &&
    Array.from({ length: count }, (_, i) => i).every(
      (i) => all.has(i) && isEligible(i) !== off.has(i),
    );
  if (!isWhole) return undefined;
  const hashes = [
    ...new Set([...added, ...withdrawn].map(({ transactionHash }) => transactionHash)),
  ];
  const senders = new Map<Hex, Address>();
  for (let done = 0; done < hashes.length; done += AT_ONCE)
    await Promise.all(
      hashes.slice(done, done + AT_ONCE).map(async (hash) => {
        const sent = await client.getTransaction({ hash }).catch(unlessSilent);
        if (sent?.to != null && isAddressEqual(sent.to, registry)) senders.set(hash, sent.from);
      }),
    );
  const accounts = [...new Set(senders.values())];
  if (!accounts.every((account) => ever.some((one) => isAddressEqual(one, account))))
    return undefined;
  const changesOf = (account: Address | undefined) => {
    const projects = (events: typeof added | typeof withdrawn) =>
      events
        .filter(({ transactionHash }) => senders.get(transactionHash) === account)
        .map(({ args }) => Number(args.project))
        .sort((a, b) => a - b);
    return { added: projects(added), withdrawn: projects(withdrawn) };
  };
  return {
    by: accounts.map((account) => ({ account, ...changesOf(account) })),
    through: changesOf(undefined),
  };
}

/** Ranges that are told; a list of a thousand projects is mostly one. */
const MOST_RANGES = 12;

/** Projects' numbers, short: "0-499, 510, 512-513"; with "…" where there are more ranges than people read. */
export function tellNumbers(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const told = ranges
    .slice(0, MOST_RANGES)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  return [...told, ...(ranges.length > MOST_RANGES ? ["…"] : [])].join(", ");
}
