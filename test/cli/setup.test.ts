import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { network } from "hardhat";
import * as snarkjs from "snarkjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileCircuit } from "../../scripts/compile-circuits.ts";
import { hashFile } from "../../scripts/pipeline/hash.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { closeVerifierAbi } from "../../src/chain/generated/abis.ts";
import { compileVerifier } from "../../src/cli/compile_verifier.ts";
import { circuitArtifacts, openArtifacts, requireKeysFor, verificationKey, verifierBytecode, verifierContractOf } from "../../src/proofs/artifacts.ts";
import { fromSnarkjs } from "../../src/proofs/proof.ts";
import { releaseProver } from "../../src/proofs/prove.ts";
import { tacit } from "../helpers/cli.ts";

const BEACON = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

let folder: string;
let ptauHash: string;
const at = (name: string) => path.join(folder, name);
const setup = async (...args: string[]) => tacit(["setup", ...args]);
const ok = async (...args: string[]) => {
  const result = await setup(...args);
  expect(result.err + (result.code === 0 ? "" : result.out), args.join(" ")).toBe("");
  return result.out;
};

/** A small circuit under the name "close", and powers of tau of our own for it, by snarkjs itself: everything after that is the real way. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tacit-ceremony-"));
  await compileCircuit({ name: "tiny", main: fromRoot("test/fixtures/circuits/tiny.circom"), to: folder, symbols: false });
  const curve = await snarkjs.curves.getCurveFromName("bn128");
  await snarkjs.powersOfTau.newAccumulator(curve, 4, at("0.ptau"));
  await snarkjs.powersOfTau.contribute(at("0.ptau"), at("1.ptau"), "test", "not random");
  await snarkjs.powersOfTau.preparePhase2(at("1.ptau"), at("final.ptau"));
  ptauHash = createHash("blake2b512").update(await readFile(at("final.ptau"))).digest("hex");
  const file = async (name: string) => ({ file: name, sha256: await hashFile(at(name)) });
  const r1cs = await file("tiny.r1cs");
  const circuit = { development: true, constraints: 2, publicSignals: 2, r1cs, wasm: await file("tiny.wasm"), zkey: r1cs, vkey: r1cs };
  await writeFile(at("manifest.json"), JSON.stringify({ version: 1, circuits: { close: circuit } }));
});
afterAll(async () => {
  await releaseProver();
  await rm(folder, { recursive: true, force: true });
});

const common = () => ["--ptau", at("final.ptau"), "--ptau-hash", ptauHash];
const keys = () => ["finish", ...common(), "--artifacts", folder, "--out", at("keys")];

describe("a ceremony", () => {
  test("starts from public powers of tau, or from a hash that is given", async () => {
    const unknown = await setup("start", "--ptau", at("final.ptau"), "--r1cs", at("tiny.r1cs"), "--out", at("0.zkey"));
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("is not one of the public powers-of-tau files")]);
    const other = await setup("start", "--ptau", at("final.ptau"), "--ptau-hash", "00", "--r1cs", at("tiny.r1cs"), "--out", at("0.zkey"));
    expect(other.code).toBe(1);
    await ok("start", ...common(), "--r1cs", at("tiny.r1cs"), "--out", at("0.zkey"));
  });

  test("goes through two contributors to a beacon, and lists them", async () => {
    expect(await ok("contribute", "--in", at("0.zkey"), "--out", at("1.zkey"), "--name", "Ada")).toMatch(/[0-9a-f]{128}/);
    await ok("contribute", "--in", at("1.zkey"), "--out", at("2.zkey"), "--name", "Bob");
    expect((await setup("beacon", "--in", at("2.zkey"), "--out", at("3.zkey"), "--value", "1234")).err).toContain("is not a beacon value");
    await ok("beacon", "--in", at("2.zkey"), "--out", at("3.zkey"), "--value", BEACON);
    const report = await ok("verify", ...common(), "--r1cs", at("tiny.r1cs"), "--zkey", at("3.zkey"));
    expect(report).toMatch(/1\. Ada\n {2}2\. Bob\n {2}3\. beacon\nIt is final\./);
    expect(await ok("verify", ...common(), "--r1cs", at("tiny.r1cs"), "--zkey", at("1.zkey"))).toContain("It has no beacon yet.");
  });

  test("refuses keys without contributions (gamma = delta), with too few, without beacon, of another circuit, and changed ones", async () => {
    const refuse = async (zkey: string, reason: RegExp, ...more: string[]) => {
      const { code, err } = await setup(...keys(), "--circuit", `close=${at(zkey)}`, ...more);
      expect([code, err]).toEqual([1, expect.stringMatching(reason)]);
    };
    await refuse("0.zkey", /0 contributions; 2 are asked for|is not a key of/);
    await refuse("1.zkey", /1 contributions; 2 are asked for/);
    await refuse("2.zkey", /does not end with a beacon/);
    await refuse("3.zkey", /2 contributions; 3 are asked for/, "--contributions", "3");
    const bytes = await readFile(at("3.zkey"));
    bytes[bytes.length - 300] = (bytes[bytes.length - 300] as number) ^ 1;
    await writeFile(at("changed.zkey"), bytes);
    await refuse("changed.zkey", /is not a key of/);
    expect((await setup(...keys(), "--circuit", `open=${at("3.zkey")}`)).err).toContain('no circuit "open"');
  });

  test("ends with a folder that proves, verifies, deploys on a real chain, and is known by its hashes", async () => {
    expect(await ok(...keys(), "--circuit", `close=${at("3.zkey")}`)).toMatch(/manifest.json has SHA-256 [0-9a-f]{64}/);
    const made = await openArtifacts(at("keys"));
    requireKeysFor(made, 1);
    const { wasm, zkey, vkey } = await circuitArtifacts(made, "close");
    const { proof, publicSignals } = await snarkjs.groth16.fullProve({ a: 3, b: 5 }, wasm, zkey);
    expect(await snarkjs.groth16.verify(vkey, publicSignals, proof)).toBe(true);

    const { bytecode } = (await verifierBytecode(made, "close")) as { bytecode: `0x${string}` };
    const { viem } = await network.create({ override: { chainId: 1 } });
    const [wallet] = await viem.getWalletClients();
    const client = await viem.getPublicClient();
    const hash = await wallet!.deployContract({ abi: closeVerifierAbi, bytecode, args: [] });
    const { contractAddress } = await client.waitForTransactionReceipt({ hash });
    const { a, b, c } = fromSnarkjs(proof);
    const abi = [{ type: "function", name: "verifyProof", stateMutability: "view", outputs: [{ type: "bool" }], inputs: [{ type: "uint256[2]" }, { type: "uint256[2][2]" }, { type: "uint256[2]" }, { type: "uint256[2]" }] }] as const;
    const check = (signals: readonly string[]) => client.readContract({ address: contractAddress!, abi, functionName: "verifyProof", args: [a, b, c, signals.map(BigInt) as unknown as readonly [bigint, bigint]] });
    expect(await check(publicSignals)).toBe(true);
    expect(await check(["46", "3"])).toBe(false);

    await writeFile(at("keys/close.vkey.json"), "{}");
    await expect(verificationKey(made, "close")).rejects.toThrow("not the one that the manifest names");
  });
});

describe("reproducible builds", () => {
  test("a verifier compiled here has the code that the build's compiler gives it, for every circuit", async () => {
    for (const name of ["fold_small", "close"]) {
      const contract = verifierContractOf(name);
      const source = await readFile(fromRoot("contracts", "generated", `${contract}.sol`), "utf8");
      const built = JSON.parse(await readFile(fromRoot("artifacts", "contracts", "generated", `${contract}.sol`, `${contract}.json`), "utf8")) as { bytecode: string; deployedBytecode: string };
      const { bytecode, deployedBytecode } = await compileVerifier(contract, source);
      expect([bytecode, deployedBytecode], contract).toEqual([built.bytecode, built.deployedBytecode]);
    }
  });

  test("a circuit compiled twice has the same constraints and the same witness calculator", async () => {
    const again = path.join(folder, "again");
    await compileCircuit({ name: "tiny", main: fromRoot("test/fixtures/circuits/tiny.circom"), to: again, symbols: false });
    for (const file of ["tiny.r1cs", "tiny.wasm"]) expect(await hashFile(path.join(again, file))).toBe(await hashFile(at(file)));
  });
});
