import { parseEventLogs } from "viem";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";
import { openDatabase } from "../../src/coordinator/store/database.ts";
import { storeIn } from "../../src/coordinator/store/tally_store.ts";
import { runTally } from "../../src/coordinator/tally/tally.ts";
import { startDevnetChain } from "../../src/devnet/chain.ts";
import { createDevnet, fundAs } from "../../src/devnet/devnet.ts";
import { playDonors } from "../../src/devnet/donors.ts";
import type { FoldSize } from "../../src/params.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import type { Prover } from "../../src/proofs/prover.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { simulatedProver } from "../keys/simulated_prover.ts";
import { BUILD } from "../pipeline/paths.ts";
import { say } from "../pipeline/progress.ts";
import { makeUpRound } from "./play.ts";

/** Seconds of one proof by a worker (`bench -- prover`), and from block to block. */
const PROOF_SECONDS = { small: 1.4, large: 5.5 } as const;
const BLOCK_SECONDS = 12;
/** Time runs so many times faster here. */
const FASTER = 4;

/** Folds that were submitted, and how: `seconds` from the commit to the last fold's block, as the chain's clock would have it. */
export type Pipelined = {
  readonly workers: number;
  readonly folds: number;
  readonly seconds: number;
  readonly calls: number;
  readonly mostTogether: number;
  readonly gasPerMessage: number;
};

/**
 * Real tallies of one round on a chain with a block every twelve seconds, with workers whose proofs come from a timer: the simulator
 * that development keys allow, so that contracts and coordinator do all that they do in a round.
 */
export async function timePipelining(
  donors: number,
  size: FoldSize,
  workerCounts: readonly number[],
): Promise<readonly Pipelined[]> {
  const chain = await startDevnetChain();
  const request = (method: string, params: readonly unknown[] = []) =>
    chain.provider.request({ method, params } as never) as Promise<unknown>;
  try {
    const planned = makeUpRound(donors);
    const devnet = await createDevnet(chain, { ...planned, size, rule: quadraticChoice("return") });
    await fundAs(devnet, "sponsor", 10n ** 18n);
    say(`publishing ${donors} ballots`);
    await playDonors(devnet, planned.donors, () => undefined);
    await chain.warpTo(devnet.config.end);
    const times: Pipelined[] = [];
    for (const workers of workerCounts) {
      const snapshot = await request("evm_snapshot");
      const database = await openDatabase(":memory:");
      await request("evm_setAutomine", [false]);
      const mining = setInterval(() => void request("evm_mine"), (BLOCK_SECONDS / FASTER) * 1000);
      let [begun, ended] = [0, 0];
      try {
        const { folds } = await runTally({
          client: await chain.as("coordinator"),
          round: devnet.round,
          key: localCoordinatorKey(devnet.coordinator.secret),
          artifacts: await openArtifacts(BUILD),
          store: storeIn(database),
          prover: timedProver(workers, PROOF_SECONDS[size]),
          fees: { pollSeconds: 0.1 },
          onProgress: ({ stage }) => {
            if (stage === "commit") begun = performance.now();
            if (stage === "submit") ended = performance.now();
          },
        });
        const logs = parseEventLogs({
          abi: iRoundAbi,
          eventName: "Folded",
          logs: await chain.read.getLogs({ address: devnet.round, fromBlock: 0n }),
        });
        const calls = Map.groupBy(logs, ({ transactionHash }) => transactionHash);
        const receipts = await Promise.all(
          [...calls.keys()].map((hash) => chain.read.getTransactionReceipt({ hash })),
        );
        times.push({
          workers,
          folds,
          seconds: ((ended - begun) * FASTER) / 1000,
          calls: calls.size,
          mostTogether: Math.max(...[...calls.values()].map((together) => together.length)),
          gasPerMessage: Math.round(
            receipts.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0) / donors,
          ),
        });
        say(`${workers} workers: ${folds} folds in ${calls.size} calls`);
      } finally {
        clearInterval(mining);
        await database.close();
        await request("evm_setAutomine", [true]);
        await request("evm_revert", [snapshot]);
      }
    }
    return times;
  } finally {
    await chain.close();
  }
}

/** So many workers, each with one proof in so many seconds. */
function timedProver(width: number, seconds: number): Prover {
  const free = Array.from({ length: width }, () => Promise.resolve());
  let next = 0;
  return simulatedProver(width, () => {
    const worker = next++ % width;
    const done = (free[worker] as Promise<void>).then(
      () => new Promise<void>((resolve) => setTimeout(resolve, (seconds / FASTER) * 1000)),
    );
    free[worker] = done;
    return done;
  });
}
