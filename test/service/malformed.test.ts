import {
  mkdtempSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { servePage, type PageServer } from "../../scripts/page/server.ts";
import { parseProxies } from "../../src/cli/commands/coordinator.ts";
import { accept } from "../../src/coordinator/proving/queue_prover.ts";
import { describeError, withoutSecrets } from "../../src/errors.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { createApi } from "../../src/service/api.ts";
import { Content } from "../../src/service/content.ts";
import { coverMessage } from "../../src/service/cover_message.ts";
import { listenAt } from "../../src/service/listen.ts";
import { createLogger } from "../../src/service/logger.ts";
import { encodeMessage } from "../../src/protocol/message.ts";
import { ROUND } from "./support/relay.ts";

/*
 * The attack: one request that no client makes ends a server, or a page of somebody else's drives it through a visitor's browser.
 */
const folder = mkdtempSync(path.join(tmpdir(), "tacit-malformed-"));
let rpc: RpcServer;
let page: PageServer;
const warped: string[] = [];

beforeAll(async () => {
  rpc = await serveRpc(
    {
      request: async ({ method }: { method: string }) =>
        method === "throws" ? Promise.reject(null) : method,
    } as never,
    18_820,
  );
  page = await servePage(
    {
      "POST /sandbox/warp": async (body) => (
        warped.push((JSON.parse(body) as { to: string }).to), "{}"
      ),
    },
    0,
    { "/relay": () => rpc.url },
  );
});
afterAll(async () => {
  await rpc.close();
  await page.close();
  rmSync(folder, { recursive: true });
});

/** The status of a request written by hand, 0 where the connection ends without one. */
function raw(url: string, request: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let text = "";
    const socket = net.connect(Number(port), hostname, () => socket.end(request));
    socket.on("data", (part) => (text += String(part)));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0)));
  });
}

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

const TARGETS = [
  "//",
  "///",
  "/%",
  "/%00",
  "/..%2f..%2fetc/passwd",
  "http://",
  "*",
  "//[",
  "/\\",
  "/rpc/../..//",
  "?",
];

test.each(TARGETS)("GET %s ends no server", async (target) => {
  for (const { url } of [rpc, page]) {
    await raw(
      url,
      `GET ${target} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n\r\n`,
    );
    await raw(
      url,
      `POST ${target} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Length: 99\r\n\r\n{`,
    ); // and leaves in the middle
  }
  expect(await (await post(rpc.url, '{"id":1,"method":"alive"}')).json()).toMatchObject({
    result: "alive",
  });
  expect((await fetch(`${page.url}/nothing.json`)).status).toBe(404);
});

test.each([
  "null",
  "[null]",
  "1",
  '"x"',
  "[[]]",
  "[1,null]",
  "{",
  "",
  '{"method":"throws"}',
  '{"method":null,"params":null}',
])("a body of %s ends no server", async (body) => {
  expect([200, 400]).toContain((await post(rpc.url, body)).status);
  expect((await post(`${page.url}/sandbox/warp`, body)).status).toBeGreaterThanOrEqual(200);
  expect(await (await post(rpc.url, '{"id":1,"method":"alive"}')).json()).toMatchObject({
    result: "alive",
  });
  expect((await fetch(`${page.url}/nothing.json`)).status).toBe(404);
});

test.each([
  [{ origin: "https://evil.example" }, 403],
  [{ origin: "null" }, 403],
  [{ origin: "http://127.0.0.1:1" }, 403],
  [{ host: "evil.example" }, 403],
  [{ origin: "chrome-extension://abcdef" }, 200],
  [{}, 200],
])("a request with %j is answered with %i", async (headers, status) => {
  const asked = (url: string) =>
    new Promise<number>((resolve, reject) => {
      const request = http.request(
        url,
        { method: "POST", headers: { "content-type": "text/plain", ...headers } },
        (response) => (response.resume(), resolve(response.statusCode ?? 0)),
      );
      request.on("error", reject).end('{"method":"alive","to":1}');
    });
  const before = warped.length;
  expect(await asked(rpc.url)).toBe(status);
  expect(await asked(`${page.url}/sandbox/warp`)).toBe(status);
  expect(warped.length - before).toBe(status === 200 ? 1 : 0);
});

