import { FOLD_SIZES } from "../../src/params.ts";
import { BUILD, fromRoot } from "./paths.ts";

/** One circuit to compile, and where its artifacts lie. */
export type Circuit = {
  readonly name: string;
  /** Contract name of its verifier. */
  readonly verifier: string;
  /** Rows of a fold. */
  readonly rows?: number;
  /** Constraints and public signals must fit a domain of 2^power. */
  readonly power?: number;
  /** Whether the symbol table is kept; it is large, and only tests and debugging read it. */
  readonly symbols: boolean;
};

/** Largest first: the longest pole is started at once. */
export const CIRCUITS: readonly Circuit[] = [
  ...FOLD_SIZES.toReversed().map(({ name, rows, power }) => ({
    name: `fold_${name}`,
    verifier: `FoldVerifier${name[0]?.toUpperCase()}${name.slice(1)}`,
    rows,
    power,
    symbols: power <= 16,
  })),
  { name: "close", verifier: "CloseVerifier", symbols: true },
];

export function mainFile(circuit: Circuit): string {
  return fromRoot("circuits", "generated", `${circuit.name}.circom`);
}

/** Files of a circuit. Development keys bear `.dev.` in their names: whoever knows how they were made forges proofs. */
export function artifactFiles(name: string) {
  return {
    r1cs: `${BUILD}/circuits/${name}.r1cs`,
    wasm: `${BUILD}/circuits/${name}.wasm`,
    sym: `${BUILD}/circuits/${name}.sym`,
    zkey: `${BUILD}/keys/${name}.dev.zkey`,
    vkey: `${BUILD}/keys/${name}.dev.vkey.json`,
  };
}

export function verifierFile(circuit: Circuit): string {
  return fromRoot("contracts", "generated", `${circuit.verifier}.sol`);
}
