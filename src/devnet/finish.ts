import { refundSponsor } from "../chain/refund.ts";
import { readBalance } from "../chain/token.ts";
import { runTally, type TallyEvent, type TallyResult } from "../coordinator/tally/tally.ts";
import type { TallyStore } from "../coordinator/store/tally_store.ts";
import { claimDues, claimProjects, ifDue } from "../donor/claim_project.ts";
import type { Artifacts } from "../proofs/artifacts.ts";
import type { Prover } from "../proofs/prover.ts";
import type { ProjectResult } from "../round/semantics.ts";
import { devnetAddress } from "./chain.ts";
import type { Devnet } from "./devnet.ts";
import { localCoordinatorKey } from "../protocol/coordinator_key.ts";

/** Ends the round and tallies it, with real proofs unless another prover is given. */
export async function tallyDevnet(
  devnet: Devnet,
  {
    artifacts,
    store,
    prover,
    onProgress,
  }: {
    readonly artifacts: Artifacts;
    readonly store: TallyStore;
    readonly prover?: Prover | undefined;
    readonly onProgress: (event: TallyEvent) => void;
  },
): Promise<TallyResult> {
  await devnet.chain.warpTo(devnet.config.end);
  const client = await devnet.chain.as("coordinator");
  const result = await runTally({
    client,
    round: devnet.round,
    key: localCoordinatorKey(devnet.coordinator.secret),
    artifacts,
    store,
    onProgress,
    ...(prover === undefined ? {} : { prover }),
  });
  for (const [kind, gas] of Object.entries(result.gasUsed))
    devnet.gas.add(`tally: ${kind}`, gas, kind.startsWith("fold") ? result.folds : 1);
  return result;
}

/** What a project was paid, in token units. */
export type Payment = {
  readonly project: number;
  readonly payout: bigint;
  readonly matched: bigint;
};

/** Everyone claims: projects, sponsors of a surplus, whoever gets the remainder. */
export async function claimAll(
  devnet: Devnet,
  results: readonly ProjectResult[],
  sponsors: readonly string[],
): Promise<Payment[]> {
  const { chain, round, gas } = devnet;
  const anyone = await chain.as("anyone");
  const { paid } = await claimProjects(anyone, { round, results, places: results.keys() });
  for (const { gasUsed } of paid) gas.add("claim", gasUsed);
  for (const sponsor of sponsors)
    await ifDue(() => refundSponsor(anyone, { round, sponsor: devnetAddress(sponsor) }));
  await claimDues(anyone, round, ["claimRemainder"]);
  return paid.map(({ project, given, shared, matched }) => ({
    project: Number(project),
    payout: given + shared + matched,
    matched,
  }));
}

/** Token units that a name on this devnet holds. */
export async function holdings({ chain, token }: Devnet, name: string): Promise<bigint> {
  return readBalance(chain.read, token.address, devnetAddress(name));
}
