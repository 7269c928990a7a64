import type { Address } from "viem";
import { BaseError } from "../errors.ts";
import type { WriteClient } from "./client.ts";

/** Something that the account sent earlier is not mined: what comes of it decides what is still to be done. */
export class AccountBusyError extends BaseError {
  constructor(account: Address, count: number) {
    super(
      `${count === 1 ? "A transaction" : `${count} transactions`} of ${account} ${count === 1 ? "is" : "are"} on the way and not mined yet.`,
      {
        fix: "Nothing more was sent. Wait until that is mined, or replace it with a higher fee in your wallet; then repeat the command: it finds what was done.",
      },
    );
  }
}

const PATIENCE_MS = 120_000;
const POLL_MS = 1_000;

/**
 * Waits until a node knows of no transaction of the account that is still to be mined. `onWait` hears once how many there are.
 * @throws AccountBusyError
 */
export async function untilIdle(
  { read, wallet, patience = PATIENCE_MS }: WriteClient,
  onWait?: (count: number) => void,
): Promise<void> {
  const { address } = wallet.account;
  const until = Date.now() + patience;
  for (let told = false; ; told = true) {
    const [mined, all] = await Promise.all([
      read.getTransactionCount({ address, blockTag: "latest" }),
      // Some nodes keep nothing that is not mined.
      read.getTransactionCount({ address, blockTag: "pending" }).catch(() => 0),
    ]);
    if (all <= mined) return;
    if (!told) onWait?.(all - mined);
    if (Date.now() >= until) throw new AccountBusyError(address, all - mined);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
