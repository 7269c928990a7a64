import { Command } from "commander";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { CIRCUIT_NAMES, sha256OfFile } from "../../proofs/artifacts.ts";
import {
  applyBeacon,
  contributeToKey,
  PUBLIC_POWERS_OF_TAU,
  requirePowersOfTau,
  startPhase2,
  verifyPhase2,
} from "../../proofs/ceremony.ts";
import { releaseProver } from "../../proofs/prove.ts";
import {
  assembleKeys,
  differences,
  requireAllCircuits,
  type Transcript,
} from "../ceremony_folder.ts";
import { collect, parseCount } from "../input/options.ts";
import { showContributions, WHAT_TO_COMPARE } from "../output/ceremony.ts";
import { EXIT } from "../output/exit_codes.ts";
import type { Io } from "../output/io.ts";
import { answer } from "../output/output.ts";

type Ptau = { readonly ptau: string; readonly ptauHash?: string; readonly json?: boolean };
type Start = Ptau & { readonly r1cs: string; readonly out: string };
type Step = {
  readonly in: string;
  readonly out: string;
  readonly name: string;
  readonly value: string;
  readonly source: string;
};
type Verify = Ptau & { readonly r1cs: string; readonly zkey: string };
type Finish = Ptau & {
  readonly artifacts: string;
  readonly circuit: readonly string[];
  readonly contributions: number;
  readonly out: string;
};
type Audit = Ptau & {
  readonly artifacts: string;
  readonly keys: string;
  readonly contributions: number;
};

/** Keys for real chains: see docs/CEREMONY.md. */
export function setupCommand(io: Io, setExitCode: (code: number) => void): Command {
  const setup = new Command("setup").description(
    "make proving keys for real chains, with several people (docs/CEREMONY.md)",
  );
  const ptau = (command: Command) =>
    command
      .requiredOption("--ptau <file>", "prepared powers-of-tau file; its hash is checked")
      .option(
        "--ptau-hash <blake2b-512>",
        "its hash, where it is not one of the public files that are known here",
      );
  const whole = (command: Command) =>
    ptau(command)
      .requiredOption(
        "--artifacts <folder>",
        "folder of a build of your own, with circuits and manifest.json",
      )
      .option("--contributions <n>", "fewest contributions of each key", parseCount, 2)
      .option("--json", "the transcript for programs");
  ptau(setup.command("start"))
    .description("organiser: make the key to which the first person contributes")
    .requiredOption("--r1cs <file>", "compiled circuit")
    .requiredOption("--out <zkey>", "key to write")
    .action((values: Start) => start(io, values));
  setup
    .command("contribute")
    .description("contributor: add a secret of your own to a key, and forget it")
    .requiredOption("--in <zkey>", "key from the person before you")
    .requiredOption("--out <zkey>", "key for the next person")
    .requiredOption("--name <name>", "your name, to be in the transcript")
    .action((values: Step) =>
      step(io, "contribution", values.out, () =>
        contributeToKey(values.in, values.out, values.name),
      ),
    );
  setup
    .command("beacon")
    .description("organiser: end the contributions with a public random value")
    .requiredOption("--in <zkey>", "key from the last contributor")
    .requiredOption("--out <zkey>", "final key")
    .requiredOption("--value <hex>", "32 bytes that nobody could foresee")
    .requiredOption(
      "--source <text>",
      'where everybody can look the value up, as it was announced: "hash of Ethereum block 24000000"',
    )
    .action((values: Step) =>
      step(io, "beacon", values.out, () =>
        applyBeacon(values.in, values.out, values.value, values.source),
      ),
    );
  ptau(setup.command("verify"))
    .description("anybody: check every step of a key, and list the steps with their hashes")
    .requiredOption("--r1cs <file>", "circuit, compiled by yourself")
    .requiredOption("--zkey <file>", "key")
    .option("--json", "the steps for programs")
    .action((values: Verify) => verify(io, values));
  whole(setup.command("finish"))
    .description(
      `organiser: verify the final keys of all circuits (${CIRCUIT_NAMES.join(", ")}) and write the folder that --artifacts names, whole or not at all`,
    )
    .requiredOption("--circuit <name=zkey>", "final key of a circuit; once for each", collect)
    .requiredOption("--out <folder>", "folder to write")
    .action((values: Finish) => finish(io, values));
  whole(setup.command("audit"))
    .description(
      "anybody: make all of a published folder of keys anew from its proving keys and your own build, and compare",
    )
    .requiredOption("--keys <folder>", "the published folder")
    .action(async (values: Audit) => setExitCode(await audit(io, values)))
    .addHelpText("after", "\nExit code 0 if the folder is what its keys come to, 3 if it is not.");
  return setup;
}

