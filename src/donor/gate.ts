import type { Address, Hex } from "viem";
import type { ReadClient } from "../chain/client.ts";
import { gateAbi, iGateAbi } from "../chain/generated/abis.ts";
import { CHECKERS } from "../gates/index.ts";
import { refusal } from "../chain/send.ts";

/** A question to a gate: `credits` is what the account would have in all; `tag` where it has contributed already. */
export type GateQuestion = {
  readonly round: Address;
  readonly gate: Address;
  readonly payer: Address;
  readonly credits: bigint;
  readonly data: Hex;
  readonly tag?: bigint | undefined;
};

/**
 * Asks the gate itself, as the round would, before anything is paid. For a contribution to come it names another tag than the donor's: that
 * one is nobody's business before it is public.
 * @throws ContractRefusedError
 */
export async function askGate(
  read: ReadClient,
  { round, gate, payer, credits, data, tag }: GateQuestion,
): Promise<void> {
  const call =
    tag === undefined
      ? { functionName: "admit" as const, args: [payer, 1n, credits, data] as const }
      : { functionName: "admitTopUp" as const, args: [payer, tag, credits, data] as const };
  try {
    await read.simulateContract({
      address: gate,
      abi: [
        ...iGateAbi,
        ...gateAbi.filter(({ type }) => type === "error"),
        ...CHECKERS.flatMap((checker) => checker.abi),
      ],
      account: round,
      ...call,
    });
  } catch (error) {
    throw refusal(call.functionName, error);
  }
}
