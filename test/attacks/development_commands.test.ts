import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportSite } from "../../scripts/page/export_site.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { BUILT } from "../../src/chain/contracts.ts";
import { toJson } from "../../src/cli/output/output.ts";
import { writeKeyFile } from "../../src/cli/input/key_file.ts";
import {
  devnetAddress,
  devnetKey,
  startDevnetChain,
  type DevnetChain,
} from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { createDevnet, type Devnet } from "../../src/devnet/devnet.ts";
import { trustedContracts, trustedVerifiers } from "../../src/proofs/trusted_contracts.ts";
import {
  circuitArtifacts,
  developmentCircuits,
  openArtifacts,
  type CircuitManifest,
} from "../../src/proofs/artifacts.ts";
import { tacit } from "../helpers/cli.ts";
import { keysFolder, unguarded } from "./support/key_folders.ts";
import { quadraticChoice } from "../../src/payouts/quadratic.ts";

/*
 * The attack is the user's own tools: on a real chain they take development keys where they were told of others, or of none. So every
 * command that takes keys runs here against chain 1, with each kind of folder that is not a whole set of keys of a ceremony.
 */
const BUILD = fromRoot("build");
let folder: string;
let chain: DevnetChain;
let server: RpcServer;
let devnet: Devnet;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-development-"));
  chain = await startDevnetChain({ chainId: 1 });
  server = await serveRpc(chain.provider, 18_745);
  const [small, large, close] = await Promise.all(
    ["fold_small", "fold_large", "close"].map(unguarded),
  );
  const verifiers = { small: small!.bytecode, large: large!.bytecode, close: close!.bytecode };
  devnet = await createDevnet(chain, {
    projects: ["Birds"],
    unit: 1n,
    size: "small",
    rule: quadraticChoice("pay"),
    verifiers,
  });
  await chain.warpTo(devnet.config.end);
  await chain.as("coordinator");
  await writeFile(at("account.key"), `${devnetKey("coordinator")}\n`, { mode: 0o600 });
  await writeKeyFile(at("coordinator.json"), "coordinator", devnet.coordinator);
  await writeFile(
    at("deployment.json"),
    toJson({ kind: "tacit deployment", version: 1, ...devnet.deployment }),
  );
  await writeFile(at("donations.csv"), "donor,project,amount\nana,Birds,1\n");
});

afterAll(async () => {
  await server.close();
  await chain.close();
  await rm(folder, { recursive: true, force: true });
});

const sent = async () => chain.read.getTransactionCount({ address: devnetAddress("coordinator") });
const COMMANDS: Readonly<Record<string, (keys: string) => readonly string[]>> = {
  deploy: (keys) => [
    "deploy",
    "--rpc",
    server.url,
    "--account-key",
    at("account.key"),
    "--out",
    at("new.json"),
    "--artifacts",
    keys,
  ],
  tally: (keys) => [
    "tally",
    "--rpc",
    server.url,
    "--round",
    devnet.round,
    "--account-key",
    at("account.key"),
    "--key-file",
    at("coordinator.json"),
    "--store",
    at("proofs"),
    "--artifacts",
    keys,
  ],
  coordinator: (keys) => [
    "coordinator",
    "--rpc",
    server.url,
    "--round",
    `${devnet.round}=${at("coordinator.json")}`,
    "--account-key",
    at("account.key"),
    "--database",
    ":memory:",
    "--archive",
    at("archive"),
    "--no-http",
    "--log-level",
    "silent",
    "--exit-when-done",
    "--artifacts",
    keys,
  ],
  "create-round": (keys) => [
    "create-round",
    "--rpc",
    server.url,
    "--account-key",
    at("account.key"),
    "--deployment",
    at("deployment.json"),
    "--coordinator-key",
    at("coordinator.json"),
    "--end",
    "+7d",
    "--artifacts",
    keys,
  ],
  verify: (keys) => ["verify", "--rpc", server.url, "--round", devnet.round, "--artifacts", keys],
};
/** Commands that know no chain of their own. */
const CHAINLESS: typeof COMMANDS = {
  run: (keys) => ["run", at("donations.csv"), "--artifacts", keys],
  worker: (keys) => [
    "worker",
    "--queue",
    "postgres://127.0.0.1:1/none",
    "--worker-key",
    at("worker.key"),
    "--artifacts",
    keys,
  ],
};

/** Exit code 1, these words, and nothing done. */
async function refused(args: readonly string[], words: readonly string[]): Promise<void> {
  const before = await sent();
  const { code, out, err } = await tacit(args);
  expect(
    [code, out, words.filter((word) => !err.includes(word)).length === 0 ? words : err],
    args.join(" "),
  ).toEqual([1, "", words]);
  expect(await sent()).toBe(before);
  expect(existsSync(at("new.json"))).toBe(false);
}

