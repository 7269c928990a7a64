import { gzipSync } from "node:zlib";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as nodeActions from "viem/actions";
import { beforeAll, describe, expect, test } from "vitest";
import { ACTIONS } from "../../frontend/src/chain/read_client.ts";
import { PAGE_FOLDER } from "../../scripts/page/build_page.ts";
import { exportSite } from "../../scripts/page/export_site.ts";
import { BUILD, fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { closureOfTypeScript, filesBelow, listImports } from "../../scripts/pipeline/imports.ts";

/** What wallets are asked. */
const OF_WALLETS: ReadonlySet<string> = new Set([
  "getCapabilities",
  "prepareTransactionRequest",
  "sendCalls",
  "sendRawTransaction",
  "sendTransaction",
  "signMessage",
  "signTransaction",
  "waitForCallsStatus",
  "writeContract",
]);

type Import = { readonly from: string; readonly to: string };
let imports: Import[];

beforeAll(async () => {
  const files = await filesBelow(fromRoot("frontend", "src"), ".ts", ".tsx");
  const all = await Promise.all(
    files.map(async (file) =>
      (await listImports(file)).map((name) => ({
        from: toRelative(file),
        to: name.startsWith(".") ? toRelative(path.resolve(path.dirname(file), name)) : name,
      })),
    ),
  );
  imports = all.flat();
});

describe("the page's source", () => {
  test("features do not import each other", () => {
    const findFeature = (file: string) => /^frontend\/src\/features\/([^/]+)\//.exec(file)?.[1];
    expect(
      imports.filter(
        ({ from, to }) =>
          findFeature(from) !== undefined &&
          findFeature(to) !== undefined &&
          findFeature(from) !== findFeature(to),
      ),
    ).toEqual([]);
  });

  test("it imports the library by its front door alone", () => {
    expect(imports.filter(({ to }) => to.startsWith("src/") && to !== "src/index.ts")).toEqual([]);
  });

  test("the prover's library is in the verifying worker alone", () => {
    expect(
      imports.filter(({ to }) => /^(snarkjs|ffjavascript)/.test(to)).map(({ from }) => from),
    ).toEqual(["frontend/src/workers/verify.worker.ts"]);
  });

  test("of a node it asks nothing but what its client can do", async () => {
    const files = [
      ...(await filesBelow(fromRoot("frontend", "src"), ".ts", ".tsx")),
      ...(await closureOfTypeScript(fromRoot("src", "index.ts"))),
    ];
    const asked = new Set<string>();
    for (const file of files)
      for (const [, name] of (await readFile(file, "utf8")).matchAll(/\.([a-zA-Z]+)\(/g))
        if (name !== undefined && name in nodeActions) asked.add(name);
    expect(asked.size).toBeGreaterThan(5);
    expect([...asked].filter((name) => !(name in ACTIONS) && !OF_WALLETS.has(name)).sort()).toEqual(
      [],
    );
  });

  test("nothing is logged, and only two places touch the device's storage", async () => {
    const files = await filesBelow(fromRoot("frontend", "src"), ".ts", ".tsx");
    const sources = await Promise.all(
      files.map(async (file) => ({ file: toRelative(file), source: await readFile(file, "utf8") })),
    );
    const using = (pattern: RegExp) =>
      sources
        .filter(({ source }) => pattern.test(source.replace(/^\s*(\/\/|\/?\*).*$/gm, "")))
        .map(({ file }) => file);
    expect(using(/\bconsole\./)).toEqual([]);
    expect(using(/\blocalStorage\b/)).toEqual(["frontend/src/config/preferences.ts"]);
    expect(using(/\bindexedDB\b/)).toEqual(["frontend/src/storage/vault.ts"]);
    expect(using(/\bsessionStorage\b/)).toEqual([
      "frontend/src/chain/wagmi.ts", // which wallet, and no account
      "frontend/src/features/organise/kept_draft.ts", // a round to be made, all of which is going to be public
    ]);
    expect(using(/document\.cookie|innerHTML|dangerouslySet|\beval\(/)).toEqual([]);
  });
});

describe("the page for a static server", () => {
  test("its policy allows the configured nodes and relay and nothing else; a bad configuration is refused before anything is written", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-site-"));
    const configFile = path.join(folder, "site.json");
    const out = path.join(folder, "out");
    const artifacts = await openArtifacts(BUILD);
    const chain = {
      id: 31337,
      name: "A chain",
      rpc: ["https://node.example/v1/key", "./rpc"],
      relay: "https://relay.example/api",
      currency: { name: "Ether", symbol: "ETH", decimals: 18 },
      finality: "finalized",
      fromBlock: 0,
    };
    for (const bad of [
      "no JSON",
      "{}",
      JSON.stringify({ chains: [{ ...chain, rpc: "https://node.example" }] }),
      JSON.stringify({ chains: [chain], sandbox: {} }),
    ]) {
      await writeFile(configFile, bad);
      await expect(exportSite({ configFile, out, artifacts })).rejects.toThrow(
        /is not a site configuration/,
      );
      expect(existsSync(out)).toBe(false);
    }
    await writeFile(configFile, JSON.stringify({ chains: [{ ...chain, id: 10 }] }));
    await expect(exportSite({ configFile, out, artifacts })).rejects.toThrow(
      /Development proving keys are refused on chain 10/,
    );
    expect(existsSync(out)).toBe(false);
    await writeFile(
      configFile,
      JSON.stringify({
        chains: [chain],
        contracts: { factory: "0x00000000000000000000000000000000000000ee" },
      }),
    );
    await exportSite({ configFile, out, artifacts });
    const html = await readFile(path.join(out, "index.html"), "utf8");
    expect(/connect-src ([^;]*);/.exec(html)?.[1]).toBe(
      "'self' https://node.example https://relay.example",
    );
    expect(html.indexOf("content-security-policy")).toBeLessThan(html.indexOf("<script"));
    // Which contracts the page trusts follows from the keys, whatever the configuration says.
    expect(JSON.parse(await readFile(path.join(out, "config.json"), "utf8"))).toEqual({
      chains: [chain],
      contracts: locateContracts(BUILT),
    });
    expect(
      Object.keys(JSON.parse(await readFile(path.join(out, "keys", "0.json"), "utf8")) as object),
    ).toContain("fold");
    // Only a header can forbid frames.
    expect(await readFile(path.join(out, "_headers"), "utf8")).toMatch(
      /^\/\*\n(.*\n)* {2}content-security-policy: .*frame-ancestors 'none'\n/,
    );
    await exportSite({ configFile, out, artifacts }); // over its own export
    for (const file of ["thesis.txt", ".git"]) {
      const home = await mkdtemp(path.join(folder, "home-"));
      await writeFile(path.join(home, file), "years of work");
      await expect(exportSite({ configFile, out: home, artifacts })).rejects.toThrow(
        /was not made by this command/,
      );
      expect(await readFile(path.join(home, file), "utf8")).toBe("years of work");
    }
    await expect(exportSite({ configFile, out: configFile, artifacts })).rejects.toThrow(
      /was not made by this command/,
    );
    await rm(folder, { recursive: true });
  });
});

describe("the built page", () => {
  /** The files that the entry or any of `starts` needs, by following imports in the built files. */
  async function findClosure(starts: readonly string[]): Promise<Set<string>> {
    const seen = new Set<string>();
    const pending = [...starts];
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      const source = await readFile(path.join(PAGE_FOLDER, "assets", name), "utf8");
      for (const [, next] of source.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
        pending.push(next as string);
    }
    return seen;
  }
  const assets = async () =>
    (await filesBelow(path.join(PAGE_FOLDER, "assets"), ".js", ".css")).map((file) =>
      path.basename(file),
    );
  const measureSize = async (names: Iterable<string>) => {
    let size = 0;
    for (const name of names)
      size += gzipSync(await readFile(path.join(PAGE_FOLDER, "assets", name)), { level: 9 }).length;
    return size;
  };

  test("what a donor loads is below 350 kB gzipped and contains no prover", async () => {
    const all = await assets();
    const named = (...beginnings: string[]) =>
      all.filter((name) => beginnings.some((beginning) => name.startsWith(`${beginning}-`)));
    const html = await readFile(path.join(PAGE_FOLDER, "index.html"), "utf8");
    const entries = [...html.matchAll(/assets\/([\w.-]+\.js)/g)].map(([, name]) => name as string);
    const files = await findClosure([
      ...entries,
      ...named("round_page", "root", "give_page", "change_page", "keys.worker", "en").filter(
        (name) => name.endsWith(".js"),
      ),
    ]);
    const styles = all.filter((name) => name.endsWith(".css"));
    const size = await measureSize([...files, ...styles]);
    expect(files.size).toBeGreaterThan(6);
    expect(size).toBeGreaterThan(200_000); // else the files were not found
    expect(size, `${size} bytes`).toBeLessThan(350_000);
    for (const name of files)
      expect(
        (await readFile(path.join(PAGE_FOLDER, "assets", name), "utf8")).includes("groth16"),
      ).toBe(false);
  });

  test("errors that the page tells apart by their classes' names have kept them", async () => {
    const asked = [
      ...(await readFile(fromRoot("frontend", "src", "ui", "problem.ts"), "utf8")).matchAll(
        /\bnamed\(([^)]*)\)/g,
      ),
    ].flatMap(([, names]) =>
      [...(names as string).matchAll(/"(\w+)"/g)].map(([, name]) => name as string),
    );
    const sources = await Promise.all(
      [
        ...(await filesBelow(fromRoot("src"), ".ts")),
        ...(await filesBelow(fromRoot("frontend", "src"), ".ts")),
      ].map((file) => readFile(file, "utf8")),
    );
    const own = asked.filter((name) =>
      sources.some((source) => source.includes(`class ${name} extends`)),
    );
    expect(own).toContain("InsufficientBalanceError");
    const scripts = await Promise.all(
      (await assets())
        .filter((name) => name.endsWith(".js"))
        .map((name) => readFile(path.join(PAGE_FOLDER, "assets", name), "utf8")),
    );
    const isKept = (name: string) =>
      scripts.some(
        (script) =>
          script.includes(`class ${name} `) ||
          script.includes(`${name}=class`) ||
          script.includes(`name=\`${name}\``),
      );
    expect(own.filter((name) => !isKept(name))).toEqual([]);
  });

  test("it loads nothing from elsewhere, and no script stands in the page itself", async () => {
    const html = await readFile(path.join(PAGE_FOLDER, "index.html"), "utf8");
    expect(
      [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
        .map(([, address]) => address as string)
        .filter((address) => !/^(\.\/|#)/.test(address)),
    ).toEqual([]);
    expect(html.match(/<script(?![^>]*\bsrc=)/)).toBeNull();
    expect(html.match(/<style|\sstyle=|\son\w+=/)).toBeNull();
    for (const name of (await assets()).filter((one) => one.endsWith(".css")))
      expect(await readFile(path.join(PAGE_FOLDER, "assets", name), "utf8")).not.toMatch(
        /url\(["']?(https?:|\/\/|data:)/,
      );
  });
});
