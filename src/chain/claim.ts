import { bytesToHex, type Address } from "viem";
import type { OptionResult } from "../round/semantics.ts";
import { resultsTree } from "../transcript/results_tree.ts";
import type { WriteClient } from "./client.ts";
import { iRoundAbi } from "./generated/abis.ts";
import { send } from "./send.ts";

/** Pays the project at `place` of the finalized result list, to its fixed address (PHASE-8, MONEY-10). */
export async function claim(
  client: WriteClient,
  { round, results, place }: { readonly round: Address; readonly results: readonly OptionResult[]; readonly place: number },
) {
  const { option, votes, credits } = results[place] as OptionResult;
  const proof = resultsTree(results).proofOf(place).map((node) => bytesToHex(node));
  return send(client, { address: round, abi: iRoundAbi, functionName: "claim", args: [BigInt(option), votes, credits, proof] });
}
