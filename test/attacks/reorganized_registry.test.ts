import { expect, it } from "vitest";
import { zeroAddress, zeroHash, type Address } from "viem";
import { expectRevert } from "../contracts/support/reverts.ts";
import { roundFixture, type Setup } from "../contracts/support/round.ts";

async function createRegistry(
  { factory, publicClient }: Setup,
  owner: Address,
  freezeTime: bigint,
): Promise<Address> {
  await factory.write.createRegistry([owner, freezeTime]);
  const [event] = await publicClient.getContractEvents({
    address: factory.address,
    abi: factory.abi,
    eventName: "RegistryCreated",
    fromBlock: "latest",
  });
  return event?.args.registry ?? zeroAddress;
}

/*
 * The attack: an organiser makes a registry and, in the next block, a round with it. The blocks are reorganized, and a stranger's registry
 * comes first. If addresses followed the order of calls alone, the round would now have the stranger's registry: its projects and payout
 * addresses, with the organiser's name on it.
 */
it("REG-2 P5 a reorganization gives a round no stranger's registry", async () => {
  const setup = await roundFixture()();
  const { factory, helpers, organiser, stranger, settings } = setup;
  const freezeTime = settings.end;
  const before = await helpers.takeSnapshot();
  const registry = await createRegistry(setup, organiser.account.address, freezeTime);
  await before.restore();

  const strangers = await createRegistry(setup, stranger.account.address, freezeTime);
  const organisers = await createRegistry(setup, organiser.account.address, freezeTime);
  expect(new Set([registry, strangers, organisers]).size).toBe(3);
  // The transaction that the organiser signed for the history that is gone makes no round.
  await expectRevert(
    factory.write.createRound([{ ...settings, registry }, zeroHash], {
      account: organiser.account,
    }),
    "NotAContract",
    ["registry", registry],
  );
});
