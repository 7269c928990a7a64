import { network } from "hardhat";
import { afterAll, describe, expect, it } from "vitest";
import type { WriteClient } from "../../src/chain/client.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { DEPLOYER } from "../../src/chain/create2.ts";
import { deployAll, deployAllowListGate, NoDeployerError } from "../../src/chain/deploy.ts";
import { DeploymentFailedError } from "../../src/chain/deploy_parts.ts";
import { startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";

const chains: DevnetChain[] = [];
const start = async () => {
  const chain = await startDevnetChain();
  chains.push(chain);
  return chain;
};
afterAll(async () => {
  for (const chain of chains) await chain.close();
});

describe("deploying a version", () => {
  it("PROV-1 puts it at the same addresses on every chain, whoever deploys, and only once", async () => {
    const { factory, openGate, documents, payoutRules, closeVerifier } = locateContracts(BUILT);
    const deployed: string[] = [];
    for (const name of ["ana", "ben"]) {
      const client = await (await start()).as(name);
      if (name === "ben")
        await (client.read as unknown as { request: (args: object) => Promise<unknown> }).request({
          method: "evm_mine",
        }); // another history
      expect(await deployAll(client, (_, address) => deployed.push(address))).toEqual({
        chainId: 31337,
        factory,
        openGate,
        documents,
        payoutRules,
      });
      const blocks = await client.read.getBlockNumber();
      expect(await deployAll(client)).toMatchObject({ factory });
      expect(await client.read.getBlockNumber()).toBe(blocks);
      expect(await deployAllowListGate(client, `0x${"05".repeat(32)}`)).toBe(
        await deployAllowListGate(client, `0x${"05".repeat(32)}`),
      );
    }
    expect(deployed.slice(0, 9)).toEqual(deployed.slice(9));
    expect(new Set(deployed).size).toBe(9);
    expect(deployed).toContain(closeVerifier);
  });

  it("PROV-1 other verifiers are another factory", () => {
    const factories = [
      BUILT,
      { ...BUILT, small: BUILT.large },
      { ...BUILT, large: BUILT.small },
      { ...BUILT, close: BUILT.small },
    ].map((verifiers) => locateContracts(verifiers).factory);
    expect(new Set(factories).size).toBe(4);
  });

  it("PROV-6 development verifiers are known as such, one among others too", () => {
    const others = { small: "0x01", large: "0x02", close: "0x03" } as const;
    expect(locateContracts(others).development).toBe(false);
    for (const name of ["small", "large", "close"] as const)
      expect(locateContracts({ ...others, [name]: BUILT[name] }).development).toBe(true);
  });

  it("says what is missing where a node takes no transaction without chain id, and where a constructor refuses", async () => {
    const client = await (await start()).as("ana");
    const strict = {
      ...client,
      read: {
        ...client.read,
        sendRawTransaction: async () =>
          Promise.reject(new Error("only replay-protected transactions allowed over RPC")),
      },
    } as unknown as WriteClient;
    await expect(deployAll(strict)).rejects.toThrow(NoDeployerError);
    await expect(deployAll(strict)).rejects.toThrow(DEPLOYER);

    const { viem } = await network.create({ override: { chainId: 10 } });
    const [wallet] = await viem.getWalletClients();
    const real = {
      read: await viem.getPublicClient(),
      wallet,
      chainId: 10,
    } as unknown as WriteClient;
    await expect(deployAll(real)).rejects.toThrow(DeploymentFailedError); // development verifiers
  });
});
