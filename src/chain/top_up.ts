import type { Address, Hex } from "viem";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** Adds `amount` token units to the sender's own contribution (PHASE-3). Token and `value` as for `contribute`. */
export async function topUp(
  client: WriteClient,
  {
    round,
    tag,
    amount,
    value = 0n,
    gateData = "0x",
  }: {
    readonly round: Address;
    readonly tag: bigint;
    readonly amount: bigint;
    readonly value?: bigint;
    readonly gateData?: Hex;
  },
) {
  return send(client, {
    address: round,
    abi: iRoundAbi,
    functionName: "topUp",
    args: [tag, amount, gateData],
    value,
  });
}
