import {
  concatHex,
  ContractFunctionRevertedError,
  encodeErrorResult,
  getAddress,
  numberToHex,
  parseAbi,
  zeroAddress,
  zeroHash,
  type Address,
} from "viem";
import { describe, expect, it } from "vitest";
import type { ReadClient, WriteClient } from "../../src/chain/client.ts";
import { create2Address, DEPLOYER, SALT } from "../../src/chain/create2.ts";
import { deployGate, deployOptimisticRegistry, deployPayoutRule } from "../../src/chain/deploy.ts";
import { gateInitCode, readParts } from "../../src/chain/parts.ts";
import { readConfig, type RoundConfig } from "../../src/chain/provenance.ts";
import { readEditors } from "../../src/chain/editors.ts";
import { listLimits } from "../../src/verify/limits.ts";
import { CONTRACTS, roundFixture, type Setup } from "../contracts/support/round.ts";

const ROOT = numberToHex(5n, { size: 32 });
const load = roundFixture({ gate: { allowList: ROOT }, payout: { paySurplus: true } });
const toReadClient = ({ publicClient }: Setup) => publicClient as unknown as ReadClient;
const readRoundParts = async (setup: Setup, change: Partial<RoundConfig> = {}) => {
  const config = {
    ...(await readConfig(toReadClient(setup), setup.round.address, CONTRACTS)),
    ...change,
  };
  const parts = await readParts(toReadClient(setup), config, CONTRACTS);
  const { kind } = parts.registry;
  const editors =
    kind === "owned" ? await readEditors(toReadClient(setup), config.registry) : undefined;
  return { parts, text: listLimits(config, parts, CONTRACTS, { editors }).join("\n") };
};

