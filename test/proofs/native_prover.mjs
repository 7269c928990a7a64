#!/usr/bin/env node
// snarkjs behind the command-line interface of native provers: zkey wtns proof.json public.json. A real prover, only slower.
import { statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { groth16 } = createRequire(import.meta.url)("snarkjs");
const [, , zkey, wtns, proofFile, publicFile] = process.argv;
const mode = (statSync(wtns).mode & 0o777).toString(8);
if (mode !== "600") {
  console.error(`the witness file has mode ${mode}`);
  process.exit(1);
}
const { proof, publicSignals } = await groth16.prove(zkey, wtns, undefined, { singleThread: true });
writeFileSync(proofFile, JSON.stringify(proof));
writeFileSync(publicFile, JSON.stringify(publicSignals));