test("the page's own origin may use what it serves", async () => {
  expect((await post(`${page.url}/sandbox/warp`, '{"to":1}', { origin: page.url })).status).toBe(
    200,
  );
});

test("behind a proxy that adds to the header a client cannot choose its address; nor by taking another of its /64", async () => {
  const proxies = {
    relay: { accept: async () => undefined } as never,
    body: JSON.stringify({
      messages: [encodeMessage(coverMessage())],
      stamp: { epoch: "", work: [0] },
    }),
  };
  const api = async (trustProxy: false | string) =>
    (
      await createApi({
        views: () => [],
        findRelay: () => proxies.relay,
        isDatabaseUp: async () => true,
        logger: createLogger("silent"),
        requestsPerMinute: 5,
        trustProxy,
      })
    ).app;
  const taken = async (trustProxy: false | string, header: (i: number) => string) => {
    const app = await api(trustProxy);
    const statuses: number[] = [];
    for (let i = 0; i < 30; i++) {
      const { statusCode } = await app.inject({
        method: "POST",
        url: `/rounds/${ROUND}/messages`,
        headers: { "content-type": "application/json", "x-forwarded-for": header(i) },
        payload: proxies.body,
      });
      statuses.push(statusCode);
    }
    return statuses.filter((status) => status === 202).length;
  };
  for (const trust of [false, "127.0.0.1", "127.0.0.0/8,::1"] as const)
    expect(await taken(trust, (i) => `198.51.100.${i}, 203.0.113.9`), String(trust)).toBe(5);
  expect(await taken("127.0.0.1", (i) => `2001:db8:1:2::${i + 1}`)).toBe(5);
  expect(await taken("127.0.0.1", (i) => `2001:db8:1:${i + 1}::1`)).toBe(30); // others' networks are others
  expect(
    await taken("127.0.0.1,203.0.113.9", (i) => `198.51.100.7, 192.0.2.${i}, 203.0.113.9`),
  ).toBe(30); // two proxies: the last before them is the client
});

test("pages anywhere may read the API and hand nothing in; refusals can be read too", async () => {
  const { app } = await createApi({
    views: () => [],
    findRelay: () => undefined,
    isDatabaseUp: async () => true,
    logger: createLogger("silent"),
    requestsPerMinute: 5,
    trustProxy: false,
  });
  const asked = (method: "GET" | "OPTIONS" | "POST", url: string) =>
    app.inject({ method, url, headers: { origin: "https://elsewhere.example" } });
  for (const url of ["/health", "/rounds", `/rounds/${ROUND}`, "/openapi.json", "/nothing"])
    expect((await asked("GET", url)).headers["access-control-allow-origin"], url).toBe("*");
  for (const method of ["OPTIONS", "POST"] as const)
    expect(
      (await asked(method, `/rounds/${ROUND}/messages`)).headers["access-control-allow-origin"],
    ).toBeUndefined();
});

test("what is no picture's bytes is the sender's error, whatever it is called, and reads no other file", async () => {
  const content = new Content({
    ...{ folder: path.join(folder, "pictures"), mostBytes: 1_000, lookAgain: 0 },
    readWanted: async () => new Set(),
  });
  const { app } = await createApi({
    ...{ views: () => [], findRelay: () => undefined, content },
    isDatabaseUp: async () => true,
    logger: createLogger("silent"),
    requestsPerMinute: 100,
    trustProxy: false,
  });
  const digest = "a".repeat(64);
  const put = async (type: string | undefined, payload: string) =>
    (
      await app.inject({
        ...{ method: "PUT", url: `/content/${digest}`, payload },
        ...(type === undefined ? {} : { headers: { "content-type": type } }),
      })
    ).statusCode;
  for (const body of ["null", "{}", "[137,80,78,71]", '"x"', '{"length":5}'])
    expect(await put("application/json", body), body).toBe(415);
  expect(await put("text/plain", "x")).toBe(415);
  for (const type of [undefined, "application/octet-stream"]) expect(await put(type, "")).toBe(400);
  expect(await put("application/octet-stream", "x")).toBe(400);
  expect(await put("application/octet-stream", "x".repeat(300_000))).toBe(413);
  for (const name of ["..%2f..%2fetc%2fpasswd", "A".repeat(64), "%00", `${digest}/..`])
    expect((await app.inject({ method: "GET", url: `/content/${name}` })).statusCode).toBe(400);
  expect(existsSync(path.join(folder, "pictures"))).toBe(false);
});