async function start(io: Io, { r1cs, ptau, ptauHash, out }: Start): Promise<void> {
  await requirePowersOfTau(ptau, ptauHash);
  await releasing(() => startPhase2(r1cs, ptau, out));
  answer(io, {}, {}, [
    `Wrote ${out}. It is worthless until somebody has contributed: hand it to the first contributor.`,
  ]);
}

async function step(io: Io, what: string, out: string, work: () => Promise<string>): Promise<void> {
  const hash = await releasing(work);
  answer(io, {}, {}, [
    `Wrote ${out} with your ${what}. Publish its hash, signed, where others will look for it:`,
    hash,
  ]);
}

async function verify(io: Io, { r1cs, ptau, ptauHash, zkey, json }: Verify): Promise<void> {
  const powersOfTau = await requirePowersOfTau(ptau, ptauHash);
  const contributions = await releasing(() => verifyPhase2(r1cs, ptau, zkey));
  const found = {
    powersOfTau,
    r1cs: await sha256OfFile(r1cs),
    zkey: await sha256OfFile(zkey),
    contributions,
  };
  answer(io, { json }, found, [
    `${zkey} is a key of this circuit: every step was checked, from the powers of tau on.`,
    `  circuit        sha256 ${found.r1cs}`,
    `  key            sha256 ${found.zkey}`,
    `  powers of tau  ${showPowersOfTau(powersOfTau)}`,
    "",
    ...showContributions(contributions),
    "",
    ...WHAT_TO_COMPARE,
  ]);
}

async function finish(
  io: Io,
  { artifacts, ptau, ptauHash, circuit, contributions: least, out, json }: Finish,
): Promise<void> {
  const zkeys = requireAllCircuits(circuit);
  const hash = await requirePowersOfTau(ptau, ptauHash);
  const transcript = await releasing(() =>
    assembleKeys({ build: artifacts, ptau, ptauHash: hash, zkeys, least }, out),
  );
  answer(io, { json }, transcript, [
    `Wrote ${out} with keys of ${CIRCUIT_NAMES.join(", ")}. Publish it whole; manifest.json has SHA-256 ${await sha256OfFile(path.join(out, "manifest.json"))}.`,
    "The transcript of all steps is in ceremony.json. Anybody can check the folder with `tacit setup audit`.",
  ]);
}

async function audit(
  io: Io,
  { artifacts, ptau, ptauHash, keys, contributions: least, json }: Audit,
): Promise<number> {
  const hash = await requirePowersOfTau(ptau, ptauHash);
  const zkeys = new Map(CIRCUIT_NAMES.map((name) => [name, path.join(keys, `${name}.zkey`)]));
  const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-audit-"));
  try {
    const again = path.join(folder, "keys");
    const transcript = await releasing(() =>
      assembleKeys({ build: artifacts, ptau, ptauHash: hash, zkeys, least }, again),
    );
    const wrong = await differences(keys, again);
    answer(io, { json }, { ok: wrong.length === 0, differences: wrong, ...transcript }, [
      ...showTranscript(transcript),
      ...WHAT_TO_COMPARE,
      "",
      ...(wrong.length === 0
        ? [`${keys} is what its keys, these powers of tau and your build come to.`]
        : [
            `${keys} is not what its keys come to. Do not use it:`,
            ...wrong.map((line) => `  ${line}`),
          ]),
    ]);
    return wrong.length === 0 ? EXIT.ok : EXIT.negative;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function showTranscript({ powersOfTau, circuits }: Transcript): string[] {
  return [
    `powers of tau  ${showPowersOfTau(powersOfTau)}`,
    "",
    ...Object.entries(circuits).flatMap(([name, { r1cs, zkey, contributions }]) => [
      name,
      `  circuit  sha256 ${r1cs}`,
      `  key      sha256 ${zkey}`,
      ...showContributions(contributions),
      "",
    ]),
  ];
}

const showPowersOfTau = (hash: string): string =>
  `blake2b-512 ${hash} (${PUBLIC_POWERS_OF_TAU.includes(hash) ? "a public file" : "the hash that you gave; not one of the public files known here"})`;

/** Ends snarkjs's threads when the work is over, however it ended: with them the process would not. */
async function releasing<T>(work: () => Promise<T>): Promise<T> {
  return work().finally(releaseProver);
}
