import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AddressInfo } from "node:net";
import { stripTypeScriptTypes } from "node:module";
import { fromRoot, ROOT } from "../pipeline/paths.ts";

/** Milliseconds that one message takes, the first one apart: it also computes tables. */
export type ClientTimes = { readonly first: number; readonly each: number };

const RUNS = 40;

/** Runs in Node and, as its source text, in a browser. */
export async function timeMessages(
  load: (module: string) => Promise<Record<string, unknown>>,
  runs: number,
): Promise<ClientTimes> {
  const { createMessages } = (await load("/src/protocol/message.ts")) as {
    createMessages: (request: object) => unknown;
  };
  const { generateKeyPair } = (await load("/src/protocol/key.ts")) as {
    generateKeyPair: () => { publicKey: object };
  };
  const coordinatorKey = generateKeyPair().publicKey;
  const signer = generateKeyPair();
  const make = () =>
    createMessages({
      ctx: 5n,
      coordinatorKey,
      tag: 7n,
      signer,
      newKey: signer.publicKey,
      ballot: new Map([
        [3, 10n],
        [9, 20n],
      ]),
      itemsSeen: 100,
    });
  const started = performance.now();
  make();
  const between = performance.now();
  for (let i = 0; i < runs; i++) make();
  return { first: between - started, each: (performance.now() - between) / runs };
}

export const timeInNode = (): Promise<ClientTimes> =>
  timeMessages(
    (module) => import(path.join(ROOT, module)) as Promise<Record<string, unknown>>,
    RUNS,
  );

/** The same modules in a headless Chromium, from a server of our own. Undefined where there is no `chromium`. */
export async function timeInChromium(): Promise<ClientTimes | undefined> {
  const profile = mkdtempSync(path.join(tmpdir(), "tacit-chromium-"));
  const answer = Promise.withResolvers<ClientTimes | undefined>();
  const page = `<script type="importmap">${JSON.stringify({ imports: { "@noble/curves/": "/node_modules/@noble/curves/", "@noble/hashes/": "/node_modules/@noble/hashes/" } })}</script>
<script type="module">const time = ${timeMessages.toString()};
fetch("/done", { method: "POST", body: JSON.stringify(await time((module) => import(module), ${RUNS})) });</script>`;
  const server = createServer((request, response) => {
    const url = request.url ?? "/";
    if (url === "/") return void response.writeHead(200, { "content-type": "text/html" }).end(page);
    if (url === "/done") {
      let body = "";
      request
        .on("data", (chunk: Buffer) => (body += chunk.toString()))
        .on("end", () => answer.resolve(JSON.parse(body) as ClientTimes));
      return void response.end();
    }
    readFile(fromRoot(path.normalize(url)), "utf8").then(
      (source) =>
        response
          .writeHead(200, { "content-type": "text/javascript" })
          .end(url.endsWith(".ts") ? stripTypeScriptTypes(source) : source),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    `--user-data-dir=${profile}`,
  ];
  const browser = spawn(
    "chromium",
    [...flags, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`],
    { stdio: "ignore" },
  );
  browser.once("error", () => answer.resolve(undefined));
  const timer = setTimeout(() => answer.resolve(undefined), 120_000);
  const times = await answer.promise;
  clearTimeout(timer);
  const ended = new Promise((resolve) =>
    browser.exitCode === null && browser.pid !== undefined
      ? browser.once("exit", resolve)
      : resolve(undefined),
  );
  browser.kill("SIGKILL");
  await ended;
  server.close();
  server.closeAllConnections();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  return times;
}
