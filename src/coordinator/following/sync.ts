import { bytesToHex, type Address } from "viem";
import { BaseError } from "../../errors.ts";
import type { RoundHistory } from "../../chain/history.ts";
import { readHistory } from "../../chain/read_history.ts";
import type { ReadClient } from "../../chain/client.ts";
import { chainValues } from "../../protocol/link.ts";

export class IncompleteLogsError extends BaseError {
  constructor(expected: string, found: string) {
    super("The RPC's logs do not add up to the round's chain of items.", {
      fix: "Use another RPC URL: this one leaves logs out or lags behind.",
      details: [`the contract's chain head ${expected}`, `the logs' chain head      ${found}`],
    });
  }
}

/** Reads a round's history and checks that its links add up to the chain head that the contract holds. @throws IncompleteLogsError */
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
): Promise<RoundHistory> {
  const { history } = await readHistory(client, round, { onProgress });
  const head = bytesToHex(chainValues(history.links).at(-1) as Uint8Array);
  if (head !== chainHead) throw new IncompleteLogsError(chainHead, head);
  return history;
}
