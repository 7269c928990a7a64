import { Command } from "commander";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { CircuitManifest, Manifest } from "../../proofs/artifacts.ts";
import { openArtifacts, verifierContractOf } from "../../proofs/artifacts.ts";
import {
  applyBeacon, CeremonyError, contributeToKey, requireFinished, requirePowersOfTau, soliditySourceOf, startPhase2, verificationKeyOf, verifyPhase2,
} from "../../proofs/ceremony.ts";
import { releaseProver } from "../../proofs/prove.ts";
import { compileVerifier } from "../compile_verifier.ts";
import type { Io } from "../output/io.ts";
import { collect, parseCount } from "../input/options.ts";
import { answer } from "../output/output.ts";

type Start = { readonly r1cs: string; readonly ptau: string; readonly ptauHash?: string; readonly out: string };
type Step = { readonly in: string; readonly out: string; readonly name: string; readonly value: string };
type Verify = { readonly r1cs: string; readonly ptau: string; readonly ptauHash?: string; readonly zkey: string };
type Finish = { readonly artifacts: string; readonly ptau: string; readonly ptauHash?: string; readonly circuit: readonly string[]; readonly contributions: number; readonly out: string };

/** Keys for real chains: see docs/CEREMONY.md. */
export function setupCommand(io: Io): Command {
  const setup = new Command("setup").description("make proving keys for real chains, with several people (docs/CEREMONY.md)");
  const ptau = (command: Command) => command
    .requiredOption("--ptau <file>", "prepared powers-of-tau file")
    .option("--ptau-hash <blake2b-512>", "its hash, where it is not one of the public files that are known here");
  ptau(setup.command("start")).description("organiser: make the key to which the first person contributes")
    .requiredOption("--r1cs <file>", "compiled circuit").requiredOption("--out <zkey>", "key to write").action((values: Start) => start(io, values));
  setup.command("contribute").description("contributor: add a secret of your own to a key, and forget it")
    .requiredOption("--in <zkey>", "key from the person before you").requiredOption("--out <zkey>", "key for the next person").requiredOption("--name <name>", "your name, to be in the transcript")
    .action((values: Step) => step(io, "contribution", values.out, () => contributeToKey(values.in, values.out, values.name)));
  setup.command("beacon").description("organiser: end the contributions with a public random value")
    .requiredOption("--in <zkey>", "key from the last contributor").requiredOption("--out <zkey>", "final key").requiredOption("--value <hex>", "32 bytes that nobody could foresee")
    .action((values: Step) => step(io, "beacon", values.out, () => applyBeacon(values.in, values.out, values.value)));
  ptau(setup.command("verify")).description("anybody: check every step of a key, and list who contributed")
    .requiredOption("--r1cs <file>", "circuit, compiled by yourself").requiredOption("--zkey <file>", "key").action((values: Verify) => verify(io, values));
  ptau(setup.command("finish")).description("organiser: verify all final keys and write the artifacts folder that --artifacts names")
    .requiredOption("--artifacts <folder>", "build folder with circuits and manifest.json")
    .requiredOption("--circuit <name=zkey>", "final key of a circuit; once for each", collect)
    .option("--contributions <n>", "least number of contributions of each key", parseCount, 2)
    .requiredOption("--out <folder>", "folder to write").action((values: Finish) => finish(io, values));
  return setup;
}

async function start(io: Io, { r1cs, ptau, ptauHash, out }: Start): Promise<void> {
  await requirePowersOfTau(ptau, ptauHash);
  await startPhase2(r1cs, ptau, out);
  await releaseProver();
  answer(io, {}, {}, [`Wrote ${out}. It is worthless until somebody has contributed: hand it to the first contributor.`]);
}

async function step(io: Io, what: string, out: string, work: () => Promise<string>): Promise<void> {
  const hash = await work();
  await releaseProver();
  answer(io, {}, {}, [`Wrote ${out} with your ${what}. Publish its hash, signed, where others will look for it:`, hash]);
}

async function verify(io: Io, { r1cs, ptau, ptauHash, zkey }: Verify): Promise<void> {
  await requirePowersOfTau(ptau, ptauHash);
  const { contributions, beacon } = await verifyPhase2(r1cs, ptau, zkey);
  await releaseProver();
  answer(io, {}, {}, [`${zkey} is a key of this circuit. Contributions, in order:`, ...contributions.map((name, i) => `  ${i + 1}. ${name}`), beacon ? "It is final." : "It has no beacon yet."]);
}

async function finish(io: Io, { artifacts, ptau, ptauHash, circuit: chosen, contributions, out }: Finish): Promise<void> {
  await requirePowersOfTau(ptau, ptauHash);
  const { folder, manifest } = await openArtifacts(artifacts);
  await mkdir(out, { recursive: true });
  const circuits: [string, CircuitManifest][] = [];
  for (const text of chosen) {
    const [name = "", zkey = ""] = text.split("=");
    const built = manifest.circuits[name];
    if (built?.r1cs === undefined) throw new CeremonyError(`There is no circuit "${name}" in ${artifacts}.`, `Use one of ${Object.keys(manifest.circuits).join(", ")}.`);
    requireFinished(zkey, await verifyPhase2(path.join(folder, built.r1cs.file), ptau, zkey), contributions);
    const vkey = JSON.stringify(await verificationKeyOf(zkey), undefined, 1);
    const contract = verifierContractOf(name);
    const verifier = JSON.stringify(await compileVerifier(contract, await soliditySourceOf(zkey, contract)));
    await copyFile(path.join(folder, built.wasm.file), path.join(out, `${name}.wasm`));
    await copyFile(zkey, path.join(out, `${name}.zkey`));
    await writeFile(path.join(out, `${name}.vkey.json`), `${vkey}\n`);
    await writeFile(path.join(out, `${contract}.json`), `${verifier}\n`);
    const artifact = async (file: string) => ({ file, sha256: await sha256(path.join(out, file)) });
    circuits.push([name, { ...built, development: false, wasm: await artifact(`${name}.wasm`), zkey: await artifact(`${name}.zkey`), vkey: await artifact(`${name}.vkey.json`), verifier: await artifact(`${contract}.json`) }]);
  }
  const made: Manifest = { version: 1, circuits: Object.fromEntries(circuits) };
  await writeFile(path.join(out, "manifest.json"), `${JSON.stringify(made, undefined, 2)}\n`);
  await releaseProver();
  answer(io, {}, {}, [`Wrote ${out} with ${circuits.length} circuits. Publish it whole; manifest.json has SHA-256 ${await sha256(path.join(out, "manifest.json"))}.`]);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
