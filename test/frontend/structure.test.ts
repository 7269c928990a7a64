import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import * as nodeActions from "viem/actions";
import { beforeAll, describe, expect, test } from "vitest";
import { ACTIONS } from "../../frontend/src/chain/read_client.ts";
import { PAGE_FOLDER } from "../../scripts/page/build_page.ts";
import { exportSite } from "../../scripts/page/export_site.ts";
import { DOCUMENTS } from "../../scripts/page/policy.ts";
import { BUILD, fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { digestDocument, toReference } from "../../src/metadata/reference.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { closureOfTypeScript, filesBelow, listImports } from "../../scripts/pipeline/imports.ts";
import { makePng } from "../helpers/pictures.ts";

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

  test("the prover's library is in the workers that verify and prove membership alone", () => {
    expect(
      imports.filter(({ to }) => /^(snarkjs|ffjavascript)/.test(to)).map(({ from }) => from),
    ).toEqual(["frontend/src/workers/member.worker.ts", "frontend/src/workers/verify.worker.ts"]);
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

  test("nothing is logged, and few places touch the device's storage", async () => {
    const files = await filesBelow(fromRoot("frontend", "src"), ".ts", ".tsx");
    const sources = await Promise.all(
      files.map(async (file) => ({ file: toRelative(file), source: await readFile(file, "utf8") })),
    );
    const using = (pattern: RegExp) =>
      sources
        .filter(({ source }) => pattern.test(source.replace(/^\s*(\/\/|\/?\*).*$/gm, "")))
        .map(({ file }) => file);
    expect(using(/\bconsole\./)).toEqual([]);
    expect(using(/\blocalStorage\b/)).toEqual([
      "frontend/src/config/preferences.ts",
      "frontend/src/features/apply/kept_form.ts", // an application, which is going to be public
      "frontend/src/features/organise/kept_draft.ts", // a round to be made, all of which is going to be public
      "frontend/src/features/organise/kept_instalments.ts", // terms that are to be public
      "frontend/src/features/review/kept_reviews.ts", // what a reviewer is going to say in public
    ]);
    expect(using(/\bindexedDB\b/)).toEqual(["frontend/src/storage/vault.ts"]);
    expect(using(/\bsessionStorage\b/)).toEqual([
      "frontend/src/chain/wagmi.ts", // which wallet, and no account
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
      JSON.stringify({ chains: [chain], walletConnect: {} }),
      JSON.stringify({ chains: [chain], walletConnect: { projectId: "my project" } }),
      JSON.stringify({
        chains: [chain],
        walletConnect: { projectId: "0".repeat(32), relay: "https://relay.example" },
      }),
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
    const hash = await exportSite({ configFile, out, artifacts });
    const html = await readFile(path.join(out, "index.html"), "utf8");
    expect(/connect-src ([^;]*);/.exec(html)?.[1]).toBe(
      "'self' https://node.example https://relay.example",
    );
    expect(html.indexOf("content-security-policy")).toBeLessThan(html.indexOf("<script"));
    expect(html).not.toContain("walletconnect");
    // Which contracts the page trusts follows from the keys, whatever the configuration says.
    const config = await readFile(path.join(out, "config.json"), "utf8");
    expect(config.length).toBeLessThan(2_000); // the first list of rounds waits for it
    const { creationCode, ...trusted } = JSON.parse(config) as {
      creationCode: string;
      contracts: object;
    };
    const code = JSON.parse(await readFile(path.join(out, creationCode), "utf8")) as object;
    expect({
      ...trusted,
      contracts: { ...trusted.contracts, creationCode: code },
    }).toEqual({ chains: [chain], contracts: locateContracts(BUILT) });
    expect(
      Object.keys(JSON.parse(await readFile(path.join(out, "keys", "0.json"), "utf8")) as object),
    ).toContain("fold");
    // The verifier may ask any node, and is the only one.
    const policyIn = async (name: string) =>
      /content="(default-src[^"]*)"/.exec(await readFile(path.join(out, name), "utf8"))?.[1] ?? "";
    const connections = async (name: string) =>
      /connect-src ([^;]*);/.exec(await policyIn(name))?.[1];
    expect(await connections("verify.html")).toBe(
      "'self' https://node.example https://relay.example https: http://127.0.0.1:* http://localhost:*",
    );
    expect(await connections("embed.html")).toBe(await connections("index.html"));
    for (const name of ["index.html", "embed.html"])
      expect(await policyIn(name)).not.toContain("unsafe");
    // Only a header can forbid frames. Two rules for one file would both hold, so each has one.
    const rules = parseHeaders(await readFile(path.join(out, "_headers"), "utf8"));
    const policyOf = (address: string) =>
      [...rules]
        .filter(([pattern]) => pattern === address || pattern === "/*")
        .flatMap(([, headers]) => headers["content-security-policy"] ?? []);
    const framing = (address: string) =>
      policyOf(address).map((policy) => /frame-ancestors (.*)$/.exec(policy)?.[1]);
    for (const address of ["/", "/index.html", "/verify", "/verify.html"])
      expect(framing(address), address).toEqual(["'none'"]);
    for (const address of ["/embed", "/embed.html"]) expect(framing(address)).toEqual(["*"]);
    expect(rules.get("/*")?.["referrer-policy"]).toBe("no-referrer");
    // A worker has the policy of its own file: that of the verifier any node, those with keys the page's.
    const workers = (await filesBelow(path.join(out, "assets"), ".js"))
      .map((file) => path.basename(file))
      .filter((name) => name.includes(".worker-"));
    expect(workers.map((name) => name.split(".")[0]).sort()).toEqual([
      "keys",
      "member",
      "stamp",
      "verify",
    ]);
    for (const name of workers) {
      const policies = policyOf(`/assets/${name}`);
      expect(policies, name).toHaveLength(1);
      expect(policies[0]?.includes(" https: ")).toBe(name.startsWith("verify."));
    }
    // The list of files is one that the usual program checks, leaves none out, and is the same in another folder.
    const again = path.join(folder, "again");
    expect(await exportSite({ configFile, out: again, artifacts })).toBe(hash);
    expect(
      createHash("sha256")
        .update(await readFile(path.join(out, "SHA256SUMS")))
        .digest("hex"),
    ).toBe(hash);
    const sums = (await readFile(path.join(again, "SHA256SUMS"), "utf8")).trim().split("\n");
    expect(sums.map((line) => line.slice(66)).sort()).toEqual(
      (await filesBelow(again, ""))
        .map((file) => path.relative(again, file))
        .filter((file) => file !== "SHA256SUMS" && file !== ".tacit-site")
        .sort(),
    );
    await promisify(execFile)("sha256sum", ["--check", "--strict", "--quiet", "SHA256SUMS"], {
      cwd: again,
    });
    // What a site serves as its configuration makes the same site anew, though it has the contracts in it.
    expect(await exportSite({ configFile: path.join(again, "config.json"), out, artifacts })).toBe(
      hash,
    );
    // A token's logo is named by its file among the site's pictures, and read by its digest.
    const pictures = path.join(folder, "pictures");
    await mkdir(pictures);
    const logo = makePng({ width: 8, height: 8 }, [0, 90, 60]);
    await writeFile(path.join(pictures, "coin.png"), logo);
    const withLogo = (image: unknown, token = `0x${"5".repeat(40)}`) =>
      writeFile(configFile, JSON.stringify({ chains: [{ ...chain, logos: [{ token, image }] }] }));
    await withLogo("coin.png");
    await exportSite({ configFile, out, artifacts, content: pictures });
    expect(JSON.parse(await readFile(path.join(out, "config.json"), "utf8"))).toMatchObject({
      content: ["./content"],
      chains: [{ logos: [{ image: toReference(digestDocument(logo)) }] }],
    });
    for (const [image, token] of [["coin.svg"], [7], ["coin.png", "0x55"]] as const) {
      await withLogo(image, token);
      await expect(exportSite({ configFile, out, artifacts, content: pictures })).rejects.toThrow(
        /is not a site configuration/,
      );
    }
    // A relay for wallets is allowed to the page alone, and the default one is written where the page reads it.
    const projectId = "0123456789abcdef".repeat(2);
    for (const relay of [undefined, "wss://wallets.example/path?x"]) {
      await writeFile(
        configFile,
        JSON.stringify({ chains: [chain], walletConnect: { projectId, relay } }),
      );
      await exportSite({ configFile, out, artifacts });
      const named = relay ?? "wss://relay.walletconnect.org";
      expect(JSON.parse(await readFile(path.join(out, "config.json"), "utf8"))).toMatchObject({
        walletConnect: { projectId, relay: named },
      });
      const closed = "'self' https://node.example https://relay.example";
      const { origin } = new URL(named);
      expect(await connections("index.html")).toBe(`${closed} ${origin}`);
      expect(await connections("embed.html")).toBe(closed);
      expect(await connections("verify.html")).not.toContain(origin);
      for (const [address, headers] of parseHeaders(
        await readFile(path.join(out, "_headers"), "utf8"),
      ))
        expect(headers["content-security-policy"]?.includes(origin) ?? false, address).toBe(
          address === "/" || address === "/index.html",
        );
    }
    await writeFile(configFile, JSON.stringify({ chains: [{ ...chain, name: "Another" }] }));
    expect(await exportSite({ configFile, out, artifacts })).not.toBe(hash);
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

/** Rules of a `_headers` file by their address. */
function parseHeaders(text: string): Map<string, Record<string, string>> {
  const rules = new Map<string, Record<string, string>>();
  let rule: Record<string, string> = {};
  for (const line of text.trim().split("\n")) {
    if (line.startsWith("/")) rules.set(line, (rule = {}));
    else {
      const [, name = "", value = ""] = /^ {2}([\w-]+): (.*)$/.exec(line) ?? [];
      rule[name] = value;
    }
  }
  return rules;
}

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
      ...named("round_page", "root", "gift_page", "keys.worker", "en").filter((name) =>
        name.endsWith(".js"),
      ),
    ]);
    const styles = [...html.matchAll(/assets\/([\w.-]+\.css)/g)].map(([, name]) => name as string);
    const size = await measureSize([...files, ...styles]);
    expect(files.size).toBeGreaterThan(6);
    expect(size).toBeGreaterThan(200_000); // else the files were not found
    expect(size, `${size} bytes`).toBeLessThan(350_000);
    for (const name of files)
      expect(
        (await readFile(path.join(PAGE_FOLDER, "assets", name), "utf8")).includes("groth16"),
      ).toBe(false);
  });

  /** All that a document's file names, with what that imports, at once or later. */
  async function everythingOf(document: string): Promise<Map<string, string>> {
    const html = await readFile(path.join(PAGE_FOLDER, document), "utf8");
    const seen = new Map<string, string>();
    const pending = [...html.matchAll(/assets\/([\w.-]+\.js)/g)].map(([, name]) => name as string);
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (seen.has(name)) continue;
      const source = await readFile(path.join(PAGE_FOLDER, "assets", name), "utf8");
      seen.set(name, source);
      for (const [, next] of source.matchAll(/["'`/]((?:[\w-]+\.)*[\w-]+\.js)["'`]/g))
        if (existsSync(path.join(PAGE_FOLDER, "assets", next as string)))
          pending.push(next as string);
    }
    return seen;
  }

  test("what others may frame has no wallet, no keys and no storage; the verifier has no wallet and no keys; the donor's pages have no verifier", async () => {
    const filesWith = (files: ReadonlyMap<string, string>, what: RegExp) =>
      [...files].filter(([, source]) => what.test(source)).map(([name]) => name);
    const wallet = /eip6963|eth_requestAccounts|wallet_sendCalls/;
    const keeping = /localStorage|sessionStorage|indexedDB|document\.cookie/;
    const [page, verifier, embedded] = await Promise.all(
      ["index.html", "verify.html", "embed.html"].map(everythingOf),
    );
    // The patterns find what they are for where it is.
    expect(filesWith(page as never, wallet)).not.toEqual([]);
    expect(filesWith(page as never, keeping)).not.toEqual([]);
    expect(filesWith(page as never, /keys\.worker-/)).not.toEqual([]);
    expect(filesWith(verifier as never, /groth16/)).not.toEqual([]);
    expect(filesWith(embedded as never, wallet)).toEqual([]);
    expect(filesWith(embedded as never, keeping)).toEqual([]);
    expect(filesWith(embedded as never, /\.worker-/)).toEqual([]);
    expect(filesWith(verifier as never, wallet)).toEqual([]);
    expect(filesWith(verifier as never, /keys\.worker-|indexedDB/)).toEqual([]);
    expect(filesWith(page as never, /verify\.worker-/)).toEqual([]);
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
    for (const document of DOCUMENTS) {
      const html = await readFile(path.join(PAGE_FOLDER, document), "utf8");
      expect(
        [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
          .map(([, address]) => address as string)
          .filter((address) => !/^(\.\/|#)/.test(address)),
      ).toEqual([]);
      expect(html.match(/<script(?![^>]*\bsrc=)/)).toBeNull();
      expect(html.match(/<style|\sstyle=|\son\w+=/)).toBeNull();
    }
    for (const name of (await assets()).filter((one) => one.endsWith(".css")))
      expect(await readFile(path.join(PAGE_FOLDER, "assets", name), "utf8")).not.toMatch(
        /url\(["']?(https?:|\/\/|data:)/,
      );
  });
});
