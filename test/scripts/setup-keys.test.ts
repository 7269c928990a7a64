import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import * as snarkjs from "snarkjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileCircuit } from "../../scripts/compile-circuits.ts";
import { exportVerifier } from "../../scripts/export-verifiers.ts";
import { NotR1csError, readHeader } from "../../scripts/keys/r1cs.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { hashFile } from "../../scripts/pipeline/hash.ts";
import {
  exportVerifyingKey,
  GammaEqualsDeltaError,
  setupDevelopmentKey,
} from "../../scripts/setup-keys.ts";

let folder: string;
const at = (name: string) => path.join(folder, name);
const readKey = async () =>
  JSON.parse(await readFile(at("vkey.json"), "utf8")) as snarkjs.VerificationKey;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tacit-keys-"));
  await compileCircuit({
    name: "tiny",
    main: fromRoot("test/fixtures/circuits/tiny.circom"),
    to: folder,
    symbols: true,
  });
  await setupDevelopmentKey(at("tiny.r1cs"), at("tiny.dev.zkey"));
  await exportVerifyingKey(at("tiny.dev.zkey"), at("vkey.json"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a development key", () => {
  test("is for the circuit's constraints and signals", async () => {
    expect(await readHeader(at("tiny.r1cs"))).toEqual({
      wires: 5,
      publicSignals: 2,
      constraints: 2,
    });
    expect((await readKey()).nPublic).toBe(2);
  });

  test("proves and verifies with snarkjs, and refuses another public signal", async () => {
    const { proof, publicSignals } = await snarkjs.groth16.fullProve(
      { a: 3, b: 5 },
      at("tiny.wasm"),
      at("tiny.dev.zkey"),
    );
    expect(publicSignals).toEqual(["45", "3"]);
    const key = await readKey();
    expect(await snarkjs.groth16.verify(key, publicSignals, proof)).toBe(true);
    expect(await snarkjs.groth16.verify(key, ["46", "3"], proof)).toBe(false);
    expect(await snarkjs.groth16.verify(key, ["45", "4"], proof)).toBe(false);
  });

  test("is understood by snarkjs's own command line", async () => {
    const cli = fromRoot("node_modules/snarkjs/build/cli.cjs");
    await promisify(execFile)(process.execPath, [
      cli,
      "zkey",
      "export",
      "verificationkey",
      at("tiny.dev.zkey"),
      at("cli.json"),
    ]);
    expect(JSON.parse(await readFile(at("cli.json"), "utf8"))).toEqual(await readKey());
  });

  test("is the same on every machine", async () => {
    await setupDevelopmentKey(at("tiny.r1cs"), at("again.dev.zkey"));
    expect(await hashFile(at("again.dev.zkey"))).toBe(await hashFile(at("tiny.dev.zkey")));
    expect(await hashFile(at("tiny.dev.zkey"))).toBe(
      "54a96e4a3c5fd30f26a0cbe09bea5bef74b0468ede2301ffc5c5874c96548f95",
    );
  });

  test("has gamma and delta apart", async () => {
    const { vk_gamma_2, vk_delta_2 } = await readKey();
    expect(vk_gamma_2).not.toEqual(vk_delta_2);
  });

  test("gives a Solidity verifier under the chosen name", async () => {
    await exportVerifier(at("tiny.dev.zkey"), "TinyVerifier", at("TinyVerifier.sol"));
    const source = await readFile(at("TinyVerifier.sol"), "utf8");
    expect(source).toContain("contract TinyVerifier {");
    expect(source).toContain("uint[2] calldata _pubSignals");
    expect(source.split("\n")[0]).toBe("// SPDX-License-Identifier: GPL-3.0");
  });
});

test("a key with gamma = delta is refused", async () => {
  const zkey = await readFile(at("tiny.dev.zkey"));
  // Header section: 4 sizes and fields (72), three counts (12), alpha1, beta1 (64 each), beta2, then gamma2 (128 each), delta1, delta2.
  const header = sectionStart(zkey, 2);
  const gamma = header + 72 + 12 + 64 + 64 + 128;
  zkey.copyWithin(gamma + 128 + 64, gamma, gamma + 128);
  await writeFile(at("broken.zkey"), zkey);
  await expect(exportVerifyingKey(at("broken.zkey"), at("broken.json"))).rejects.toThrow(
    GammaEqualsDeltaError,
  );
});

test("a file that is not a constraint system is refused", async () => {
  await expect(setupDevelopmentKey(at("tiny.wasm"), at("no.dev.zkey"))).rejects.toThrow(
    NotR1csError,
  );
});

function sectionStart(zkey: Buffer, wanted: number): number {
  for (let at = 12; ; ) {
    if (zkey.readUInt32LE(at) === wanted) return at + 12;
    at += 12 + Number(zkey.readBigUInt64LE(at + 4));
  }
}
