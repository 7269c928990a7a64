import {
  concatHex,
  encodeAbiParameters,
  keccak256,
  numberToHex,
  pad,
  size,
  slice,
  type Address,
  type Hex,
} from "viem";
import type { ReadClient } from "../../../src/chain/client.ts";
import { trustedKeys } from "../../../src/verify/trusted_keys.ts";
import { openArtifacts } from "../../../src/proofs/artifacts.ts";
import { verifyRound, type VerificationReport } from "../../../src/verify/verify_round.ts";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";
import { CONTRACTS, type Setup } from "../../contracts/support/round.ts";
import { findPlace } from "../../contracts/support/storage.ts";

export const word = (x: bigint): Hex => numberToHex(x, { size: 32 });

/** Where Solidity keeps the value of one of the round's mappings. */
export const findSlot = (
  type: "address" | "uint64",
  key: Address | bigint,
  mapping: "_donors" | "_sponsors",
): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type }, { type: "uint256" }] as never,
      [key, findPlace("Round", mapping).slot] as never,
    ),
  );

export type Seed = {
  readonly storage?: readonly (readonly [slot: Hex, value: Hex])[];
  readonly logs?: readonly { readonly topics: readonly Hex[]; readonly data: Hex }[];
};

/** Init code that writes storage and emits events of its author's choice, then returns exactly this runtime code. */
export function preseeding(runtime: Hex, { storage = [], logs = [] }: Seed): Hex {
  const push32 = (value: Hex): Hex => concatHex(["0x7f", pad(value, { size: 32 })]);
  const stores = storage.flatMap(([slot, value]) => [push32(value), push32(slot), "0x55"] as Hex[]);
  const emits = logs.flatMap(
    ({ topics, data }) =>
      [
        ...Array.from(
          { length: size(data) / 32 },
          (_, i) =>
            [
              push32(slice(data, 32 * i, 32 * i + 32)),
              push32(word(BigInt(32 * i))),
              "0x52",
            ] as Hex[],
        ).flat(),
        ...[...topics].reverse().map(push32),
        push32(word(BigInt(size(data)))),
        "0x5f",
        numberToHex(0xa0 + topics.length, { size: 1 }),
      ] as Hex[],
  );
  const head = concatHex(["0x", ...stores, ...emits]);
  const length = numberToHex(size(runtime), { size: 2 });
  const tail = (offset: number): Hex =>
    concatHex([
      "0x61",
      length,
      "0x61",
      numberToHex(offset, { size: 2 }),
      "0x5f",
      "0x39",
      "0x61",
      length,
      "0x5f",
      "0xf3",
    ]);
  return concatHex([head, tail(size(head) + size(tail(0))), runtime]);
}

/** A round with the genuine one's code byte for byte, but made by such init code. Its donors have approved it. */
export async function counterfeit(setup: Setup, seed: Seed, runtime?: Hex): Promise<Setup> {
  const { publicClient, organiser, viem, token } = setup;
  const code = runtime ?? ((await publicClient.getCode({ address: setup.round.address })) as Hex);
  const hash = await organiser.sendTransaction({ data: preseeding(code, seed), gas: 15_000_000n });
  const address = (await publicClient.waitForTransactionReceipt({ hash }))
    .contractAddress as Address;
  for (const { account } of [
    setup.sponsor,
    setup.secondSponsor,
    setup.alice,
    setup.bob,
    setup.carol,
  ])
    await token.write.approve([address, 10n ** 30n], { account });
  return { ...setup, round: await viem.getContractAt("IRound", address) };
}

/** What `tacit verify` says of the round. */
export async function verified({ publicClient, round }: Setup): Promise<VerificationReport> {
  const artifacts = await openArtifacts(fromRoot("build"));
  return verifyRound({
    client: publicClient as unknown as ReadClient,
    round: round.address,
    contracts: CONTRACTS,
    keys: (index) => trustedKeys(artifacts, index),
  });
}
