import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Browser } from "playwright-core";
import type { Groth16Proof } from "snarkjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser } from "../../../scripts/pipeline/chromium.ts";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";
import {
  circuitArtifacts,
  openArtifacts,
  type CircuitArtifacts,
} from "../../../src/proofs/artifacts.ts";
import { fromSnarkjs } from "../../../src/proofs/proof.ts";
import { releaseProver } from "../../../src/proofs/prove.ts";
import { verifyProof } from "../../../src/proofs/verify.ts";
import { calculateWitness } from "../../../src/proofs/witness.ts";
import { circuitInputs } from "./support.ts";

/** Runs in the page; text, as the test's own transformation would put its module loader in. */
const IN_PAGE = `(async () => {
  const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { testedKernels } = await import("/src/proofs/wasm/self_test.ts");
  const { proveGroth16 } = await import("/src/proofs/wasm/groth16.ts");
  const { createSource } = await import("/src/proofs/wasm/files.ts");
  const { toSnarkjs } = await import("/src/proofs/proof.ts");
  const { proof, signals } = proveGroth16(testedKernels(), createSource(await bytes("/key")), await bytes("/witness"));
  return { proof: toSnarkjs(proof), signals: signals.map(String) };
})()`;

let server: Server;
let browser: Browser;
let circuit: CircuitArtifacts;

/** The prover's own source files, their types taken out, and the files of one proof. */
beforeAll(async () => {
  circuit = await circuitArtifacts(await openArtifacts(fromRoot("build")), "close");
  const files = new Map<string, Uint8Array>([
    ["/key", await readFile(circuit.zkey)],
    ["/witness", await calculateWitness(circuit, (await circuitInputs()).get("close") as never)],
  ]);
  const imports = {
    "@noble/curves/": "/node_modules/@noble/curves/",
    "@noble/hashes/": "/node_modules/@noble/hashes/",
  };
  const page = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  server = createServer((request, response) => {
    const url = request.url ?? "/";
    if (url === "/") return void response.writeHead(200, { "content-type": "text/html" }).end(page);
    const file = files.get(url);
    if (file !== undefined) return void response.writeHead(200).end(file);
    readFile(fromRoot(path.normalize(url)), "utf8").then(
      (source) =>
        response
          .writeHead(200, { "content-type": "text/javascript" })
          .end(url.endsWith(".ts") ? stripTypeScriptTypes(source) : source),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  server.close();
  await releaseProver();
});

test("the prover's files run in Chromium as they are, and the proof verifies", async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const made = await page.evaluate<{ proof: Groth16Proof; signals: string[] }>(IN_PAGE);
  expect(await verifyProof(circuit.vkey, made.signals.map(BigInt), fromSnarkjs(made.proof))).toBe(
    true,
  );
});
