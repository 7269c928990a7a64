import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createHash } from "node:crypto";
import { network } from "hardhat";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { artifactFiles } from "../../scripts/pipeline/circuits.ts";
import { UnsafeKeyError, verificationKey } from "../../src/proofs/artifacts.ts";
import { DEVELOPMENT_CHAINS } from "../../src/chain/development.ts";

/*
 * The attack: a round deployed on a real chain with keys whose trapdoor everybody knows, or with gamma = delta, so that any result can be
 * proved; and a tool that finds nothing wrong with it. (test/contracts makes such proofs all the time: scripts/keys/simulate.ts.) That
 * every command refuses them: development_commands.test.ts.
 */
describe("development keys on a real chain", () => {
  const VERIFIERS = ["FoldVerifierSmall", "FoldVerifierLarge", "CloseVerifier"] as const;

  it.each([1, 10, 137, 42161])(
    "P1 their verifiers cannot be deployed on chain %i",
    async (chainId) => {
      const { viem } = await network.create({ override: { chainId } });
      for (const name of VERIFIERS)
        await expect(viem.deployContract(name as "CloseVerifier")).rejects.toThrow(
          /DevelopmentKey/,
        );
    },
  );

  it.each(DEVELOPMENT_CHAINS)("but can on chain %i", async (chainId) => {
    const { viem } = await network.create({ override: { chainId } });
    for (const name of VERIFIERS) await viem.deployContract(name as "CloseVerifier");
  });
});

describe("a key with gamma = delta", () => {
  it("P1 is refused when it is loaded, whatever the manifest says", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "tacit-gamma-"));
    try {
      const key = JSON.parse(await readFile(artifactFiles("close").vkey, "utf8")) as {
        vk_gamma_2: unknown;
        vk_delta_2: unknown;
      };
      const file = JSON.stringify({ ...key, vk_delta_2: key.vk_gamma_2 });
      writeFileSync(path.join(folder, "close.vkey.json"), file);
      const vkey = {
        file: "close.vkey.json",
        sha256: createHash("sha256").update(file).digest("hex"),
      };
      const manifest = {
        version: 1,
        circuits: {
          close: {
            development: false,
            constraints: 1,
            publicSignals: 13,
            wasm: vkey,
            zkey: vkey,
            vkey,
          },
        },
      } as const;
      await expect(verificationKey({ folder, manifest }, "close")).rejects.toThrow(UnsafeKeyError);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
