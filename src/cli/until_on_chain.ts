import { setTimeout as sleep } from "node:timers/promises";
import type { ReadClient } from "../chain/client.ts";
import { pendingStatus, type Pending } from "../donor/pending.ts";
import { BaseError } from "../errors.ts";
import type { Io } from "./output/io.ts";

const POLL_MS = 2_000;

export class NotOnChainError extends BaseError {
  constructor(missing: number, all: number, seconds: number) {
    super(
      `The relay took ${all === 1 ? "the message" : `${all} messages`}, but after ${seconds} s the chain shows ${missing === all ? "none of them" : `${all - missing} of them in their order`}.`,
      {
        fix: "Do not contribute yet. The relay may still publish; or run the command again, best with another relay or account.",
      },
    );
  }
}

/**
 * Waits until the chain shows a ballot's messages in their order, as a relay that took them may still lose or exchange them.
 * @throws NotOnChainError after so many seconds
 */
export async function untilOnChain(
  io: Io,
  read: ReadClient,
  pending: Pending,
  seconds: number,
): Promise<true> {
  io.err("The relay has it. Waiting until the chain shows it...\n");
  const until = Date.now() + 1000 * seconds;
  for (;;) {
    const { unsent } = await pendingStatus(read, 0, pending);
    if (unsent.length === 0) return true;
    if (Date.now() >= until)
      throw new NotOnChainError(unsent.length, pending.messages.length, seconds);
    await sleep(Math.min(POLL_MS, Math.max(1, until - Date.now())));
  }
}
