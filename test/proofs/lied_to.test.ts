import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import {
  circuitArtifacts,
  openArtifacts,
  type CircuitArtifacts,
} from "../../src/proofs/artifacts.ts";
import { ProverFailedError, ProverPool } from "../../src/proofs/pool.ts";
import {
  calculateWitness,
  ProofRejectedError,
  releaseProver,
  requireValid,
} from "../../src/proofs/prove.ts";
import { readZkey, createSource } from "../../src/proofs/wasm/files.ts";
import { proveGroth16 } from "../../src/proofs/wasm/groth16.ts";
import { Kernels } from "../../src/proofs/wasm/kernels.ts";
import { verifyProof } from "../../src/proofs/verify.ts";
import { seeded } from "../helpers/seeded.ts";
import { circuitInputs } from "./wasm/support.ts";

// A prover that is killed, starved or lied to gives an error or makes the proof again. It never gives out a proof that does not verify, and what it is asked for next it does.

const inputs = await circuitInputs();
const random = seeded("lies");
let circuit: CircuitArtifacts;
let small: CircuitArtifacts;
let folder: string;

beforeAll(async () => {
  const artifacts = await openArtifacts(fromRoot("build"));
  [circuit, small] = [
    await circuitArtifacts(artifacts, "close"),
    await circuitArtifacts(artifacts, "fold_small"),
  ];
  folder = mkdtempSync(path.join(tmpdir(), "tacit-lied-to-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await releaseProver();
});

const closing = () => inputs.get("close") as never;
const childProcesses = () =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
const poolWorkers = () =>
  childProcesses().filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pool_worker"),
  );

async function withPool(
  work: (pool: ProverPool, notices: readonly string[]) => Promise<void>,
  onNotice?: () => void,
): Promise<void> {
  const notices: string[] = [];
  const pool = new ProverPool({
    workers: 1,
    prover: "wasm",
    onNotice: (text) => {
      notices.push(text);
      onNotice?.();
    },
  });
  try {
    await work(pool, notices);
  } finally {
    await pool.close();
  }
}

/** A copy of the key with one bit turned in a section of points that count. */
function wrongKey(name: string): CircuitArtifacts {
  const key = readFileSync(circuit.zkey);
  const { a, h } = readZkey(createSource(key));
  for (const offset of [a + 64 * 3, h + 64 * 7]) key[offset] = (key[offset] as number) ^ 1;
  const zkey = path.join(folder, name);
  writeFileSync(zkey, key);
  return { ...circuit, zkey };
}

describe("wrong bytes in the proving key", () => {
  test("never give a proof; the same pool goes on with the right key", async () => {
    await withPool(async (pool, notices) => {
      await expect(pool.prove(wrongKey("wrong.zkey"), closing())).rejects.toThrow(
        ProofRejectedError,
      );
      expect(notices).toEqual([
        expect.stringMatching(/did not verify and is made again by snarkjs/),
      ]);
      const { proof, signals } = await pool.prove(circuit, closing());
      expect(await verifyProof(circuit.vkey, signals, proof)).toBe(true);
    });
  });

  test("while one prover reads and not while the other does: the other's proof is given", async () => {
    const wrong = wrongKey("mended.zkey");
    await withPool(
      async (pool) => {
        const { proof, signals } = await pool.prove(wrong, closing());
        expect(await verifyProof(circuit.vkey, signals, proof)).toBe(true);
      },
      () => copyFileSync(circuit.zkey, wrong.zkey),
    );
  });

  test("that make it no key, or point outside of memory, are told as such", async () => {
    const key = readFileSync(circuit.zkey);
    const { coefficients } = readZkey(createSource(key));
    const cut = path.join(folder, "cut.zkey");
    const outside = path.join(folder, "outside.zkey");
    writeFileSync(cut, key.subarray(0, key.length - 1));
    key.writeUInt32LE(0xffff_ffff, coefficients.offset + 44 * 5 + 8);
    writeFileSync(outside, key);
    await withPool(async (pool) => {
      await expect(pool.prove({ ...circuit, zkey: cut }, closing())).rejects.toThrow(
        /The proving key cannot be used: it ends too early/,
      );
      await expect(pool.prove({ ...circuit, zkey: outside }, closing())).rejects.toThrow(
        ProverFailedError,
      );
      await pool.prove(circuit, closing());
    });
  });
});

test("wrong values in the witness never give a proof that verifies", async () => {
  const kernels = new Kernels();
  const [key, witness] = [readFileSync(circuit.zkey), await calculateWitness(circuit, closing())];
  for (let i = 0; i < 12; i++) {
    const wrong = witness.slice();
    const at = 76 + 32 * (1 + random.index((wrong.length - 76) / 32 - 1));
    wrong[at] = (wrong[at] as number) ^ (1 << random.index(8));
    await expect(
      requireValid(circuit, proveGroth16(kernels, createSource(key), wrong)),
    ).rejects.toThrow(ProofRejectedError);
  }
});

test("wrong bytes in memory, at any time, give an error, a proof that is refused, or one that verifies all the same", async () => {
  const [key, witness] = [readFileSync(circuit.zkey), await calculateWitness(circuit, closing())];
  const right = proveGroth16(new Kernels(), createSource(key), witness).signals;
  const outcomes = { error: 0, refused: 0, valid: 0 };
  for (let i = 0; i < 40; i++) {
    const kernels = new Kernels();
    let reads = 0;
    const at = random.index(20);
    const source = {
      size: key.length,
      read(target: Uint8Array, offset: number) {
        target.set(key.subarray(offset, offset + target.length));
        // Tens of bytes anywhere above the code's constants, points and scalars among them.
        if (reads++ === at)
          for (let n = 0; n < 64; n++)
            kernels.bytes[16_384 + random.index(kernels.bytes.length - 16_384)] = random.index(256);
      },
    };
    try {
      const proved = proveGroth16(kernels, source, witness);
      const valid = await verifyProof(circuit.vkey, proved.signals, proved.proof);
      outcomes[valid ? "valid" : "refused"]++;
      if (valid) expect(proved.signals).toEqual(right);
    } catch {
      outcomes.error++;
    }
  }
  expect(outcomes.refused).toBeGreaterThan(5);
});

test("a worker that is killed whenever it appears: an error that says so, and the next proof is made", async () => {
  await withPool(async (pool) => {
    const killer = setInterval(
      () => poolWorkers().forEach((pid) => process.kill(pid, "SIGKILL")),
      20,
    );
    await expect(pool.prove(circuit, closing())).rejects.toThrow(
      /a worker ended with SIGKILL, 3 times/,
    );
    clearInterval(killer);
    await pool.prove(circuit, closing());
  });
});

test("workers with 256 MB less than they need: an error that speaks of memory, and the next proof is made", async () => {
  const fold = inputs.get("fold_small") as never;
  let needed = 0;
  await withPool(async (pool) => {
    await pool.prove(small, fold);
    needed =
      Number(
        /VmData:\s+(\d+) kB/.exec(readFileSync(`/proc/${poolWorkers()[0]}/status`, "utf8"))?.[1],
      ) * 1024;
  });
  await withPool(async (pool) => {
    // A worker that has ended since it was listed cannot be limited.
    const limiter = setInterval(
      () =>
        poolWorkers().forEach((pid) =>
          spawnSync("prlimit", ["--pid", String(pid), `--data=${needed - 256e6}`]),
        ),
      20,
    );
    await expect(pool.prove(small, fold)).rejects.toThrow(/Check the machine's memory/);
    clearInterval(limiter);
    await pool.close();
  });
  await withPool(async (pool) => {
    const { proof, signals } = await pool.prove(small, fold);
    expect(await verifyProof(small.vkey, signals, proof)).toBe(true);
  });
});
