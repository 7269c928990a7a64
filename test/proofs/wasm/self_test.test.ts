import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { circuitArtifacts, openArtifacts } from "../../../src/proofs/artifacts.ts";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";
import { circuitInputs } from "./support.ts";

beforeEach(() => void vi.resetModules());
afterEach(() => {
  vi.doUnmock("../../../src/proofs/wasm/assembler.ts");
  vi.restoreAllMocks();
});

const selfTest = async () =>
  (await import("../../../src/proofs/wasm/self_test.ts")).testedKernels();

/** Emits what an engine does whose relaxed multiply-add is a multiplication and an addition, each rounded. */
const roundTwice = () =>
  vi.doMock("../../../src/proofs/wasm/assembler.ts", async (original) => {
    const assembler = await original<typeof import("../../../src/proofs/wasm/assembler.ts")>();
    return {
      ...assembler,
      fma: (a: readonly number[], b: readonly number[], c: readonly number[]) =>
        assembler.add([...a, ...b, 0xfd, 0xf2, 0x01], c),
    };
  });

describe("the prover's test of the engine", () => {
  test("lets this one pass", async () => {
    expect(await selfTest()).not.toHaveProperty("unfit");
  });

  test("finds a multiply-add that rounds twice", async () => {
    roundTwice();
    expect(await selfTest()).toEqual({ unfit: "its relaxed multiply-add rounds twice" });
  });

  test("finds an engine that does not know the instructions", async () => {
    vi.spyOn(WebAssembly, "Module").mockImplementation(
      class {
        constructor() {
          throw new WebAssembly.CompileError("invalid simd opcode");
        }
      } as never,
    );
    expect(await selfTest()).toEqual({
      unfit: "it cannot run the prover's WebAssembly (invalid simd opcode)",
    });
  });

  test("on an unfit engine a pool says so and proves with snarkjs", async () => {
    roundTwice();
    const { ProverPool } = await import("../../../src/proofs/pool.ts");
    const { verifyProof } = await import("../../../src/proofs/verify.ts");
    const circuit = await circuitArtifacts(await openArtifacts(fromRoot("build")), "close");
    const notices: string[] = [];
    const pool = new ProverPool({
      workers: 1,
      prover: "wasm",
      onNotice: (text) => notices.push(text),
    });
    try {
      const { proof, signals } = await pool.prove(
        circuit,
        (await circuitInputs()).get("close") as never,
      );
      expect(await verifyProof(circuit.vkey, signals, proof)).toBe(true);
      expect(notices).toEqual([expect.stringMatching(/made by snarkjs.*rounds twice/)]);
    } finally {
      await pool.close();
    }
  });
});
