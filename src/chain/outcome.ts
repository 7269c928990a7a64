import { encodeDeployData, type Address, type Hex } from "viem";
import type { VoteAnswer, VoteQuestion } from "../votes/outcome.ts";
import type { ReadClient } from "./client.ts";
import { create2Address } from "./create2.ts";
import { iQvOutcomeAbi, qvOutcomeAbi } from "./generated/abis.ts";
import { refusal } from "./send.ts";

/** Init code of the contract that decides these questions. */
export function outcomeInitCode(bytecode: Hex, questions: readonly VoteQuestion[]): Hex {
  return encodeDeployData({
    abi: qvOutcomeAbi,
    bytecode,
    args: [
      questions.map((question) =>
        question.kind === "choice"
          ? {
              isNumber: false,
              options: question.options,
              ...{ start: 0n, step: 0n, min: 0n, max: 0n },
            }
          : {
              isNumber: true,
              options: [question.option],
              start: question.start,
              step: question.step,
              min: question.min,
              max: question.max,
            },
      ),
    ],
  });
}

/** Where the contract that decides these questions is, or would be: its address is a function of them (VOTE-4). */
export const outcomeAddress = (bytecode: Hex, questions: readonly VoteQuestion[]): Address =>
  create2Address(outcomeInitCode(bytecode, questions));

/** What that contract says; undefined where nobody has made it. @throws ContractRefusedError where it does not take these results */
export async function readOutcome(
  client: ReadClient,
  {
    contract,
    round,
    entries,
  }: { readonly contract: Address; readonly round: Address; readonly entries: readonly bigint[] },
): Promise<readonly VoteAnswer[] | undefined> {
  if (((await client.getCode({ address: contract })) ?? "0x") === "0x") return undefined;
  try {
    const answers = await client.readContract({
      address: contract,
      abi: iQvOutcomeAbi,
      functionName: "outcome",
      args: [round, entries],
    });
    return answers.map(({ option, ...answer }) => ({ ...answer, option: Number(option) }));
  } catch (error) {
    throw refusal("outcome", error);
  }
}
