import { bytesToHex, parseEventLogs, type Address } from "viem";
import { BaseError } from "../../errors.ts";
import { historyReader } from "../../chain/history.ts";
import { iRoundAbi } from "../../chain/generated/abis.ts";
import { eachLogs } from "../../chain/logs.ts";
import { creationBlock } from "../../chain/creation_block.ts";
import type { ReadClient } from "../../chain/client.ts";
import { nextChainValue, type Link } from "../../protocol/link.ts";
import { LinkList } from "../planning/link_list.ts";

export class IncompleteLogsError extends BaseError {
  constructor(expected: string, found: string) {
    super("The RPC's logs do not add up to the round's chain of items.", {
      fix: "Use another RPC URL: this one leaves logs out or lags behind.",
      details: [`the contract's chain head ${expected}`, `the logs' chain head      ${found}`],
    });
  }
}

/** Reads a round's links and checks that they add up to the chain head that the contract holds. @throws IncompleteLogsError */
export async function syncRound(
  client: ReadClient,
  round: Address,
  {
    chainHead,
    onProgress,
  }: {
    readonly chainHead: `0x${string}`;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
  },
): Promise<LinkList> {
  const from = await creationBlock(client, round);
  const to = await client.getBlockNumber();
  const [links, total] = [new LinkList(), Number(to - from) + 1];
  const reader = historyReader(links);
  const pages = eachLogs(client, round, {
    from,
    to,
    onProgress: (block) => onProgress?.(Number(block - from) + 1, total),
  });
  for await (const logs of pages) {
    const events = parseEventLogs({ abi: iRoundAbi, logs, strict: true });
    reader.add(events);
  }
  const head = bytesToHex(chainValueOf(links));
  if (head !== chainHead) throw new IncompleteLogsError(chainHead, head);
  return links;
}

/** The chain's value after the links (LINK-1). */
export function chainValueOf(links: Iterable<Link>): Uint8Array {
  let value: Uint8Array = new Uint8Array(32);
  for (const link of links) value = nextChainValue(value, link);
  return value;
}