describe("what is established of a round's parts", () => {
  it("PROV-3 PROV-4 PROV-5 of this version's: the list's root, the first owner and freeze time, the rule", async () => {
    const setup = await load();
    const { parts, text } = await readRoundParts(setup);
    expect(parts).toEqual({
      gate: {
        kind: "clauses",
        exactCredits: 0n,
        clauses: [[{ id: "merkle", settings: [ROOT], checker: expect.any(String) as string }]],
      },
      registry: { kind: "owned", owner: expect.any(String) as string, freezeTime: setup.end },
      payoutRule: { kind: "known", id: "quadratic", args: [true] },
    });
    expect(text).toContain(ROOT);
    expect(text).not.toContain("may change");
    expect(text).toContain("its makers may be able to stop transfers");
  });

  it("PROV-3 GATE-3 a gate of several clauses and checkers, with equal credits; of its checkers and ways nothing more is claimed", async () => {
    const setup = await load();
    const { publicClient, deployer } = setup;
    const writer = {
      read: publicClient,
      wallet: deployer,
      chainId: 31337,
    } as unknown as WriteClient;
    const other = numberToHex(6n, { size: 32 });
    const [a, b] = [ROOT, other].map((root) => ({ id: "merkle", settings: [root] }));
    if (a === undefined || b === undefined) throw new Error("two lists");
    const clauses = [[a, b], [b], [a, a, b, b]];
    const gate = await deployGate(writer, { clauses, exactCredits: 100n });
    expect(await deployGate(writer, { clauses, exactCredits: 100n })).toBe(gate);
    const { parts, text } = await readRoundParts(setup, { gate });
    expect(parts.gate).toMatchObject({ kind: "clauses", exactCredits: 100n, clauses });
    for (const words of [ROOT, other, "by several of the gate's 3 ways"])
      expect(text.split(words)).toHaveLength(2);
    const readWays = async (count: number) => {
      const some = await deployGate(writer, { clauses: clauses.slice(0, count) });
      return /by several of the gate's \d+ ways/.exec(
        (await readRoundParts(setup, { gate: some })).text,
      )?.[0];
    };
    expect([await readWays(1), await readWays(2)]).toEqual([
      undefined,
      "by several of the gate's 2 ways",
    ]);
    await expect(deployGate(writer, { clauses: [[{ id: "toy", settings: [] }]] })).rejects.toThrow(
      'no checker "toy"',
    );
  });

  it("PROV-4 still after the registry has another owner, and for each of an owner's registries", async () => {
    const setup = await load();
    const registry = await setup.viem.getContractAt("ProjectRegistry", setup.registry.address);
    await registry.write.transferOwnership([setup.stranger.account.address]);
    const { parts, text } = await readRoundParts(setup);
    expect(parts.registry).toMatchObject({ kind: "owned" });
    const [first, later] = [setup.deployer, setup.stranger].map(({ account }) =>
      getAddress(account.address),
    );
    expect(text).toContain(
      `before the freeze at second ${setup.end} these could add and withdraw them, and nobody could since: ${first} (earlier owner or editor), ${later} (owner)`,
    );
    for (let number = 1; number < 3; number++) {
      await setup.factory.write.createRegistry([setup.deployer.account.address, setup.end]);
      const [event] = await setup.publicClient.getContractEvents({
        address: setup.factory.address,
        abi: setup.factory.abi,
        eventName: "RegistryCreated",
        fromBlock: "latest",
      });
      expect(event?.args.number).toBe(BigInt(number));
      expect(
        (await readRoundParts(setup, { registry: event?.args.registry ?? zeroAddress })).parts
          .registry,
      ).toMatchObject({ kind: "owned" });
    }
  });

  it("PROV-4 REG-3 of a registry in which silence accepts, by its settings; of the same code elsewhere nothing", async () => {
    const setup = await load();
    const { publicClient, deployer, end, viem } = setup;
    const writer = {
      read: publicClient,
      wallet: deployer,
      chainId: 31337,
    } as unknown as WriteClient;
    const settings = {
      arbiter: deployer.account.address,
      bond: 5n,
      freezeTime: end,
      challengePeriod: 1n,
      rulingPeriod: 2n,
      acceptPeriod: 3n,
      mostOpen: 4n,
      payeeSetter: zeroAddress,
      nonce: ROOT,
    };
    const registry = await deployOptimisticRegistry(writer, settings);
    const { parts, text } = await readRoundParts(setup, { registry });
    expect(parts.registry).toEqual({
      kind: "optimistic",
      ...settings,
      arbiter: getAddress(settings.arbiter),
    });
    expect(text).toContain(`nobody challenged them in time, or the arbiter`);
    expect(await deployOptimisticRegistry(writer, { ...settings, nonce: zeroHash })).not.toBe(
      registry,
    );
    const { address } = await viem.deployContract("OptimisticRegistry", [settings]);
    const copied = await readRoundParts(setup, { registry: address });
    expect(copied.parts.registry).toEqual({ kind: "foreign" });
    expect(copied.text).toContain(`the registry ${address}`);
  });

  it("PROV-6 of the same code at another address, and of other code: nothing, in plain words", async () => {
    const setup = await load();
    const { viem, deployer, end } = setup;
    const [[checker]] = (await (
      await viem.getContractAt("Gate", setup.gate.address)
    ).read.clauses()) as [[Address]];
    const own = async (clauses: Address[][], exactCredits: bigint) => {
      const init = gateInitCode(CONTRACTS.creationCode.gate, clauses, exactCredits);
      await deployer.sendTransaction({ to: DEPLOYER, data: concatHex([SALT, init]) });
      return { address: create2Address(init) };
    };
    const copied = await viem.deployContract("MerkleChecker", [ROOT]);
    const toy = await viem.deployContract("ToyChecker", [[]]);
    const gates = [
      await viem.deployContract("Gate", [[[checker]], 0n]),
      await viem.deployContract("OpenGate"),
      await viem.deployContract("ReentrantGate"),
      await own([[copied.address]], 0n),
      await own([[checker], [checker, copied.address]], 0n),
      await own([[checker, toy.address]], 0n),
    ];
    for (const { address } of gates) {
      const { parts, text } = await readRoundParts(setup, { gate: address });
      expect(parts.gate).toEqual({ kind: "foreign" });
      expect(text.toLowerCase()).toContain(
        `the gate ${address.toLowerCase()}: it is none of this version's`,
      );
    }
    const registries = [
      await viem.deployContract("ProjectRegistry", [deployer.account.address, end, 0n]),
      await viem.deployContract("HostileRegistry"),
    ];
    for (const { address } of registries)
      expect((await readRoundParts(setup, { registry: address })).parts.registry).toEqual({
        kind: "foreign",
      });
    const rules = [
      await viem.deployContract("QuadraticPayout", [true]),
      await viem.deployContract("HostilePayout"),
    ];
    for (const { address } of rules) {
      const { parts, text } = await readRoundParts(setup, { payoutRule: address });
      expect(parts.payoutRule).toEqual({ kind: "foreign" });
      expect(text).toContain("its answers were taken as they are");
    }
    expect(
      (
        await readRoundParts(setup, {
          payoutRule: zeroAddress,
          token: zeroAddress,
          poolToken: zeroAddress,
        })
      ).text,
    ).not.toMatch(/rule|token/);
  });

  it("PROV-5 a rule that says it is of a kind and has other arguments than its address, or none that the kind can have", async () => {
    const setup = await load();
    const writer = {
      read: setup.publicClient,
      wallet: setup.deployer,
      chainId: 31337,
    } as unknown as WriteClient;
    const args = [500n, 7n, 2n, 0n, true];
    const genuine = await deployPayoutRule(writer, { id: "capped", args });
    expect((await readRoundParts(setup, { payoutRule: genuine })).parts.payoutRule).toEqual({
      kind: "known",
      id: "capped",
      args,
    });
    const elsewhere = await setup.viem.deployContract("CappedPayout", [500, 7n, 2, 0, true]);
    expect(
      (await readRoundParts(setup, { payoutRule: elsewhere.address })).parts.payoutRule,
    ).toEqual({
      kind: "foreign",
    });
    const config = await readConfig(toReadClient(setup), setup.round.address, CONTRACTS);
    for (const told of [501n, 1n << 200n]) {
      const lying = {
        ...toReadClient(setup),
        readContract: async (call: { functionName: string }) =>
          call.functionName === "capBps" ? told : setup.publicClient.readContract(call as never),
      } as unknown as ReadClient;
      expect(
        (await readParts(lying, { ...config, payoutRule: genuine }, CONTRACTS)).payoutRule,
      ).toEqual({ kind: "foreign" });
    }
  });

  it("PROV-6 a node that does not answer is not taken for a foreign part", async () => {
    const setup = await load();
    const silent = {
      ...toReadClient(setup),
      readContract: async () => Promise.reject(new Error("HTTP request failed.")),
    } as unknown as ReadClient;
    const config = await readConfig(toReadClient(setup), setup.round.address, CONTRACTS);
    await expect(readParts(silent, config, CONTRACTS)).rejects.toThrow("HTTP request failed");
  });

  it("PROV-6 a contract that gives a silent node's words as its reason is foreign all the same", async () => {
    const setup = await load();
    const abi = parseAbi(["error Error(string)"]);
    const data = encodeErrorResult({ abi, errorName: "Error", args: ["HTTP request failed."] });
    const mute = {
      ...toReadClient(setup),
      readContract: async () =>
        Promise.reject(new ContractFunctionRevertedError({ abi, data, functionName: "clauses" })),
    } as unknown as ReadClient;
    const config = await readConfig(toReadClient(setup), setup.round.address, CONTRACTS);
    expect(await readParts(mute, config, CONTRACTS)).toMatchObject({
      gate: { kind: "foreign" },
      registry: { kind: "foreign" },
    });
  });
});
