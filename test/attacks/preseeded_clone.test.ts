import { numberToHex, pad } from "viem";
import { afterAll, expect, it } from "vitest";
import type { ReadClient } from "../../src/chain/client.ts";
import { ForeignRoundError, readConfig } from "../../src/chain/provenance.ts";
import { releaseProver } from "../../src/proofs/prove.ts";
import { CONTRACTS, roundFixture, type Setup } from "../contracts/support/round.ts";
import {
  atTime,
  balance,
  claim,
  contribute,
  finalize,
  funded,
  RESULTS,
} from "../contracts/support/steps.ts";
import { counterfeit, findSlot, verified, word } from "./support/preseeded.ts";

/*
 * The attack: init code that writes storage of its author's choice and then returns exactly the code of a clone, with the genuine
 * implementation, verifiers, gate, registry, token and rule. Code at an address says nothing of how it came there.
 */
const load = roundFixture();
const readBack = ({ publicClient, round }: Setup) =>
  readConfig(publicClient as unknown as ReadClient, round.address, CONTRACTS);

afterAll(releaseProver);

it("PROV-2 P6 a round whose init code gave a thief a sponsor's share is not verified, before and after he took the surplus", async () => {
  const honest = await load();
  const thief = honest.stranger.account.address;
  const setup = await counterfeit(honest, {
    storage: [[findSlot("address", thief, "_sponsors"), word(100_000n)]],
  });
  expect(await setup.round.read.sponsors([thief])).toBe(100_000n); // nobody ever funded this
  await funded(setup, 60_000n, 40_000n);
  await finalize(setup, RESULTS);
  const only = [{ id: "PROV-2", ok: false }];
  expect(await verified(setup)).toMatchObject({ ok: false, results: [], checks: only });

  await setup.round.write.refundSponsor([thief]);
  expect(await balance(setup, thief)).toBe(72_000n); // so the contract pays, and honest sponsors get nothing: nobody may be led to it
  for (const place of [0, 1, 2]) await claim(setup, RESULTS, place);
  expect(await verified(setup)).toMatchObject({ ok: false, results: [], checks: only });
  await expect(readBack(setup)).rejects.toThrow(ForeignRoundError);
});

it("PROV-2 P5 neither is one with a made-up donor and a notice of cancelling, and no command or page opens it", async () => {
  const honest = await load();
  const thief = honest.stranger.account.address;
  const donor = pad(numberToHex((50n << 160n) | BigInt(thief)), { size: 32 });
  const setup = await counterfeit(honest, {
    storage: [
      [findSlot("uint64", 7n, "_donors"), donor],
      [word(3n), word(1n)],
    ],
  });
  await atTime(setup, setup.start);
  await contribute(setup, setup.alice, 1, 30n);
  await contribute(setup, setup.bob, 2, 20n);
  await setup.round.write.cancel({ account: setup.organiser.account }); // without notice
  await setup.round.write.refund([7n]);
  expect(await balance(setup, thief)).toBe(50n * setup.settings.unit);
  await expect(readBack(setup)).rejects.toThrow(/storage/);
});

it("PROV-2 the genuine round opens, with what its factory was given", async () => {
  const setup = await load();
  expect(await readBack(setup)).toMatchObject({
    unit: setup.settings.unit,
    start: setup.start,
    end: setup.end,
    factory: CONTRACTS.factory,
    context: await setup.round.read.context(),
  });
});
