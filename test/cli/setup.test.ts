import {
  appendFile,
  copyFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
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
import {
  circuitArtifacts,
  openArtifacts,
  requireKeysFor,
  verificationKey,
  verifierBytecode,
  verifierContractName,
} from "../../src/proofs/artifacts.ts";
import { fromSnarkjs } from "../../src/proofs/proof.ts";
import { releaseProver } from "../../src/proofs/prove.ts";
import { tacit } from "../helpers/cli.ts";

const SOURCE = "hash of Ethereum block 24000000";
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

/** A small circuit under the names of all three, and powers of tau of our own for it, by snarkjs itself: everything after that is the real way. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tacit-ceremony-"));
  await compileCircuit({
    name: "tiny",
    main: fromRoot("test/fixtures/circuits/tiny.circom"),
    to: folder,
    symbols: false,
  });
  const curve = await snarkjs.curves.getCurveFromName("bn128");
  await snarkjs.powersOfTau.newAccumulator(curve, 4, at("0.ptau"));
  await snarkjs.powersOfTau.contribute(at("0.ptau"), at("1.ptau"), "test", "not random");
  await snarkjs.powersOfTau.preparePhase2(at("1.ptau"), at("final.ptau"));
  ptauHash = createHash("blake2b512")
    .update(await readFile(at("final.ptau")))
    .digest("hex");
  const file = async (name: string) => ({ file: name, sha256: await hashFile(at(name)) });
  const r1cs = await file("tiny.r1cs");
  const circuit = {
    development: true,
    constraints: 2,
    publicSignals: 2,
    r1cs,
    wasm: await file("tiny.wasm"),
    zkey: r1cs,
    vkey: r1cs,
  };
  await writeFile(
    at("manifest.json"),
    JSON.stringify({
      version: 1,
      circuits: { close: circuit, fold_small: circuit, fold_large: circuit },
    }),
  );
});
afterAll(async () => {
  await releaseProver();
  await rm(folder, { recursive: true, force: true });
});

const common = () => ["--ptau", at("final.ptau"), "--ptau-hash", ptauHash];
const NAMES = ["close", "fold_small", "fold_large"] as const;
const circuits = (zkey: string, ...others: string[]) =>
  NAMES.flatMap((name, i) => ["--circuit", `${name}=${at(others[i - 1] ?? zkey)}`]);
const finish = (...args: string[]) => ["finish", ...common(), "--artifacts", folder, ...args];
const verify = (zkey: string, ...more: string[]) => [
  "verify",
  ...common(),
  "--r1cs",
  at("tiny.r1cs"),
  "--zkey",
  at(zkey),
  ...more,
];
/** Refused for this reason, with nothing written, aside or in place. */
async function refuse(args: readonly string[], reason: RegExp): Promise<void> {
  const { code, out, err } = await setup(...args);
  expect([code, out, err], args.join(" ")).toEqual([1, "", expect.stringMatching(reason)]);
  expect((await readdir(folder)).filter((name) => name.startsWith("keys"))).toEqual([]);
}
/** A copy of a key with some bytes of its last step changed: `from` counts from the end of the file. */
async function changed(
  zkey: string,
  name: string,
  from: number,
  bytes: readonly number[],
): Promise<string> {
  const content = await readFile(at(zkey));
  content.set(bytes, content.length - from);
  await writeFile(at(name), content);
  return name;
}

describe("a ceremony", () => {
  test("starts from public powers of tau, or from a hash that is given", async () => {
    const unknown = await setup(
      "start",
      "--ptau",
      at("final.ptau"),
      "--r1cs",
      at("tiny.r1cs"),
      "--out",
      at("0.zkey"),
    );
    expect([unknown.code, unknown.err]).toEqual([
      1,
      expect.stringContaining("is not one of the public powers-of-tau files"),
    ]);
    const other = await setup(
      "start",
      "--ptau",
      at("final.ptau"),
      "--ptau-hash",
      "00",
      "--r1cs",
      at("tiny.r1cs"),
      "--out",
      at("0.zkey"),
    );
    expect(other.code).toBe(1);
    await ok("start", ...common(), "--r1cs", at("tiny.r1cs"), "--out", at("0.zkey"));
  });

  test("goes through two contributors to a beacon, and lists them with kind and hash, and the beacon with value, iterations and source", async () => {
    const findHash = (out: string) => /^[0-9a-f]{128}$/m.exec(out)?.[0] as string;
    const ada = findHash(
      await ok("contribute", "--in", at("0.zkey"), "--out", at("1.zkey"), "--name", "Ada"),
    );
    const bob = findHash(
      await ok("contribute", "--in", at("1.zkey"), "--out", at("2.zkey"), "--name", "Bob"),
    );
    const beacon = (value: string, source: string) =>
      setup(
        "beacon",
        "--in",
        at("2.zkey"),
        "--out",
        at("3.zkey"),
        "--value",
        value,
        "--source",
        source,
      );
    expect((await beacon("1234", SOURCE)).err).toContain("is not a beacon value");
    for (const source of ["", "x".repeat(65), "a\u001b[2Jb"])
      expect((await beacon(BEACON, source)).err).toContain("cannot stand in a key as a source");
    const last = findHash((await beacon(BEACON, SOURCE)).out);
    const report = await ok(...verify("3.zkey"));
    expect(report).toContain(
      [
        "Steps, in order:",
        '  1. contribution, named "Ada"',
        `     hash    ${ada}`,
        '  2. contribution, named "Bob"',
        `     hash    ${bob}`,
        "  3. beacon",
        `     hash    ${last}`,
        `     value   ${BEACON}, 1024 iterations`,
        `     source  "${SOURCE}", as the organiser says`,
      ].join("\n"),
    );
    expect(report).toContain("It is final");
    expect(report).toContain(`sha256 ${await hashFile(at("3.zkey"))}`);
    expect(report).toContain(
      `blake2b-512 ${ptauHash} (the hash that you gave; not one of the public files known here)`,
    );
    expect(await ok(...verify("1.zkey"))).toContain("it is not final");
    expect(await ok(...verify("0.zkey"))).toContain(
      "There is no contribution yet: anybody can forge",
    );
    expect(JSON.parse(await ok(...verify("3.zkey", "--json")))).toEqual({
      powersOfTau: ptauHash,
      r1cs: await hashFile(at("tiny.r1cs")),
      zkey: await hashFile(at("3.zkey")),
      contributions: [
        { place: 1, kind: "contribution", name: "Ada", hash: ada },
        { place: 2, kind: "contribution", name: "Bob", hash: bob },
        { place: 3, kind: "beacon", name: SOURCE, hash: last, value: BEACON, iterationsPower: 10 },
      ],
    });
  });

  test("knows a beacon by its type: a contribution named so is none, and a beacon in the middle does not end anything", async () => {
    await ok("contribute", "--in", at("2.zkey"), "--out", at("named.zkey"), "--name", "beacon");
    expect(await ok(...verify("named.zkey"))).toMatch(
      /3\. contribution, named "beacon"\n[^]*it is not final/,
    );
    await refuse(
      finish("--out", at("keys"), ...circuits("named.zkey")),
      /does not end with a beacon/,
    );
    await ok("contribute", "--in", at("3.zkey"), "--out", at("after.zkey"), "--name", "Late");
    expect(await ok(...verify("after.zkey"))).toContain("it is not final");
    await refuse(
      finish("--out", at("keys"), ...circuits("after.zkey")),
      /does not end with a beacon/,
    );
    await ok(
      "beacon",
      "--in",
      at("after.zkey"),
      "--out",
      at("twice.zkey"),
      "--value",
      BEACON,
      "--source",
      SOURCE,
    );
    await refuse(
      finish("--out", at("keys"), ...circuits("twice.zkey")),
      /has more than one beacon/,
    );
    await ok(
      "beacon",
      "--in",
      at("1.zkey"),
      "--out",
      at("alone.zkey"),
      "--value",
      BEACON,
      "--source",
      SOURCE,
    );
    await refuse(
      finish("--out", at("keys"), ...circuits("alone.zkey")),
      /1 contributions; 2 are asked for/,
    );
  });

  test("is not fooled by a file: types, parameters and names that say what is not so", async () => {
    // The last step ends with: type, length of parameters, 1, length of name, name, 2, power, 3, 32, value.
    const [power, type] = [35, 35 + 1 + SOURCE.length + 2 + 8];
    await refuse(
      verify(await changed("3.zkey", "contribution.zkey", type, [0])),
      /step 3 is neither a contribution nor a beacon/,
    );
    await refuse(
      verify(await changed("3.zkey", "other.zkey", type, [2])),
      /step 3 is neither a contribution nor a beacon/,
    );
    await refuse(verify(await changed("3.zkey", "value.zkey", 1, [0xff])), /is not a key of/);
    await refuse(
      verify(await changed("3.zkey", "slow.zkey", power, [63])),
      /more than 2\^20 iterations/,
    );
    await refuse(
      verify(await changed("3.zkey", "length.zkey", type - 4, [200])),
      /transcript is cut off/,
    );
    await writeFile(at("short.zkey"), (await readFile(at("3.zkey"))).subarray(0, -1));
    await refuse(verify("short.zkey"), /is cut off/);
    await writeFile(at("text.zkey"), "no key");
    await refuse(verify("text.zkey"), /is not a key with a transcript/);
    await snarkjs.zKey.contribute(
      at("2.zkey"),
      at("name.zkey"),
      'E"\n  4. beacon\u001b[2A\u202e',
      "not random",
    );
    const report = await ok(...verify("name.zkey"));
    expect(report).not.toMatch(/[^\P{C}\n]/u);
    expect(report.split("\n").filter((line) => /^ {2}\d\. /.test(line))).toHaveLength(3);
  });

  test("refuses keys without contributions (gamma = delta), with too few, without beacon, of another circuit, and changed ones", async () => {
    const out = ["--out", at("keys")];
    await refuse(
      finish(...out, ...circuits("0.zkey")),
      /0 contributions; 2 are asked for|is not a key of/,
    );
    await refuse(finish(...out, ...circuits("1.zkey")), /1 contributions; 2 are asked for/);
    await refuse(finish(...out, ...circuits("2.zkey")), /does not end with a beacon/);
    await refuse(
      finish(...out, ...circuits("3.zkey"), "--contributions", "3"),
      /2 contributions; 3 are asked for/,
    );
    const bytes = await readFile(at("3.zkey"));
    bytes[bytes.length - 300] = (bytes[bytes.length - 300] as number) ^ 1;
    await writeFile(at("changed.zkey"), bytes);
    await refuse(finish(...out, ...circuits("changed.zkey")), /is not a key of/);
    await refuse(
      finish(...out, ...circuits("3.zkey", "3.zkey", "2.zkey")),
      /2.zkey does not end with a beacon/,
    );
  });

  test("is finished with all circuits or not at all, from the build as it was made", async () => {
    const out = ["--out", at("keys")];
    const one = (name: string) => ["--circuit", `${name}=${at("3.zkey")}`];
    await refuse(finish(...out, ...one("close")), /No key is given for fold_small and fold_large/);
    await refuse(
      finish(...out, ...one("close"), ...one("fold_small")),
      /No key is given for fold_large/,
    );
    await refuse(
      finish(...out, ...circuits("3.zkey"), ...one("close")),
      /Two keys are given for circuit close/,
    );
    await refuse(finish(...out, ...circuits("3.zkey"), ...one("open")), /no circuit "open"/);
    for (const file of ["tiny.wasm", "tiny.r1cs"]) {
      const before = await readFile(at(file));
      await writeFile(at(file), Buffer.concat([before, Buffer.of(0)]));
      await refuse(finish(...out, ...circuits("3.zkey")), /is not the one that the manifest names/);
      await writeFile(at(file), before);
    }
  });

  test("ends with a folder that proves, verifies, deploys on a real chain, and is known by its hashes", async () => {
    expect(await ok(...finish("--out", at("keys"), ...circuits("3.zkey")))).toMatch(
      /manifest.json has SHA-256 [0-9a-f]{64}/,
    );
    expect((await setup(...finish("--out", at("keys"), ...circuits("3.zkey")))).err).toContain(
      "exists and is not overwritten",
    );
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
    const abi = [
      {
        type: "function",
        name: "verifyProof",
        stateMutability: "view",
        outputs: [{ type: "bool" }],
        inputs: [
          { type: "uint256[2]" },
          { type: "uint256[2][2]" },
          { type: "uint256[2]" },
          { type: "uint256[2]" },
        ],
      },
    ] as const;
    const check = (signals: readonly string[]) =>
      client.readContract({
        address: contractAddress!,
        abi,
        functionName: "verifyProof",
        args: [a, b, c, signals.map(BigInt) as unknown as readonly [bigint, bigint]],
      });
    expect(await check(publicSignals)).toBe(true);
    expect(await check(["46", "3"])).toBe(false);

    const transcript = JSON.parse(await readFile(at("keys/ceremony.json"), "utf8")) as {
      powersOfTau: string;
      circuits: Record<string, { contributions: { kind: string; name: string }[] }>;
    };
    expect([transcript.powersOfTau, Object.keys(transcript.circuits).sort()]).toEqual([
      ptauHash,
      [...NAMES].sort(),
    ]);
    for (const name of NAMES)
      expect(
        transcript.circuits[name]?.contributions.map(({ kind, name: label }) => `${kind} ${label}`),
      ).toEqual(["contribution Ada", "contribution Bob", `beacon ${SOURCE}`]);
    expect(made.manifest.ceremony?.sha256).toBe(await hashFile(at("keys/ceremony.json")));
  });

  test("can be audited by a stranger: the published folder is made anew from its keys, and whatever differs is named", async () => {
    const audit = (...more: string[]) =>
      setup("audit", ...common(), "--artifacts", folder, "--keys", at("keys"), ...more);
    const honest = await audit();
    expect([honest.code, honest.err]).toEqual([0, ""]);
    expect(honest.out).toMatch(
      /fold_large\n[^]*1\. contribution, named "Ada"\n[^]*is what its keys, these powers of tau and your build come to\./,
    );
    expect(JSON.parse((await audit("--json")).out)).toMatchObject({
      ok: true,
      differences: [],
      powersOfTau: ptauHash,
    });
    await cp(at("keys"), at("honest"), { recursive: true });
    const files = (await readdir(at("honest"))).filter((file) => !file.endsWith(".zkey")); // keys are what all the rest is made from
    for (const file of files) await appendFile(at(`keys/${file}`), "\n");
    const { code, out } = await audit();
    expect(code).toBe(3);
    for (const file of files)
      expect(out).toContain(`${file}: is another one than what the keys come to`);
    await rm(at("keys"), { recursive: true });
    await cp(at("honest"), at("keys"), { recursive: true });
    await writeFile(at("keys/more"), "");
    await rm(at("keys/close.vkey.json"));
    expect((await audit()).out).toMatch(
      /close.vkey.json: is missing\n +more: does not belong there/,
    );
    await rm(at("keys/more"));
    await copyFile(at("honest/close.vkey.json"), at("keys/close.vkey.json"));
    // A key with a contribution more, or with one fewer, is another one: the transcript does not follow.
    await copyFile(at("twice.zkey"), at("keys/close.zkey"));
    expect((await audit()).err).toContain("has more than one beacon");
    await copyFile(at("honest/close.zkey"), at("keys/close.zkey"));
    expect((await audit()).code).toBe(0);
    await writeFile(at("keys/close.vkey.json"), "{}");
    await expect(verificationKey(await openArtifacts(at("keys")), "close")).rejects.toThrow(
      "not the one that the manifest names",
    );
  });
});

describe("reproducible builds", () => {
  test("a verifier compiled here has the code that the build's compiler gives it, for every circuit", async () => {
    for (const name of ["fold_small", "close"]) {
      const contract = verifierContractName(name);
      const source = await readFile(fromRoot("contracts", "generated", `${contract}.sol`), "utf8");
      const built = JSON.parse(
        await readFile(
          fromRoot("artifacts", "contracts", "generated", `${contract}.sol`, `${contract}.json`),
          "utf8",
        ),
      ) as { bytecode: string; deployedBytecode: string };
      const { bytecode, deployedBytecode } = await compileVerifier(contract, source);
      expect([bytecode, deployedBytecode], contract).toEqual([
        built.bytecode,
        built.deployedBytecode,
      ]);
    }
  });

  test("a circuit compiled twice has the same constraints and the same witness calculator", async () => {
    const again = path.join(folder, "again");
    await compileCircuit({
      name: "tiny",
      main: fromRoot("test/fixtures/circuits/tiny.circom"),
      to: again,
      symbols: false,
    });
    for (const file of ["tiny.r1cs", "tiny.wasm"])
      expect(await hashFile(path.join(again, file))).toBe(await hashFile(at(file)));
  });
});
