import type { Address, Hex } from "viem";
import type { Point } from "../crypto/curve.ts";
import { deriveTag } from "../protocol/context.ts";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/**
 * Contributes `amount` token units under a key (PHASE-2). The token must be approved for the round, or be the wrapper of the
 * native coin and `value` be the amount.
 * @example
 * ```ts
 * await approve(donor, { token: config.token, spender: round, amount: 25n * config.unit });
 * const { tag } = await contribute(donor, { round, key: generateKeyPair().publicKey, amount: 25n * config.unit });
 * ```
 */
export async function contribute(
  client: WriteClient,
  {
    round,
    key,
    amount,
    value = 0n,
    gateData = "0x",
  }: {
    readonly round: Address;
    readonly key: Point;
    readonly amount: bigint;
    readonly value?: bigint;
    readonly gateData?: Hex;
  },
) {
  const receipt = await send(client, {
    address: round,
    abi: iRoundAbi,
    functionName: "contribute",
    args: [key.x, key.y, amount, gateData],
    value,
  });
  return { receipt, tag: deriveTag(client.wallet.account.address, key) };
}
