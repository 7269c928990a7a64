import { bytesToHex, keccak256, toHex } from "viem";
import { adId } from "../../src/chain/billboard.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { Fp } from "../../src/crypto/field.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { chainValues, concatBytes, encodeLink, type Link } from "../../src/protocol/link.ts";
import { encodeResult, resultsFraction, resultsHash } from "../../src/transcript/results.ts";
import { simulator } from "../keys/simulate.ts";
import { createGasRound, CREDITS, PROJECTS, UNIT, type GasRound } from "./gas_round.ts";
import type { Json, Snapshot } from "./snapshot.ts";

const SALT = 0x5a5an;
const MANY = 1_000;

/** What a contract pays that asks what a vote decides, and what a minute on a billboard takes beside its price. */
async function measure(): Promise<Json> {
  return { ...(await decided(PROJECTS)), ...(await decided(MANY)), ...(await advertised()) };
}

/** One choice among so many options, all with votes; in a transaction of its own. */
async function decided(count: number): Promise<Record<string, number>> {
  const gasRound = await createGasRound("large", "open", { count });
  const entries = await finalize(gasRound, count);
  const { viem, round } = gasRound;
  const choice = {
    ...{ isNumber: false, options: [] },
    ...{ start: 0n, step: 0n, min: 0n, max: 0n },
  };
  const outcome = await viem.deployContract("QvOutcome", [[choice]]);
  const client = await viem.getPublicClient();
  const gas = await client.estimateContractGas({
    address: outcome.address,
    abi: outcome.abi,
    functionName: "outcome",
    args: [round.address, entries],
  });
  return { [`outcome${count}`]: Number(gas) };
}

/** From two contributions to the close; answers the list. */
async function finalize(gasRound: GasRound, count: number): Promise<bigint[]> {
  const { round, settings, first, second, coordinator, time } = gasRound;
  const { account } = coordinator;
  await time.increaseTo(settings.start);
  const links: Link[] = [];
  for (const [donor, secret] of [
    [first, 11n],
    [second, 12n],
  ] as const) {
    const key = multiplyBase(secret);
    await round.write.contribute([key.x, key.y, CREDITS * UNIT, "0x"], { account: donor.account });
    const tag = deriveTag(donor.account.address, key);
    links.push({ kind: "contribution", tag, key, credits: CREDITS });
  }
  await time.increaseTo(settings.end);
  const results = Array.from({ length: count }, (_, project) => ({
    project,
    votes: 1_003n * BigInt(project + 1),
    credits: 1_000_000_007n + BigInt(project),
  }));
  const entries = results.map(encodeResult);
  const [D, state] = [multiplyBase(99n).y, multiplyBase(1n).x];
  await round.write.commit([D, toHex(resultsHash(SALT, entries), { size: 32 })], { account });
  const [fold, close] = await Promise.all([simulator("fold_large"), simulator("close")]);
  await round.write.fold([fold([0n, state]), state], { account });
  await round.write.replay([
    bytesToHex(chainValues(links)[0] as Uint8Array),
    0n,
    bytesToHex(concatBytes(links.map(encodeLink))),
  ]);
  await round.write.addResults([entries, "0x"], { account });
  const progress = await round.read.tally();
  const { g, beta, theta, delta } = await round.read.challenges();
  const { num, den } = resultsFraction(results, { theta, delta });
  const acc = Fp.div(num, den);
  const signals = [
    ...[g, beta, theta, delta, settings.coordinatorKeyX, settings.coordinatorKeyY],
    ...[await round.read.context(), BigInt(count), 0n, D, progress.product, acc, state],
  ];
  await round.write.close([close(signals), acc, toHex(SALT, { size: 32 })]);
  return entries;
}

async function advertised(): Promise<Record<string, number>> {
  const { viem, round, settings, first, second, measureGas } = await createGasRound("large");
  const board = await viem.deployContract("Billboard", [
    settings.token,
    UNIT,
    settings.gate,
    round.address,
  ]);
  const token = await viem.getContractAt("TestToken", settings.token);
  for (const { account } of [first, second])
    await token.write.approve([board.address, 10n ** 40n], { account });
  const digest = keccak256("0x01");
  const uri = "https://example.org/the-poster-of-the-week";
  const billboardPost = await measureGas(board.write.post([digest, uri]));
  const buy = (donor: typeof first) =>
    measureGas(board.write.extend([adId(digest, uri), 3n, "0x"], { account: donor.account }));
  await buy(second);
  return { billboardPost, billboardFirst: await buy(first), billboardAgain: await buy(first) };
}

export const voteGas: Snapshot = { name: "vote_gas", measure, tolerance: 0.001 };
