import { numberToHex, type Address } from "viem";
import type { Config } from "wagmi";
import { getAccount } from "wagmi/actions";
import { publish, publishBatch } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";
import { writeClient } from "./writes.ts";

type Messages = readonly (readonly bigint[])[];
type Place = { readonly chainId: number; readonly round: Address; readonly messageFee: bigint };

export class RelayError extends Error {
  override readonly name = "RelayError";
}

/**
 * Hands messages to the site's relay, without any account, name or cookie. It publishes them with others' a little later.
 * @throws RelayError
 */
export async function publishByRelay({ relay }: SiteChain, { round }: Place, messages: Messages): Promise<void> {
  const body = { messages: messages.map((words) => words.map((word) => numberToHex(word))) };
  const response = await fetch(new URL(`${relay}/rounds/${round}/messages`, location.href), {
    method: "POST", credentials: "omit", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  }).catch(() => undefined);
  if (response?.ok !== true) throw new RelayError();
}

/** Publishes from the account that the wallet is on now. */
export async function publishByAccount(config: Config, { chainId, round, messageFee }: Place, messages: Messages): Promise<void> {
  const client = await writeClient(config, chainId, getAccount(config).address as Address);
  if (messages.length === 1) await publish(client, { round, message: messages[0] as readonly bigint[], messageFee });
  else await publishBatch(client, { round, messages, messageFee });
}
