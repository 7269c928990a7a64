import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { noDisplay, startDisplay } from "../../../scripts/pipeline/chromium.ts";
import { noOtherBrowser } from "../../../scripts/pipeline/skips.ts";
import { freePort } from "../../helpers/free_port.ts";

/** A browser other than Chromium, driven by the standard that it speaks itself. */
export type OtherBrowser = {
  readonly open: (url: string) => Promise<void>;
  /** What an expression in the page comes to, as JSON. */
  readonly ask: (expression: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
};
export type Kind = {
  readonly name: string;
  /** Why there is none here; undefined where there is one. */
  readonly missing: string | undefined;
  readonly start: () => Promise<OtherBrowser>;
};

const find = (...files: readonly string[]): string | undefined =>
  files.find((file) => existsSync(file));

const FIREFOX = find("/usr/bin/firefox-esr", "/usr/bin/firefox");

export const firefox: Kind = {
  name: "Firefox",
  missing: FIREFOX === undefined ? noOtherBrowser("Firefox", "firefox-esr") : undefined,
  start: startFirefox,
};

const WEBKIT_DRIVER = find("/usr/bin/WebKitWebDriver");
/** The smallest browser of the engine; Debian has it beside the engine itself. */
const WEBKIT_BROWSER = globSync("/usr/lib/*/webkit*gtk-*/MiniBrowser")[0];

export const webkit: Kind = {
  name: "WebKit",
  missing:
    WEBKIT_DRIVER === undefined || WEBKIT_BROWSER === undefined
      ? noOtherBrowser("WebKit", "webkit2gtk-driver")
      : noDisplay(),
  start: startWebKit,
};

/** The first match in what a program prints. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = "";
    const read = (data: Buffer) => {
      all += String(data);
      const found = pattern.exec(all)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${all.slice(-2_000)}`)));
  });
}

/** A program's end, by force where it must be. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(timer);
}

/** By WebDriver BiDi, which Firefox speaks without another program. */
async function startFirefox(): Promise<OtherBrowser> {
  const profile = await mkdtemp(path.join(os.tmpdir(), "tacit-firefox-"));
  const child = spawn(
    FIREFOX as string,
    ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, HOME: profile } },
  );
  const address = await printed(child, /WebDriver BiDi listening on (ws:\/\/\S+)/);
  const socket = new WebSocket(`${address}/session`);
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener("message", ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", () => reject(new Error("Firefox takes no connection")), {
      once: true,
    });
  });
  let last = 0;
  const call = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const id = ++last;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params }));
    const { type, result, error, message } = await promise;
    waiting.delete(id);
    if (type === "error") throw new Error(`${method}: ${error} ${message}`);
    return result as Record<string, unknown>;
  };
  await call("session.new", { capabilities: {} });
  const { contexts } = (await call("browsingContext.getTree", {})) as {
    contexts: readonly { context: string }[];
  };
  const context = contexts[0]?.context as string;
  return {
    open: async (url) =>
      void (await call("browsingContext.navigate", { context, url, wait: "complete" })),
    async ask(expression) {
      const { type, result, exceptionDetails } = (await call("script.evaluate", {
        expression: `JSON.stringify((${expression}) ?? null)`,
        target: { context },
        awaitPromise: true,
      })) as { type: string; result?: { value: string }; exceptionDetails?: { text: string } };
      if (type !== "success") throw new Error(exceptionDetails?.text);
      return JSON.parse(result?.value as string);
    },
    async close() {
      await call("browser.close", {}).catch(() => undefined);
      socket.close();
      await end(child);
      await rm(profile, { recursive: true, force: true });
    },
  };
}
type Answer = {
  readonly id?: number;
  readonly type: string;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
};

/** By W3C WebDriver over HTTP; WebKit has no mode without a window, so it gets a display that nobody sees. */
async function startWebKit(): Promise<OtherBrowser> {
  const [home, display] = [
    await mkdtemp(path.join(os.tmpdir(), "tacit-webkit-")),
    await startDisplay(),
  ];
  const port = await freePort();
  const driver = spawn(WEBKIT_DRIVER as string, [`--port=${port}`, "--host=127.0.0.1"], {
    stdio: "ignore",
    // LC_ALL: whose system names no language calls it "C", and so does WebKit.
    env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, DISPLAY: display.name, LC_ALL: "C" },
  });
  const call = async (
    method: "POST" | "DELETE",
    where: string,
    body?: object,
  ): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}/session${where}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (response.ok) return value;
    const { error, message } = value as { error: string; message: string };
    throw new Error(`${where}: ${error} ${message}`);
  };
  while (
    !(await fetch(`http://127.0.0.1:${port}/status`).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended with ${driver.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const { sessionId } = (await call("POST", "", {
    capabilities: {
      alwaysMatch: {
        "webkitgtk:browserOptions": { binary: WEBKIT_BROWSER, args: ["--automation"] },
      },
    },
  })) as { sessionId: string };
  return {
    open: async (url) => void (await call("POST", `/${sessionId}/url`, { url })),
    async ask(expression) {
      const script = `return Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`;
      return JSON.parse(
        (await call("POST", `/${sessionId}/execute/sync`, { script, args: [] })) as string,
      );
    },
    async close() {
      await call("DELETE", `/${sessionId}`).catch(() => undefined);
      await end(driver);
      display.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
