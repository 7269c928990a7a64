import type { Address } from "viem";
import { contribute } from "../../../src/chain/contribute.ts";
import { publishBatch } from "../../../src/chain/publish.ts";
import { readProgress } from "../../../src/chain/round.ts";
import { approve } from "../../../src/chain/token.ts";
import { devnetAddress, type DevnetChain } from "../../../src/devnet/chain.ts";
import { deriveTag } from "../../../src/protocol/context.ts";
import { generateKeyPair } from "../../../src/protocol/key.ts";
import { createMessages } from "../../../src/protocol/message.ts";
import { readRoundConfig } from "./site.ts";

/** Somebody gives to an open round with money, without the page. */
export async function giveBeside(
  chain: DevnetChain,
  { round, by, votes }: { round: Address; by: string; votes: ReadonlyMap<number, bigint> },
): Promise<void> {
  const config = await readRoundConfig(chain, round);
  const [donor, payer, signer] = [await chain.as(by), devnetAddress(by), generateKeyPair()];
  const messages = createMessages({
    ctx: config.context,
    coordinatorKey: { x: config.coordinatorKeyX, y: config.coordinatorKeyY },
    tag: deriveTag(payer, signer.publicKey),
    signer,
    newKey: generateKeyPair().publicKey,
    ballot: new Map(votes),
    itemsSeen: (await readProgress(chain.read, round)).items,
  });
  await publishBatch(donor, { round, messages: [...messages], messageFee: 0n });
  const credits = [...votes.values()].reduce((sum, v) => sum + v * v, 0n);
  const amount = credits * config.unit;
  await approve(donor, { token: config.token, spender: round, amount });
  await contribute(donor, { round, key: signer.publicKey, amount, gateData: "0x" });
}
