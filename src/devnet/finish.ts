import { bytesToHex, parseEventLogs } from "viem";
import { claim } from "../chain/claim.ts";
import { claimRest } from "../chain/claim_rest.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { refundSponsor } from "../chain/refund.ts";
import { ContractRefusedError } from "../chain/send.ts";
import { balanceOf } from "../chain/token.ts";
import { runTally, type TallyEvent, type TallyResult } from "../coordinator/tally/tally.ts";
import type { TallyStore } from "../coordinator/store/tally_store.ts";
import type { Artifacts } from "../proofs/artifacts.ts";
import type { OptionResult } from "../round/semantics.ts";
import { resultsTree } from "../transcript/results_tree.ts";
import { addressOf } from "./chain.ts";
import type { World } from "./world.ts";
import { localCoordinatorKey } from "../protocol/coordinator_key.ts";

/** Ends the round and tallies it, with real proofs. */
export async function tallyWorld(
  world: World,
  { artifacts, store, onProgress }: { readonly artifacts: Artifacts; readonly store: TallyStore; readonly onProgress: (event: TallyEvent) => void },
): Promise<TallyResult> {
  await world.chain.warpTo(world.config.end);
  const client = await world.chain.as("coordinator");
  const result = await runTally({ client, round: world.round, key: localCoordinatorKey(world.coordinator.secret), artifacts, store, onProgress });
  for (const [kind, gas] of Object.entries(result.gasUsed)) world.gas.add(`tally: ${kind}`, gas, kind.startsWith("fold") ? result.folds : 1);
  return result;
}

/** What a project was paid, in token units. */
export type Payment = { readonly option: number; readonly payout: bigint; readonly matched: bigint };

/** Everyone claims: projects, sponsors of a surplus, whoever gets the remainder. */
export async function claimAll(world: World, results: readonly OptionResult[], sponsors: readonly string[]): Promise<Payment[]> {
  const { chain, round, gas } = world;
  const anyone = await chain.as("anyone");
  const payments: Payment[] = [];
  const { proofOf } = resultsTree(results);
  for (const [place, { option, votes, credits }] of results.entries()) {
    const { logs, gasUsed } = await claim(anyone, { round, project: BigInt(option), votes, credits, path: proofOf(place).map((node) => bytesToHex(node)) });
    gas.add("claim", gasUsed);
    for (const { args } of parseEventLogs({ abi: iRoundAbi, eventName: "Claimed", logs })) payments.push({ option, payout: args.payout, matched: args.matched });
  }
  for (const sponsor of sponsors) await ifDue(() => refundSponsor(anyone, { round, sponsor: addressOf(sponsor) }));
  await ifDue(() => claimRest(anyone, { round, due: "claimRemainder" }));
  return payments;
}

/** Token units that a name of this world holds. */
export async function holdings({ chain, token }: World, name: string): Promise<bigint> {
  return balanceOf(chain.read, token.address, addressOf(name));
}

async function ifDue(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof ContractRefusedError && error.reason === "NothingToPay")) throw error;
  }
}
