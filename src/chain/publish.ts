import type { Address } from "viem";
import type { MessageWords } from "../protocol/message.ts";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

type Words = readonly [
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
];

/** Publishes one message (PHASE-1). `messageFee` in wei, as the round's settings say. */
export async function publish(
  client: WriteClient,
  {
    round,
    message,
    messageFee,
  }: { readonly round: Address; readonly message: MessageWords; readonly messageFee: bigint },
) {
  return send(client, {
    address: round,
    abi: iRoundAbi,
    functionName: "publish",
    args: [message as Words],
    value: messageFee,
  });
}

/**
 * Publishes messages in one transaction, all or none. About 14,000 gas each: keep to a few hundred.
 * @example
 * ```ts
 * await publishBatch(relay, { round, messages, messageFee: config.messageFee });
 * ```
 */
export async function publishBatch(
  client: WriteClient,
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
  return send(client, {
    address: round,
    abi: iRoundAbi,
    functionName: "publishBatch",
    args: [messages as readonly Words[]],
    value: messageFee * BigInt(messages.length),
  });
}
