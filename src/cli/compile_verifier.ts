import { createRequire } from "node:module";
import type { Hex } from "viem";
import { loadOptional } from "../installation.ts";
import { CeremonyError } from "../proofs/ceremony.ts";

/** A compiled verifier as the artifacts folder keeps it. */
export type CompiledVerifier = { readonly bytecode: Hex; readonly deployedBytecode: Hex };

/** The settings of hardhat.config.ts, so that a verifier compiled here has the code that Hardhat would give it. */
const SETTINGS = {
  evmVersion: "prague",
  viaIR: true,
  optimizer: { enabled: true, runs: 200 },
  metadata: { bytecodeHash: "none" },
} as const;

type Output = {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<
    string,
    Record<string, { readonly evm: { readonly bytecode: Bytes; readonly deployedBytecode: Bytes } }>
  >;
};
type Bytes = { readonly object: string };

/** Compiles one contract without imports by the pinned compiler. @throws CeremonyError, MissingPackageError */
export async function compileVerifier(contract: string, source: string): Promise<CompiledVerifier> {
  const solc = await loadOptional(
    "Compiling a verifier",
    "solc",
    () => createRequire(import.meta.url)("solc") as { compile(input: string): string },
  );
  const input = {
    language: "Solidity",
    sources: { "verifier.sol": { content: source } },
    settings: {
      ...SETTINGS,
      outputSelection: { "*": { "*": ["evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const failed = errors
    .filter(({ severity }) => severity === "error")
    .map(({ formattedMessage }) => formattedMessage);
  const made = contracts?.["verifier.sol"]?.[contract];
  if (made === undefined || failed.length > 0)
    throw new CeremonyError(
      `The verifier ${contract} does not compile.`,
      "Install the pinned compiler: npm ci.",
      failed,
    );
  return {
    bytecode: `0x${made.evm.bytecode.object}`,
    deployedBytecode: `0x${made.evm.deployedBytecode.object}`,
  };
}