describe("on chain 1", () => {
  it.each(Object.keys(COMMANDS))(
    "P6 `tacit %s` refuses development keys, and a set of keys with one development key in it, and says which",
    async (name) => {
      const command = COMMANDS[name]!;
      await refused(command(BUILD), [
        "Development proving keys are refused on chain 1",
        "close",
        "fold_small",
        "fold_large",
      ]);
      for (const circuit of ["close", "fold_small", "fold_large"]) {
        const keys = await keysFolder(at(`one ${circuit}`), (circuits) => ({
          ...circuits,
          [circuit]: { ...circuits[circuit], development: true },
        }));
        await refused(command(keys), [
          "Development proving keys are refused on chain 1",
          `development keys: ${circuit}\n`,
        ]);
      }
    },
  );

  it("P6 a site for it is not written with them", async () => {
    const config = (id: number) =>
      JSON.stringify({
        chains: [
          { id: 31337, name: "here", rpc: ["./rpc"], fromBlock: 0 },
          { id, name: "there", rpc: ["./rpc"], fromBlock: 0 },
        ],
      });
    await writeFile(at("site.json"), config(1));
    await expect(
      exportSite({
        configFile: at("site.json"),
        out: at("site"),
        artifacts: await openArtifacts(BUILD),
      }),
    ).rejects.toThrow("Development proving keys are refused on chain 1");
    expect(existsSync(at("site"))).toBe(false);
  });
});

describe("a set of keys with something missing", () => {
  const without =
    (name: string, part: keyof CircuitManifest) => (circuits: Record<string, CircuitManifest>) => {
      const { [part]: left, ...rest } = circuits[name] as CircuitManifest;
      return { ...circuits, [name]: rest };
    };
  const folders = [
    [
      "circuit fold_large is missing",
      ({ fold_large: left, ...rest }: Record<string, CircuitManifest>) => rest,
    ],
    ["the keys of close come without their verifier", without("close", "verifier")],
    ["whether the keys of fold_small are development keys", without("fold_small", "development")],
  ] as const;

  it.each(folders)("P6 is refused by every command, on every chain: %s", async (why, change) => {
    await writeFile(at("worker.key"), `${"1".repeat(64)}\n`, { mode: 0o600 });
    const keys = await keysFolder(at(`no ${why}`), change);
    for (const command of Object.values({ ...COMMANDS, ...CHAINLESS }))
      await refused(command(keys), ["does not describe a whole set of keys", why]);
  });

  it("P6 is never filled up: what is deployed, and what is expected on chain, comes from the set of keys, circuit by circuit", async () => {
    const artifacts = await openArtifacts(
      await keysFolder(at("mixed"), (circuits) => ({
        ...circuits,
        close: { ...circuits["close"], development: true },
      })),
    );
    expect(developmentCircuits(artifacts)).toEqual(["close"]);
    expect(await trustedVerifiers(artifacts)).toEqual({
      small: (await unguarded("fold_small")).bytecode,
      large: (await unguarded("fold_large")).bytecode,
      close: BUILT.close,
    });
    await writeFile(
      at("mixed/FoldVerifierSmall.json"),
      JSON.stringify({ bytecode: "0x00", deployedBytecode: "0x00" }),
    );
    await expect(trustedVerifiers(artifacts)).rejects.toThrow(
      "not the one that the manifest names",
    );
    await expect(trustedContracts(artifacts)).rejects.toThrow(
      "not the one that the manifest names",
    );
  });

  it("P6 nor is a file that was changed ever used: witness program, proving key, verifying key", async () => {
    for (const part of ["wasm", "zkey", "vkey"] as const) {
      const keys = await keysFolder(at(`changed ${part}`), (circuits) => ({
        ...circuits,
        close: { ...circuits["close"], [part]: { ...circuits["close"]![part], file: "changed" } },
      }));
      const built = (
        JSON.parse(await readFile(fromRoot("build", "manifest.json"), "utf8")) as {
          circuits: Record<string, CircuitManifest>;
        }
      ).circuits["close"]!;
      await copyFile(fromRoot("build", built[part].file), path.join(keys, "changed"));
      const artifacts = await openArtifacts(keys);
      await circuitArtifacts(artifacts, "close");
      const bytes = await readFile(path.join(keys, "changed"));
      bytes[bytes.length - 2]! ^= 1;
      await writeFile(path.join(keys, "changed"), bytes);
      await expect(circuitArtifacts(artifacts, "close"), part).rejects.toThrow(
        "not the one that the manifest names",
      );
    }
  });
});

describe("on a development chain", () => {
  it("commands name development keys", async () => {
    const own = await startDevnetChain();
    const rpc = await serveRpc(own.provider, 18_745);
    try {
      await own.as("coordinator");
      const on = ["--rpc", rpc.url, "--account-key", at("account.key")];
      const deployed = await tacit(["deploy", ...on, "--out", at("own.json")]);
      expect([deployed.code, deployed.out]).toEqual([
        0,
        expect.stringContaining(
          "Development keys (close, fold_small, fold_large): anybody can forge",
        ),
      ]);
      const created = await tacit([
        "create-round",
        ...on,
        "--deployment",
        at("own.json"),
        "--coordinator-key",
        at("coordinator.json"),
        "--end",
        "+7d",
      ]);
      expect([created.code, created.out]).toEqual([
        0,
        expect.stringContaining(
          "Development keys (close, fold_small, fold_large): anybody can forge",
        ),
      ]);
    } finally {
      await rpc.close();
      await own.close();
    }
  });
});
