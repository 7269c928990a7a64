import { concatHex, size, slice, type Hex } from "viem";
import { expect, it } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { trustedKeys } from "../../src/cli/input/trusted_keys.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { releaseProver } from "../../src/proofs/prove.ts";
import type { ReadClient } from "../../src/chain/client.ts";
import { verifyRound } from "../../src/verify/verify_round.ts";
import { provedRound, readyToClose } from "./support/proved_round.ts";

/*
 * The attack: a contract that is not this project's round, but shows the same views and events, honest proofs included. Everything that
 * can be recomputed from logs is right, and the money goes where its author likes. So the verification must look at the code.
 */
it("PHASE-9 P6 a counterfeit round with honest events and proofs is not verified", async () => {
  const proved = await provedRound();
  const { setup } = proved;
  const calls = await readyToClose(proved);
  await calls.close();
  const client = setup.publicClient as unknown as ReadClient;
  const artifacts = await openArtifacts(fromRoot("build"));
  const failed = async () => {
    const { checks } = await verifyRound({ client, round: setup.round.address, keys: (index) => trustedKeys(artifacts, index) });
    return checks.filter(({ ok }) => !ok).map(({ id }) => id);
  };
  expect(await failed()).toEqual([]);

  const setCode = async (address: Hex, code: Hex) => setup.provider.request({ method: "hardhat_setCode", params: [address, code] });
  const clone = (await client.getCode({ address: setup.round.address })) as Hex;
  const original = (await client.getCode({ address: setup.implementation.address })) as Hex;

  // The implementation changed in one byte that no call reaches: an unused one behind its end.
  await setCode(setup.implementation.address, concatHex([original, "0x00"]));
  expect(await failed()).toEqual(["PHASE-9 code"]);
  await setCode(setup.implementation.address, original);

  // The same code at another address believes to be a round of its own.
  const elsewhere = "0x00000000000000000000000000000000000e15e0";
  await setCode(elsewhere, original);
  await setCode(setup.round.address, concatHex([slice(clone, 0, 10), elsewhere, slice(clone, 30)]));
  expect(await failed()).toEqual(["PHASE-9 code"]);

  // No clone at all: the implementation's code with the arguments where it looks for them is not one either.
  await setCode(setup.round.address, concatHex([slice(clone, 0, 44), "0x00", slice(clone, 45, size(clone))]));
  await expect(failed()).rejects.toThrow();
  await releaseProver();
});
