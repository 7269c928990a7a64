import { mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BaseError } from "../../src/errors.ts";
import { showError } from "../../src/cli/program.ts";
import { startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { tacit } from "../helpers/cli.ts";

const NOWHERE = "http://127.0.0.1:9";
const ROUND = `0x${"12".repeat(20)}`;
const KEY = `0x${"ab".repeat(32)}`;
let chain: DevnetChain;
let server: RpcServer;
let folder: string;

beforeAll(async () => {
  chain = await startDevnetChain();
  server = await serveRpc(chain.provider, 18645);
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-errors-"));
});
afterAll(async () => {
  await server.close();
  await chain.close();
});

describe("errors say what is wrong and what to do", () => {
  test("the RPC is down", { timeout: 60_000 }, async () => {
    const { code, err } = await tacit(["status", "--round", ROUND, "--rpc", NOWHERE]);
    expect(code).toBe(1);
    expect(err).toContain(`The RPC at ${NOWHERE} does not answer.`);
    expect(err).toContain("What to do:");
  });

  test("the RPC serves another chain", async () => {
    const { code, err } = await tacit([
      "status",
      "--round",
      ROUND,
      "--rpc",
      server.url,
      "--chain",
      "10",
    ]);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining("serves chain 31337, not chain 10") as string,
    });
  });

  test("there is no round at the address", async () => {
    const { code, err } = await tacit(["status", "--round", ROUND, "--rpc", server.url]);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        "is not a round that this version's factory made: there is no contract on this chain",
      ) as string,
    });
  });

  test("no account", async () => {
    const { code, err } = await tacit(["abort", "--round", ROUND, "--rpc", server.url]);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining("No account is given") as string,
    });
  });

  test("a file that is not an account key is not repeated in the message", async () => {
    const file = path.join(folder, "account.key");
    await writeFile(file, `${KEY}00`);
    const { code, err } = await tacit([
      "abort",
      "--round",
      ROUND,
      "--rpc",
      server.url,
      "--account-key",
      file,
    ]);
    expect(code).toBe(1);
    expect(err).toContain("does not hold an account's private key");
    expect(err).not.toContain("abab");
  });

  test("a foreign artifacts folder", async () => {
    const { code, err } = await tacit(
      ["deploy", "--rpc", server.url, "--out", path.join(folder, "d.json"), "--artifacts", folder],
      { env: { TACIT_ACCOUNT_KEY: KEY } },
    );
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining("manifest.json is missing") as string,
    });
  });

  test("a deployment file that is not one", async () => {
    const file = path.join(folder, "deployment.json");
    await writeFile(file, '{"kind":"something"}');
    const { code, err } = await tacit(
      [
        "create-round",
        "--deployment",
        file,
        "--coordinator-key",
        "1,2",
        "--end",
        "+1d",
        "--rpc",
        server.url,
      ],
      { env: { TACIT_ACCOUNT_KEY: KEY } },
    );
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining("is not a deployment file") as string,
    });
  });
});

describe("showError", () => {
  class PlainError extends BaseError {}
  test("our own errors as they are", () => {
    expect(
      showError(new PlainError("It broke.", { details: ["here"], fix: "Mend it." }), false),
    ).toBe("error: It broke.\n  here\nWhat to do: Mend it.");
  });
  test("others in one line, with their stack only if asked for", () => {
    const error = new TypeError("x is undefined\nat y");
    expect(showError(error, false).split("\n")[0]).toBe("error: x is undefined");
    expect(showError(error, true)).toContain("errors.test.ts");
  });
});
