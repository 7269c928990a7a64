import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { startDevnetChain } from "../../src/devnet/chain.ts";
import { serveRpc } from "../../src/devnet/rpc_server.ts";
import { createDevnet } from "../../src/devnet/devnet.ts";
import { openTallyStore } from "../../src/coordinator/store/tally_store.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { offerPage } from "../page/offer.ts";
import { createPlayRound } from "../page/sandbox/play_round.ts";
import { manyProjects } from "../page/sandbox/many_projects.ts";
import { PHONE, startBrowser } from "../pipeline/chromium.ts";
import { BUILD } from "../pipeline/paths.ts";
import { say } from "../pipeline/progress.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

/** A line and a processor: milliseconds added to every request, bits a second down, and how many times slower the processor is. */
type Device = {
  readonly name: string;
  readonly latency: number;
  readonly down: number;
  readonly slower: number;
};
/**
 * "Slow 4G" of Lighthouse's mobile report, on a phone a quarter as fast as this machine. Browsers delay requests and not packets, so
 * Lighthouse makes up for the handshakes that are missing in its second form of the same line.
 */
const DEVICES: readonly Device[] = [
  { name: "this machine", latency: 0, down: 0, slower: 1 },
  { name: "slow phone", latency: 150, down: 1_638_400, slower: 4 },
  { name: "slow phone, handshakes made up for", latency: 562.5, down: 1_474_560, slower: 4 },
];
const UP = 675_000;
const MANY = 1_000;

/** Milliseconds from the start of the navigation; layout shift; requests, bytes on the line and elements until the page is usable. */
export type Load = {
  readonly firstPaint: number;
  readonly largestPaint: number;
  readonly alive: number;
  readonly usable: number;
  readonly shift: number;
  readonly requests: number;
  readonly kilobytes: number;
  /** When the last of a round's projects has come; of the list of rounds, when it was usable. */
  readonly whole: number;
  /** The longest time for which the processor had no moment for the visitor. */
  readonly longestTask: number;
  readonly elements: number;
  /** With what has come later. */
  readonly wholeKilobytes: number;
};
type Shown = "rounds" | "projects" | "1,000 projects";
export type PageTimes = { readonly device: string; readonly page: Shown } & Load;

/** Loads the list of rounds and, from their own addresses, the projects of a small and of a large round, each time as a first visit; medians of `runs`. */
export async function timePage(runs: number): Promise<PageTimes[]> {
  const [chain, proofs] = [
    await startDevnetChain(),
    await mkdtemp(path.join(os.tmpdir(), "tacit-bench-page-")),
  ];
  const rpc = await serveRpc(chain.provider, 28_545);
  const devnet = await createDevnet(chain, {
    projects: ["One project"],
    unit: 1n,
    size: "small",
    rule: quadraticChoice("pay"),
  });
  const page = await offerPage({
    devnet,
    artifacts: await openArtifacts(BUILD),
    store: await openTallyStore(proofs),
    rpcUrl: rpc.url,
    onError: (error) => say(String(error)),
  });
  const browser = await startBrowser();
  const times: PageTimes[] = [];
  try {
    const address = await firstRound(browser, page.url);
    const large = await createPlayRound(chain, {
      deployment: devnet.deployment,
      token: devnet.token.address,
      coordinatorKey: devnet.coordinator.publicKey,
      salt: "1,000 projects",
      projects: manyProjects(MANY),
    });
    const largeAddress = address.replace(/0x[0-9a-fA-F]{40}/, large);
    await load(browser, DEVICES[0] as Device, address, "projects"); // the server compresses each file once
    for (const device of DEVICES) {
      for (const [name, url] of [
        ["rounds", page.url],
        ["projects", address],
        ["1,000 projects", largeAddress],
      ] as const) {
        const loads: Load[] = [];
        for (let run = 0; run < runs; run++) loads.push(await load(browser, device, url, name));
        times.push({ device: device.name, page: name, ...medians(loads) });
      }
    }
  } finally {
    await browser.close();
    await page.close();
    await rpc.close();
    await chain.close();
    await rm(proofs, { recursive: true, force: true });
  }
  return times;
}

async function firstRound(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  await page.goto(url);
  const link = page.locator("main ul a").first();
  await link.waitFor();
  const address = new URL((await link.getAttribute("href")) as string, url).href;
  await page.close();
  return address;
}

async function load(
  browser: Browser,
  { latency, down, slower }: Device,
  url: string,
  name: Shown,
): Promise<Load> {
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  if (down > 0)
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency,
      downloadThroughput: down / 8,
      uploadThroughput: UP / 8,
    });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slower });
  let [requests, bytes] = [0, 0];
  devtools.on("Network.requestWillBeSent", () => requests++);
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.addInitScript(watch);
  await page.goto(url, { waitUntil: "commit" });
  // Usable: a round with its figures, or a project with its button. Alive: the header's button, which the app brings, is there.
  const at = async (selector: string): Promise<number> =>
    (await (
      await page.waitForFunction(
        (wanted) => (document.querySelector(wanted) === null ? false : performance.now()),
        selector,
        { polling: "raf" },
      )
    ).jsonValue()) as number;
  const [alive, usable] = await Promise.all([
    at("header button"),
    at(name === "rounds" ? "main ul a dl" : "main ul li button"),
  ]);
  const [usableRequests, usableBytes] = [requests, bytes];
  const elements = await page.evaluate(() => document.querySelectorAll("*").length);
  const whole = name === "rounds" ? usable : await at('main ul[aria-busy="false"]');
  await page.waitForTimeout(500); // fonts that are still on their way may move things
  const painted = await page.evaluate(
    () =>
      (
        globalThis as unknown as {
          painted: { first: number; largest: number; shift: number; longestTask: number };
        }
      ).painted,
  );
  await context.close();
  return {
    firstPaint: painted.first,
    largestPaint: painted.largest,
    alive,
    usable,
    shift: painted.shift,
    requests: usableRequests,
    kilobytes: usableBytes / 1000,
    whole,
    longestTask: painted.longestTask,
    elements,
    wholeKilobytes: bytes / 1000,
  };
}

/** Runs in the page before its own code. */
function watch(): void {
  const painted = { first: 0, largest: 0, shift: 0, longestTask: 0 };
  Object.assign(globalThis, { painted });
  const on = (
    type: string,
    take: (entry: PerformanceEntry & { value?: number; hadRecentInput?: boolean }) => void,
  ) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
    });
  on(
    "paint",
    (entry) => entry.name === "first-contentful-paint" && (painted.first = entry.startTime),
  );
  on("largest-contentful-paint", (entry) => (painted.largest = entry.startTime));
  on("longtask", ({ duration }) => (painted.longestTask = Math.max(painted.longestTask, duration)));
  on(
    "layout-shift",
    (entry) => entry.hadRecentInput !== true && (painted.shift += entry.value ?? 0),
  );
}

function medians(loads: readonly Load[]): Load {
  const of = (name: keyof Load) =>
    loads.map((load) => load[name]).sort((a, b) => a - b)[Math.floor(loads.length / 2)] as number;
  return {
    firstPaint: of("firstPaint"),
    largestPaint: of("largestPaint"),
    alive: of("alive"),
    usable: of("usable"),
    shift: of("shift"),
    requests: of("requests"),
    kilobytes: of("kilobytes"),
    whole: of("whole"),
    longestTask: of("longestTask"),
    elements: of("elements"),
    wholeKilobytes: of("wholeKilobytes"),
  };
}
