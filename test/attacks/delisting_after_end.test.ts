import { expect, it } from "vitest";
import { expectRevert } from "../contracts/support/reverts.ts";
import { makeRecipient, roundFixture } from "../contracts/support/round.ts";
import { balance, claim, finalize, funded, RESULTS } from "../contracts/support/steps.ts";

/*
 * The attack: the registry's owner sees who won and delists a project, adds one with a payout address of the owner's, or has a project
 * approved late, so that money goes elsewhere than donors were told.
 */
it("PHASE-9 REG-2 nothing about projects changes from end on", async () => {
  const setup = await roundFixture()();
  const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
  await funded(setup, 1_000n, 0n);
  await registry.write.submit([makeRecipient(99), "late"]);
  await registry.write.delist([3n]); // before end this is the owner's right, for all to see
  await setup.helpers.time.increaseTo(setup.end);
  const frozen = async () => {
    await expectRevert(registry.write.delist([0n]), "Frozen");
    await expectRevert(registry.write.approve([[0n]]), "Frozen");
    await expectRevert(registry.write.addProjects([[makeRecipient(98)], ["x"]]), "Frozen");
    await expectRevert(registry.write.submit([makeRecipient(97), "x"]), "Frozen");
    await expectRevert(registry.write.setMatchRecipients([[0n], [makeRecipient(96)]]), "Frozen");
  };
  await frozen();
  await setup.helpers.time.increaseTo(setup.end + 1n);
  await finalize({ ...setup, end: setup.end + 1_000n }, RESULTS);
  await frozen();
  await claim(setup, RESULTS, 0);
  expect(await balance(setup, makeRecipient(0))).toBeGreaterThan(0n);
});

it("MONEY-5 documented: without sharing, votes for a project delisted before end go to remainderTo, not to another project", async () => {
  const setup = await roundFixture()();
  const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
  await funded(setup, 0n, 0n);
  await registry.write.delist([0n]);
  await finalize(setup, RESULTS);
  await expectRevert(claim(setup, RESULTS, 0), "NotClaimable", [0]);
  await setup.round.write.claimRemainder();
  expect(await balance(setup, setup.remainder.account.address)).toBe(
    (50n - 13n) * setup.settings.unit,
  ); // 17 unspent, 20 for project 0
});
