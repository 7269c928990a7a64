import type { Abi, ContractFunctionArgs, ContractFunctionName, TransactionReceipt } from "viem";
import type { WriteClient } from "../../chain/client.ts";
import { TransactionFailedError } from "../../chain/fate.ts";
import { ContractRefusedError, send, type Call } from "../../chain/send.ts";

/** `gas`: a limit known beforehand, for a call that stands on transactions not mined yet and so cannot be simulated. */
export type AnyCall = {
  readonly address: `0x${string}`;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
  readonly value?: bigint;
  readonly gas?: bigint;
};

/** An on-chain action executed at most once, identified by `name`. */
export type Step = {
  /** Names it for ever, for example `<transcript base> fold 3`. */
  readonly name: string;
  /** Asked of the chain: the truth about whether it is done. Gets the receipt of a transaction of this step, if one was mined. */
  readonly isDone: (mined?: TransactionReceipt) => Promise<boolean>;
  /** Made when it is sent, for it may depend on where the chain is. */
  readonly call: () => Promise<AnyCall>;
};

/** Does steps. Gives the receipt of the transaction that did it, or nothing where the chain had it already. */
export type StepSender = {
  /** `onSigned` is called once the step has its nonce, or needs none: the next may then be begun and will come after it. */
  readonly perform: (step: Step, onSigned?: () => void) => Promise<TransactionReceipt | undefined>;
  /** Waits until all that was signed before a crash, for steps whose names begin so, is mined or cannot be any more. */
  readonly settle: (prefix: string) => Promise<void>;
  /** Whether steps may be begun before those that they stand on are mined. */
  readonly isOrdered: boolean;
};

/** How often a step is tried from where the chain is then, if somebody else moved the round under it. */
const ATTEMPTS = 3;

/**
 * Runs `attempt` again after a refusal or revert if the round has moved since, as told by `position`: anyone may replay, or send our proofs on.
 * @throws ContractRefusedError, TransactionFailedError
 */
export async function retryIfMoved<T>(
  position: () => Promise<string>,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const before = await position();
    try {
      return await attempt();
    } catch (error) {
      if (
        tries === ATTEMPTS ||
        !(error instanceof ContractRefusedError || error instanceof TransactionFailedError)
      )
        throw error;
      if ((await position()) === before) throw error;
    }
  }
}

/** Sends without a memory of its own: for accounts that the node holds, and chains that end with the process. */
export function plainSender(client: WriteClient): StepSender {
  return {
    isOrdered: false,
    settle: async () => undefined,
    async perform({ isDone, call }) {
      if (await isDone()) return undefined;
      return send(
        client,
        (await call()) as Call<Abi, ContractFunctionName<Abi, "nonpayable" | "payable">> & {
          args: ContractFunctionArgs;
        },
      );
    },
  };
}
