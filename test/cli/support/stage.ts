import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Address } from "viem";
import { multiplyBase } from "../../../src/crypto/curve.ts";
import { devnetKey, startDevnetChain, type DevnetChain } from "../../../src/devnet/chain.ts";
import { serveRpc } from "../../../src/devnet/rpc_server.ts";
import { tacitJson } from "../../helpers/cli.ts";

/** What commands are tried on: a devnet behind HTTP with the contracts on it, and a folder for files. */
export type Stage = {
  readonly chain: DevnetChain;
  /** Where the chain's JSON-RPC is served. */
  readonly url: string;
  /** The path of a file in the stage's own folder. */
  readonly file: (name: string) => string;
  /** The token that anybody may mint. */
  readonly token: Address;
  /** The arguments that make a round of these contracts, which ends when `more` says. */
  readonly create: (...more: readonly string[]) => string[];
  readonly close: () => Promise<void>;
};

/** The environment of a command that this account sends. */
export const by = (name: string) => ({ env: { TACIT_ACCOUNT_KEY: devnetKey(name) } });

/** `accounts` are those that have coin beside the organiser, who deploys. */
export async function startStage(...accounts: readonly string[]): Promise<Stage> {
  const chain = await startDevnetChain();
  const server = await serveRpc(chain.provider, 18_645);
  const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-commands-"));
  const file = (name: string) => path.join(folder, name);
  for (const name of ["organiser", ...accounts]) await chain.as(name);
  const { testToken } = await tacitJson<{ testToken: Address }>(
    ["deploy", "--rpc", server.url, "--out", file("deployment.json"), "--test-token"],
    by("organiser"),
  );
  const { x, y } = multiplyBase(7n);
  return {
    chain,
    url: server.url,
    file,
    token: testToken,
    create: (...more) => [
      ...["create-round", "--rpc", server.url, "--deployment", file("deployment.json")],
      ...["--coordinator-key", `${x},${y}`, ...more],
    ],
    async close() {
      await server.close();
      await chain.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