test("who sends a request byte by byte is hung up on", async () => {
  const { app } = await createApi({
    views: () => [],
    findRelay: () => undefined,
    isDatabaseUp: async () => true,
    logger: createLogger("silent"),
    requestsPerMinute: 5,
    trustProxy: false,
  });
  // The engine looks every 30 s, so the test reads the settings: 0 is for ever.
  for (const seconds of [app.server.requestTimeout, app.server.headersTimeout]) {
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60_000);
  }
});

test("a port in use is named with the option that changes it", async () => {
  const other = net.createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as net.AddressInfo;
  const { app } = await createApi({
    views: () => [],
    findRelay: () => undefined,
    isDatabaseUp: async () => true,
    logger: createLogger("silent"),
    requestsPerMinute: 5,
    trustProxy: false,
  });
  for (const option of ["--listen", "--metrics"])
    await expect(listenAt(app, { host: "127.0.0.1", port }, option)).rejects.toThrow(
      new RegExp(`Another program listens on 127.0.0.1:${port} already.[^]*port with ${option}`),
    );
  await expect(listenAt(app, { host: "192.0.2.1", port }, "--listen")).rejects.toThrow(
    `It is not possible to listen on 192.0.2.1:${port}.`,
  );
  other.close();
});

test("--trust-proxy takes the addresses of proxies, and nothing that trusts everybody", () => {
  expect(parseProxies("10.0.0.0/8, fd00::/8,127.0.0.1")).toBe("10.0.0.0/8,fd00::/8,127.0.0.1");
  for (const text of ["true", "0", "1", "", "*", "10.0.0.0/99", "0.0.0.0/0", "::/0", "nginx"])
    expect(() => parseProxies(text), text).toThrow("Not addresses of proxies");
});

test("logs and errors name of a URL its server alone", () => {
  let logged = "";
  const logger = createLogger("info", { write: (line) => void (logged += line) });
  const secrets = [
    "https://node.example/v3/5ecret",
    "https://u:5ecret@node.example/",
    "wss://node.example?key=5ecret",
    "postgres://t:5e/cret@db/x",
    "postgres://t:5ecret@db/x",
  ];
  for (const url of secrets) {
    logger.warn(
      { error: describeError(new Error(`The RPC at ${url} does not answer.`)) },
      "trying again",
    );
    expect(withoutSecrets(`at "${url}".`)).not.toMatch(/5ecret|5e\/cret/);
  }
  expect(logged).not.toMatch(/5ecret|5e\/cret/);
  expect(logged.match(/node\.example/g)).toHaveLength(3);
  expect(withoutSecrets("listening on http://127.0.0.1:8646, /var/lib/tacit and a://b/.")).toBe(
    "listening on http://127.0.0.1:8646, /var/lib/tacit and a://b/.",
  );
});

test.each([
  [null],
  ["x"],
  [{ failed: null }],
  [{ proof: { a: ["x"] }, signals: ["y"], seconds: null }],
  [{ proof: null, signals: [], seconds: null }],
])("a worker's answer %j is an error with a name, not a crash", async (outcome) => {
  await expect(
    accept(
      { deleteJob: async () => undefined as never },
      "id",
      { name: "fold_small", vkey: {} } as never,
      outcome as never,
    ),
  ).rejects.toThrow(/./);
});

test("the lock of scripts/enter.sh runs nothing that stands in a folder's name", () => {
  const evil = path.join(folder, "a $(touch ran) `touch ran` b");
  mkdirSync(path.join(evil, "scripts"), { recursive: true });
  const functions = readFileSync(fromRoot("scripts/enter.sh"), "utf8").replace(
    /^find_node\n[^]*$/m,
    'mkdir "$root/.tools"\nlock_directory "$root/.tools/install.lock"\n',
  );
  writeFileSync(path.join(evil, "scripts", "enter.sh"), functions);
  const { status } = spawnSync("bash", [path.join(evil, "scripts", "enter.sh"), "build"], {
    cwd: evil,
  });
  expect(status).toBe(0);
  expect(readdirSync(path.join(evil, ".tools"))).toEqual([]); // released
  expect(existsSync(path.join(evil, "ran"))).toBe(false);
});
