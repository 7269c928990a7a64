import { parseEventLogs } from "viem";
import { iRoundFactoryAbi } from "../../../src/chain/generated/abis.ts";
import type { Deployment } from "../../../src/chain/deploy.ts";
import type { DevnetChain } from "../../../src/devnet/chain.ts";

/** Every round that the sandbox's factory has made, with its settings. */
export async function readRounds({
  chain,
  deployment,
}: {
  readonly chain: DevnetChain;
  readonly deployment: Deployment;
}) {
  const logs = await chain.read.getLogs({ address: deployment.factory, fromBlock: 0n });
  return parseEventLogs({ abi: iRoundFactoryAbi, eventName: "RoundCreated", logs }).map(
    ({ args }) => args,
  );
}
