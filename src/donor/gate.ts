import { concatHex, type Address, type Hex } from "viem";
import type { ReadClient } from "../chain/client.ts";
import { gateAbi, iGateAbi } from "../chain/generated/abis.ts";
import { CHECKERS } from "../gates/index.ts";
import { ContractRefusedError, refusal } from "../chain/send.ts";

/**
 * A question to a gate: `credits` is what the account would have in all; `tag` where it has contributed already; `newTag` that of a
 * contribution whose ballot is on the chain, and which comes next.
 */
export type GateQuestion = {
  readonly round: Address;
  readonly gate: Address;
  readonly payer: Address;
  readonly credits: bigint;
  readonly data: Hex;
  readonly tag?: bigint | undefined;
  readonly newTag?: bigint | undefined;
};

/** Of the gate and of every kind of checker. */
const ABI = [
  ...iGateAbi,
  ...gateAbi.filter(({ type }) => type === "error"),
  ...CHECKERS.flatMap((checker) => checker.abi),
];

/**
 * Asks the gate itself, as the round would, before anything is paid. For a contribution whose ballot is not on the chain yet it names another
 * tag than the donor's: that one is nobody's business before.
 * @throws ContractRefusedError
 */
export async function askGate(
  read: ReadClient,
  { round, gate, payer, credits, data, tag, newTag = 1n }: GateQuestion,
): Promise<void> {
  const call =
    tag === undefined
      ? { functionName: "admit" as const, args: [payer, newTag, credits, data] as const }
      : { functionName: "admitTopUp" as const, args: [payer, tag, credits, data] as const };
  const ask = async (as: object) => {
    try {
      await read.simulateContract({ abi: ABI, ...call, ...as } as never);
      return undefined;
    } catch (error) {
      return refusal(call.functionName, error);
    }
  };
  const refused = await ask({ address: gate, account: round });
  // A question in the round's name is a transaction of the round's: who sends one himself must be asked for as the payer, through the round.
  const truth =
    refused instanceof ContractRefusedError && refused.reason === "NotPlainAccount"
      ? await ask({
          address: round,
          account: payer,
          stateOverride: [{ address: round, code: forwarderTo(gate) }],
        })
      : refused;
  if (truth !== undefined) throw truth;
}

/** Code that passes its call on to a contract, and the answer back: CALLDATACOPY, CALL, RETURNDATACOPY, then RETURN or REVERT. */
const forwarderTo = (gate: Address): Hex =>
  concatHex(["0x363d3d373d3d363d3d73", gate, "0x5af13d5f5f3e602a573d5ffd5b3d5ff3"]);
