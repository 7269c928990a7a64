import { zeroAddress } from "viem";
import { describe, expect, it } from "vitest";
import { UNACCEPTABLE } from "../helpers/points.ts";
import { P } from "./support/reference.ts";
import { expectRevert } from "./support/reverts.ts";
import { COORDINATOR_KEY, roundFixture } from "./support/round.ts";

describe("the factory", () => {
  const load = roundFixture();
  const SALT = `0x${"01".repeat(32)}` as const;
  const NOBODY = "0x00000000000000000000000000000000000000aa";

  it("PHASE-9 makes a round whose settings and verifiers stand in its code", async () => {
    const setup = await load();
    const { factory, round, settings, foldVerifier, closeVerifier, viem } = setup;
    const config = await round.read.config();
    for (const [name, value] of Object.entries(settings)) {
      const found = config[name as keyof typeof config];
      expect(typeof found === "string" ? found.toLowerCase() : found, name).toBe(
        typeof value === "string" ? value.toLowerCase() : value,
      );
    }
    expect((await round.read.verifiers()).map((address) => address.toLowerCase())).toEqual(
      [foldVerifier.address, closeVerifier.address].map((a) => a.toLowerCase()),
    );

    const large = { ...settings, size: 1 };
    const address = await factory.read.predictRound([large, SALT]);
    await factory.write.createRound([large, SALT]);
    const other = await viem.getContractAt("IRound", address);
    expect((await other.read.verifiers())[0].toLowerCase()).toBe(
      (await factory.read.foldVerifiers([1n])).toLowerCase(),
    );
    await expect(factory.write.createRound([large, SALT])).rejects.toThrow();
  });

  it("PHASE-9 tells of every round with its settings", async () => {
    const { factory, publicClient, settings } = await load();
    await factory.write.createRound([settings, SALT]);
    const [event] = await publicClient.getContractEvents({
      address: factory.address,
      abi: factory.abi,
      eventName: "RoundCreated",
      fromBlock: "latest",
    });
    expect(event?.args.round).toBe(await factory.read.predictRound([settings, SALT]));
    expect(event?.args.config).toMatchObject({ unit: settings.unit, end: settings.end });
  });

  it("KEY-3 KEY-1 refuses an unacceptable coordinator's key", async () => {
    const { factory, settings } = await load();
    for (const point of [
      ...UNACCEPTABLE.map(({ point }) => point),
      { x: COORDINATOR_KEY.x + P, y: COORDINATOR_KEY.y },
    ]) {
      await expectRevert(
        factory.write.createRound([
          { ...settings, coordinatorKeyX: point.x, coordinatorKeyY: point.y },
          SALT,
        ]),
        "UnacceptableCoordinatorKey",
        [point.x, point.y],
      );
    }
  });

  it("PHASE-2 PHASE-3 PARAM-5 refuses settings that are 0 and must not be", async () => {
    const { factory, settings } = await load();
    const attempt = (changes: Partial<typeof settings>) =>
      factory.write.createRound([{ ...settings, ...changes }, SALT]);
    for (const name of ["unit", "minContribution", "minTopUp"] as const)
      await expectRevert(attempt({ [name]: 0n }), "ZeroSetting", [name]);
    await expectRevert(attempt({ tallyBase: 0 }), "ZeroSetting", ["tallyBase"]);
    for (const name of ["organiser", "coordinator", "remainderTo"] as const)
      await expectRevert(attempt({ [name]: zeroAddress }), "ZeroAddress", [name]);
    for (const name of ["gate", "registry", "token", "payoutRule"] as const)
      await expectRevert(attempt({ [name]: NOBODY }), "NotAContract", [name, NOBODY]);
    await expectRevert(attempt({ size: 2 }), "UnknownSize", [2, 2]);
  });

  it("PHASE-2 PHASE-9 refuses times out of order and a registry that freezes after end", async () => {
    const { factory, settings, helpers, viem, deployer } = await load();
    const attempt = (changes: Partial<typeof settings>) =>
      factory.write.createRound([{ ...settings, ...changes }, SALT]);
    await expectRevert(attempt({ start: settings.end }), "WrongTimes");
    const late = await viem.deployContract("ProjectRegistry", [
      deployer.account.address,
      settings.end + 1n,
      0n,
    ]);
    await expectRevert(attempt({ registry: late.address }), "RegistryFreezesTooLate", [
      settings.end + 1n,
      settings.end,
    ]);
    await helpers.time.setNextBlockTimestamp(settings.end);
    await expectRevert(attempt({}), "WrongTimes", [settings.end, settings.start, settings.end]);
    await helpers.time.setNextBlockTimestamp(settings.end - 1n);
    await attempt({});
  });

  it("PHASE-10 refuses a guardian without a window, a window without a guardian, and a coordinator that would judge its own tally", async () => {
    const { factory, settings, guardian, organiser, coordinator } = await load();
    const attempt = (changes: Partial<typeof settings>) =>
      factory.write.createRound([{ ...settings, ...changes }, SALT]);
    const { address } = guardian.account;
    await expectRevert(attempt({ guardian: address }), "GuardianWindowConflict", [address, 0]);
    await expectRevert(attempt({ disputeWindow: 1 }), "GuardianWindowConflict", [zeroAddress, 1]);
    await expectRevert(
      attempt({ guardian: coordinator.account.address, disputeWindow: 1 }),
      "GuardianIsCoordinator",
      [coordinator.account.address],
    );
    await attempt({ guardian: organiser.account.address, disputeWindow: 1 });
    await attempt({ guardian: address, disputeWindow: 2 ** 32 - 1 });
  });

  it("PHASE-6 refuses a latest deadline before the shortest", async () => {
    const { factory, settings } = await load();
    const attempt = (tallyMost: number) =>
      factory.write.createRound([{ ...settings, tallyMost }, SALT]);
    await expectRevert(attempt(settings.tallyBase - 1), "TallyMostTooShort", [
      settings.tallyBase - 1,
      settings.tallyBase,
    ]);
    await attempt(settings.tallyBase);
  });

  it("MONEY-9 refuses signs with money, and fee or payout rule without", async () => {
    const { factory, settings } = await load();
    const attempt = (changes: Partial<typeof settings>) =>
      factory.write.createRound([{ ...settings, ...changes }, SALT]);
    const without = {
      token: zeroAddress,
      poolToken: zeroAddress,
      payoutRule: zeroAddress,
      coordinatorFee: 0n,
    } as const;
    await expectRevert(attempt({ allowSigns: true }), "MoneySettingsConflict");
    await expectRevert(attempt({ payoutRule: zeroAddress }), "MoneySettingsConflict");
    await expectRevert(attempt({ poolToken: zeroAddress }), "MoneySettingsConflict");
    await expectRevert(attempt({ poolToken: NOBODY }), "NotAContract", ["poolToken", NOBODY]);
    await expectRevert(attempt({ ...without, coordinatorFee: 1n }), "MoneySettingsConflict");
    for (const [i, changes] of [
      { ...without, allowSigns: true },
      without,
      { token: zeroAddress, allowSigns: true },
      { poolToken: zeroAddress, payoutRule: zeroAddress },
    ].entries())
      await attempt({ ...changes, minTopUp: BigInt(i + 2) });
  });

  it("REG-2 makes registries", async () => {
    const { factory, viem, publicClient, organiser } = await load();
    await factory.write.createRegistry([organiser.account.address, 5_000_000_000n]);
    const [event] = await publicClient.getContractEvents({
      address: factory.address,
      abi: factory.abi,
      eventName: "RegistryCreated",
      fromBlock: "latest",
    });
    const registry = await viem.getContractAt(
      "ProjectRegistry",
      event?.args.registry ?? zeroAddress,
    );
    expect((await registry.read.owner()).toLowerCase()).toBe(organiser.account.address);
    expect(await registry.read.freezeTime()).toBe(5_000_000_000n);
  });

  it("PHASE-9 refuses to be made of addresses without code", async () => {
    const { viem, implementation, closeVerifier, foldVerifier } = await load();
    await expect(
      viem.deployContract("RoundFactory", [NOBODY, closeVerifier.address, [foldVerifier.address]]),
    ).rejects.toThrow(/NotAContract/);
    await expect(
      viem.deployContract("RoundFactory", [implementation.address, NOBODY, [foldVerifier.address]]),
    ).rejects.toThrow(/NotAContract/);
    await expect(
      viem.deployContract("RoundFactory", [
        implementation.address,
        closeVerifier.address,
        [NOBODY],
      ]),
    ).rejects.toThrow(/NotAContract/);
  });
});
