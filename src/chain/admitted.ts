import { parseEventLogs, type AbiEvent, type Address, type Hex } from "viem";
import type { ReadClient } from "./client.ts";
import { gateAbi } from "./generated/abis.ts";
import { readAllLogs } from "./logs.ts";

/** Whom a gate admitted, and with which tag (GATE-3). */
export type Admitted = { readonly tag: bigint; readonly checker: Address; readonly identity: Hex };

/** All whom a gate of clauses admitted to a round since a block. @throws LogRangeError, RpcUnreachableError */
export async function readAdmitted(
  client: ReadClient,
  { gate, round, from }: { readonly gate: Address; readonly round: Address; readonly from: bigint },
): Promise<Admitted[]> {
  const event = gateAbi.find(
    (item) => item.type === "event" && item.name === "Admitted",
  ) as AbiEvent;
  const logs = await readAllLogs(client, gate, from, { event, args: { round } });
  return parseEventLogs({ abi: gateAbi, logs, eventName: "Admitted" }).map(({ args }) => args);
}
