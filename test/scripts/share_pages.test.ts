import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Browser } from "playwright-core";
import { getAddress, type Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportSite } from "../../scripts/page/export_site.ts";
import { BUILD } from "../../scripts/pipeline/paths.ts";
import { openArtifacts, type Artifacts } from "../../src/proofs/artifacts.ts";
import { by, startStage, type Stage } from "../cli/support/stage.ts";
import { openPage, PHONE, startBrowser } from "../frontend/support/browser.ts";
import { tacitJson } from "../helpers/cli.ts";
import { makePng } from "../helpers/pictures.ts";

// What others' programs see of an address that is sent to them: they fetch it without what stands behind its #, and run nothing of it.

const HOSTILE = `"><script>alert(1)</script><meta http-equiv='refresh' content='0;url=https://evil.example'>`;

let stage: Stage;
let round: Address;
let artifacts: Artifacts;
let host: Server;
let address: string;
let browser: Browser;
const at = (name: string) => stage.file(name);
const shown = (file: string) => readFile(at(`site/${file}`), "utf8");
const told = (html: string, name: string) =>
  new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`).exec(html)?.[1];

beforeAll(async () => {
  stage = await startStage();
  artifacts = await openArtifacts(BUILD);
  host = createServer((request, response) => void serve(request.url ?? "/", request, response));
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`;
  browser = await startBrowser();
  await writeFile(
    at("about.json"),
    JSON.stringify({ description: "**Neighbours** give, the city adds.\n\nOnce a year." }),
  );
  ({ round } = await tacitJson<{ round: Address }>(
    stage.create(
      ...["--end", "+2d", "--size", "small", "--name", "Harbour & Hill"],
      ...["--about", at("about.json")],
    ),
    by("organiser"),
  ));
  await writeFile(at("bees.png"), makePng({ width: 12, height: 6 }, [200, 160, 0]));
  await writeFile(
    at("projects.jsonl"),
    [
      {
        name: "Bees",
        description: "# Hives\nfor all [roofs](https://b.example).",
        picture: "bees.png",
      },
      { name: HOSTILE, description: HOSTILE },
    ]
      .map((one) => `${JSON.stringify({ recipient: `0x${"5a".repeat(20)}`, ...one })}\n`)
      .join(""),
  );
  await tacitJson(
    [
      ...["projects", "add", at("projects.jsonl"), "--rpc", stage.url, "--round", round],
      ...["--to", at("content")],
    ],
    by("organiser"),
  );
});
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => (host.close(resolve), host.closeAllConnections()));
  await stage.close();
});

/** A file server as simple as they come, with the node below the same address. */
async function serve(url: string, request: IncomingMessage, response: ServerResponse) {
  if (request.method === "POST") {
    const body: Uint8Array[] = [];
    for await (const part of request) body.push(part as Uint8Array);
    const answered = await fetch(stage.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body:
        url === "/logless"
          ? Buffer.concat(body).toString().replaceAll("eth_getLogs", "eth_keepsNoLogs")
          : Buffer.concat(body),
    });
    return response.end(Buffer.from(await answered.arrayBuffer()));
  }
  const name = url === "/" ? "/index.html" : url;
  const type = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" }[
    path.extname(name)
  ];
  const content = await readFile(at(`site${name}`)).catch(() => undefined);
  if (content === undefined) return response.writeHead(404).end();
  return response
    .writeHead(200, { "content-type": type ?? "application/octet-stream" })
    .end(content);
}

const on = (...nodes: readonly string[]) => ({
  ...{ id: 31337, name: "A chain", rpc: nodes, finality: 0, fromBlock: 0 },
  currency: { name: "Ether", symbol: "ETH", decimals: 18 },
});
const said: string[] = [];
const make = async (more: object = {}) => {
  await writeFile(
    at("site.json"),
    JSON.stringify({
      chains: [on("./rpc", stage.url)],
      address,
      shared: [{ chain: 31337, round: round.toLowerCase() }],
      ...more,
    }),
  );
  return exportSite({
    configFile: at("site.json"),
    out: at("site"),
    artifacts,
    content: at("content"),
    onShared: (one) => said.push(one),
  });
};

