import type { Address } from "viem";
import type { WriteClient } from "../chain/client.ts";
import { publish, publishBatch } from "../chain/publish.ts";
import type { MessageWords } from "../protocol/message.ts";
import { handToRelay } from "./relay.ts";
import type { StampMaker } from "./stamp.ts";

/** By whom messages are published: a relay's address (and who does the work that it asks for), or an account, best one that nobody connects with the donor. */
export type Publisher =
  | { readonly relay: string; readonly stamp?: StampMaker }
  | { readonly client: WriteClient };

/**
 * Publishes a ballot's messages in their order: by an account in one transaction, all or none; by a relay a little later, so that only the
 * chain can tell whether they are out (`pendingStatus`).
 * @returns the account's transaction; nothing where a relay took the messages or there were none
 */
export async function publishMessages(
  by: Publisher,
  {
    round,
    messages,
    messageFee,
  }: {
    readonly round: Address;
    readonly messages: readonly MessageWords[];
    readonly messageFee: bigint;
  },
) {
  const [first, ...others] = messages;
  if (first === undefined) return undefined;
  if ("relay" in by) return void (await handToRelay(by.relay, { round, messages }, by.stamp));
  return others.length === 0
    ? publish(by.client, { round, message: first, messageFee })
    : publishBatch(by.client, { round, messages, messageFee });
}
