import { readHeader } from "../keys/r1cs.ts";
import { compileCircuit } from "../compile-circuits.ts";
import { compileContracts } from "../compile-contracts.ts";
import { ABIS_FILE, BYTECODE_FILE, exportAbis } from "../export-abis.ts";
import { exportLibrary } from "../export-library.ts";
import { exportVerifier } from "../export-verifiers.ts";
import { generateParams, PARAMS_FILE } from "../generate-params.ts";
import { buildPage } from "../page/build_page.ts";
import { exportVerifyingKey, setupDevelopmentKey } from "../setup-keys.ts";
import { MANIFEST_FILE, writeManifest } from "../write-manifest.ts";
import { artifactFiles, CIRCUITS, mainFile, verifierFile, type Circuit } from "./circuits.ts";
import { closureOfCircuit, closureOfTypeScript, filesBelow } from "./imports.ts";
import { BUILD, fromRoot } from "./paths.ts";
import { runNode } from "./run.ts";
import { withProgress } from "./progress.ts";
import { outputHashes, type Step } from "./step.ts";
import { lockedVersions } from "./versions.ts";

/** The scripts that make a step are inputs of it: a changed recipe is a changed result. */
const recipe = (script: string) => closureOfTypeScript(fromRoot("scripts", script));

export const generateCircuitMains: Step = {
  name: "generate-circuits",
  inputs: () => recipe("generate-circuits.ts"),
  async run() {
    await runNode(
      "Generating circuits",
      ["scripts/generate-circuits.ts"],
      "Read the message above.",
    );
    return filesBelow(fromRoot("circuits", "generated"), ".circom");
  },
};

export const generateSolidityParams: Step = {
  name: "generate-params",
  inputs: () => recipe("generate-params.ts"),
  async run() {
    await generateParams();
    return [PARAMS_FILE];
  },
};

const label = ({ name, power }: Circuit) =>
  `circuits: ${name}${power === undefined ? "" : ` (2^${power})`}`;

export function compile(circuit: Circuit): Step {
  const { name, power, symbols } = circuit;
  return {
    name: `compile-${name}`,
    inputs: async () => [
      ...(await closureOfCircuit(mainFile(circuit))),
      ...(await recipe("compile-circuits.ts")),
    ],
    extra: async () => [
      ...lockedVersions("circom2", "circomlib"),
      `2^${power}`,
      symbols ? "--sym" : "",
    ],
    async run() {
      let files: string[] = [];
      await withProgress(label(circuit), "compiling", async () => {
        const compiled = await compileCircuit({
          name,
          main: mainFile(circuit),
          to: `${BUILD}/circuits`,
          symbols,
          power,
        });
        files = compiled.files;
        return `compiled, ${compiled.constraints.toLocaleString("en")} constraints`;
      });
      return files;
    },
  };
}

/** The proving key and everything derived from it alone. */
export function setupKey(circuit: Circuit): Step {
  const { r1cs, zkey, vkey } = artifactFiles(circuit.name);
  return {
    name: `setup-${circuit.name}`,
    inputs: async () => [
      ...(await recipe("setup-keys.ts")),
      ...(await recipe("export-verifiers.ts")),
    ],
    extra: async () => [
      ...(await outputHashes(compile(circuit))).filter((output) => output.includes(".r1cs ")),
      ...lockedVersions("snarkjs", "wasmcurves", "wasmbuilder"),
    ],
    async run() {
      const { constraints } = await readHeader(r1cs);
      const doing = `making a development key for ${constraints.toLocaleString("en")} constraints`;
      await withProgress(label(circuit).replace("circuits", "keys"), doing, async () => {
        await setupDevelopmentKey(r1cs, zkey);
        await exportVerifyingKey(zkey, vkey);
        await exportVerifier(zkey, circuit.verifier, verifierFile(circuit));
        return "development key and verifier made";
      });
      return [zkey, vkey, verifierFile(circuit)];
    },
  };
}

export const manifest: Step = {
  name: "manifest",
  inputs: () => recipe("write-manifest.ts"),
  extra: () => outputHashes(...CIRCUITS.map(compile), ...CIRCUITS.map(setupKey)),
  async run() {
    await writeManifest();
    return [MANIFEST_FILE];
  },
};

/** What contracts are compiled from, beside their sources. */
const contractInputs = async () => [
  ...(await recipe("compile-contracts.ts")),
  fromRoot("hardhat.config.ts"),
];
const contractVersions = async () => lockedVersions("hardhat", "solc", "@openzeppelin/contracts");
const isVerifier = (file: string) => CIRCUITS.some((circuit) => verifierFile(circuit) === file);

/**
 * Compiles all contracts but the verifiers while the keys are being made; Hardhat keeps what it compiled, so that
 * `contracts` has only the verifiers left to do.
 */
export const contractsBeforeVerifiers: Step = {
  name: "contracts-before-verifiers",
  inputs: async () => [
    ...(await filesBelow(fromRoot("contracts"), ".sol")).filter((file) => !isVerifier(file)),
    ...(await contractInputs()),
  ],
  extra: contractVersions,
  async run() {
    await withProgress("contracts:", "compiling", async () => {
      await compileContracts();
      return "compiled";
    });
    return [];
  },
};

export const contracts: Step = {
  name: "contracts",
  inputs: async () => [
    ...(await filesBelow(fromRoot("contracts"), ".sol")),
    ...(await contractInputs()),
  ],
  extra: contractVersions,
  async run() {
    let files: string[] = [];
    await withProgress("contracts:", "adding the verifiers", async () => {
      files = await compileContracts();
      return "complete";
    });
    return files;
  },
};

export const abis: Step = {
  name: "abis",
  inputs: () => recipe("export-abis.ts"),
  extra: () => outputHashes(contracts),
  async run() {
    await exportAbis();
    return [ABIS_FILE, BYTECODE_FILE];
  },
};

export const page: Step = {
  name: "page",
  inputs: async () => [
    ...(await filesBelow(
      fromRoot("frontend"),
      ".ts",
      ".tsx",
      ".css",
      ".html",
      ".json",
      ".svg",
      ".js",
    )),
    ...(await closureOfTypeScript(fromRoot("src", "index.ts"))),
    ...(await recipe("page/build_page.ts")),
    fromRoot("package-lock.json"),
  ],
  async run() {
    let files: string[] = [];
    await withProgress("page:", "building", async () => {
      files = await buildPage();
      return "built";
    });
    return files;
  },
};

export const library: Step = {
  name: "library",
  inputs: async () => [
    ...(await filesBelow(fromRoot("src"), ".ts")),
    ...(await filesBelow(fromRoot("types"), ".ts")),
    ...(await recipe("export-library.ts")),
    ...[
      "tools/tsdown.config.mjs",
      "tools/tsconfig.package.json",
      "tsconfig.json",
      "package.json",
      "package-lock.json",
    ].map((file) => fromRoot(file)),
  ],
  extra: () => outputHashes(contracts, manifest, ...CIRCUITS.map(setupKey)),
  async run() {
    let files: string[] = [];
    await withProgress("library:", "bundling", async () => {
      files = await exportLibrary();
      return "bundled";
    });
    return files;
  },
};