describe("pages to be shared", () => {
  test("a round and its projects are named with words and picture, and nothing of what strangers wrote can act", async () => {
    const hash = await make();
    expect(said).toEqual([
      `Round ${getAddress(round)}: 3 pages to be shared, 3 with words, 1 with a picture.`,
    ]);
    const place = `share/31337/${getAddress(round)}`;
    const ofRound = await shown(`${place}.html`);
    expect([
      told(ofRound, "og:title"),
      told(ofRound, "og:description"),
      told(ofRound, "og:url"),
      told(ofRound, "og:image"),
      told(ofRound, "twitter:card"),
    ]).toEqual([
      "Harbour &#38; Hill",
      "Neighbours give, the city adds. Once a year.",
      `${address}${place}.html`,
      undefined,
      "summary",
    ]);
    const bees = await shown(`${place}/0.html`);
    expect([told(bees, "og:title"), told(bees, "description"), told(bees, "twitter:card")]).toEqual(
      ["Bees · Harbour &#38; Hill", "Hives for all roofs.", "summary_large_image"],
    );
    const image = told(bees, "og:image") ?? "";
    expect(image).toMatch(/^http:.*\/share\/[0-9a-f]{64}\.png$/);
    expect(await readFile(at(`site/${image.slice(address.length)}`))).toEqual(
      await readFile(at("bees.png")),
    );
    const hostile = await shown(`${place}/1.html`);
    expect(hostile).not.toMatch(/<script|evil\.example'>/);
    expect(hostile.match(/<meta http-equiv="refresh"/g)).toHaveLength(1);
    expect(hostile).toContain("default-src 'none'");
    expect(await shown("_headers")).toContain(
      "/share/*\n  content-security-policy: default-src 'none'",
    );
    // What the site serves as its configuration makes the same site anew, also when there are more projects.
    await writeFile(at("more.csv"), `name,recipient\nLater,0x${"5a".repeat(20)}\n`);
    await tacitJson(
      ["projects", "add", at("more.csv"), "--rpc", stage.url, "--round", round],
      by("organiser"),
    );
    const served = JSON.parse(await shown("config.json")) as { shared: object };
    expect(served.shared).toEqual([{ chain: 31337, round: getAddress(round), projects: 2 }]);
    expect(await make({ shared: served.shared })).toBe(hash);
    expect(await make()).not.toBe(hash);
  });

  test("who opens one is at the round or the project, and what the page gives to be shared are those pages", async () => {
    await make({ shared: [{ chain: 31337, round, projects: 1 }] });
    const context = await browser.newContext({
      ...PHONE,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const place = `31337/${getAddress(round)}`;
    const { page, errors } = await openPage(context, `${address}share/${place}/0.html`);
    await page.getByRole("heading", { name: "Bees" }).waitFor();
    expect(page.url()).toBe(`${address}#/${place}/projects/0`);
    const copied = async () => {
      await page.getByRole("button", { name: "Copy the link" }).click();
      await page.getByText("Copied.").waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    expect(await copied()).toBe(`${address}share/${place}/0.html`);
    // One that came later has no page of its own yet: its address leads to it all the same.
    await page.goto(`${address}#/${place}/projects/1`);
    await page.getByRole("heading", { level: 2 }).waitFor();
    expect(await copied()).toBe(`${address}#/${place}/projects/1`);
    await page.goto(`${address}share/${place}.html`);
    await page.getByText("About this round").click();
    expect(await copied()).toBe(`${address}share/${place}.html`);
    expect(errors).toEqual([]);
    await context.close();
  });

  test("a configuration that cannot be followed is refused, and nothing is written", async () => {
    const one = { chain: 31337, round };
    await rm(at("site"), { recursive: true, force: true });
    for (const [more, said] of [
      [{ address: undefined }, "needs address"],
      [{ address: "https://site.example" }, "needs address"],
      [{ shared: {} }, "shared is a list"],
      [{ shared: [{ ...one, chain: 10 }] }, "names chain 10"],
      [{ shared: [{ ...one, round: "0x12" }] }, "which is no address"],
      [{ shared: [{ ...one, projects: -1 }] }, "how many have pages"],
      [{ chains: [on("./rpc")] }, "chain 31337 has none with a whole address"],
      [{ chains: [on(`${address}logless`)] }, /refuses the logs|logs lack/],
      [{ shared: [{ ...one, round: `0x${"12".repeat(20)}` }] }, "there is no contract"],
    ] as const) {
      await expect(make(more)).rejects.toThrow(said);
    }
    await expect(readFile(at("site/index.html"))).rejects.toThrow("ENOENT");
  });
});
