import { cp, readFile, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeAbiParameters, type Address, type Hex } from "viem";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { mint } from "../../src/chain/mint.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { readConfig } from "../../src/chain/provenance.ts";
import {
  devnetAddress,
  devnetKey,
  startDevnetChain,
  type DevnetChain,
} from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { installPacked, namesBelow, type Project } from "./support/project.ts";

/** Runtime code of `ownerOf(uint256 id)` that answers address(id): calldataload(4), mstore(0), return 32 bytes. */
const OWNER_OF_IS_ID = "0x60043560005260206000f3";

// What somebody has who installs the tarball and nothing else.

let project: Project;

beforeAll(async () => {
  project = await installPacked();
});

afterAll(() => project.remove());

const tacit = (args: readonly string[], env?: Readonly<Record<string, string>>) =>
  project.run(project.file("node_modules", ".bin", "tacit"), args, env);

const CONSUMER = `
import contracts from "tacit/trusted/contracts.json" with { type: "json" };
import small from "tacit/trusted/small.json" with { type: "json" };
import { allocate, BaseError, connectRead, createMessages, KNOWN_FACTORIES, knownFactory, verifyRound, type KnownFactory, type VerificationReport } from "tacit";
import { packagedArtifacts, trustedContracts, trustedKeys, type Contracts, type TrustedKeys } from "tacit/verify";
import { estimate, RATES, runTally, type TallyOptions, type TallyResult } from "tacit/coordinator";

export const keys = async (size: number): Promise<TrustedKeys> => trustedKeys(await packagedArtifacts(), size);
export const verify = async (round: \`0x\${string}\`): Promise<VerificationReport> => verifyRound({ client: connectRead("http://127.0.0.1:1"), round, contracts: await trustedContracts(await packagedArtifacts()), keys });
export const inAPage = { contracts: contracts as Contracts, keys: small satisfies TrustedKeys };
export const tally = (options: TallyOptions): Promise<TallyResult> => runTally(options);
export const factories: readonly KnownFactory[] = KNOWN_FACTORIES;
export const fee: bigint = (await keys(0)).fold.nPublic === 2 ? 0n : 1n;
export const messages: bigint[][] = createMessages({} as Parameters<typeof createMessages>[0]);
export const seconds: number = estimate({ donors: 1, messages: 1, projects: 1, workers: 1, size: "small", prover: "snarkjs", relayed: 1 }, { ...RATES, gas: {} as never }).seconds.total;
export const votes: readonly bigint[] = allocate([1n], 1n, 1n).votes;
knownFactory(1)?.factory satisfies string | undefined;
// @ts-expect-error a round is an address
void verify(5);
// @ts-expect-error the keys' type is known, and not any
void ((await keys(0)).fold.nPublic satisfies string);
new BaseError("x", { fix: "y" }).fix satisfies string | undefined;
`;

/** Every `@example` of the declarations as a function of its own; what an example does not make itself is given. */
async function documentedExamples(): Promise<string> {
  const folder = project.file("node_modules", "tacit", "dist");
  const texts = await Promise.all(
    (await namesBelow(folder))
      .filter((name) => name.endsWith(".d.ts"))
      .map((name) => readFile(`${folder}/${name}`, "utf8")),
  );
  const examples = texts.flatMap((text) =>
    [...text.matchAll(/@example\n \* ```ts\n((?: \* .*\n)+?) \* ```/g)].map(([, code = ""]) =>
      code.replace(/^ \* /gm, "  "),
    ),
  );
  expect(examples.length).toBeGreaterThan(8);
  return `import * as tacit from "tacit";
import { hexToBytes, type Address, type WalletClient } from "viem";
const { ${[...new Set(examples.join(" ").match(/\b[a-z][A-Za-z]+(?=\()/g))].filter((name) => !["hexToBytes", "signMessage", "keys"].includes(name)).join(", ")} } = tacit;
${examples
  .map(
    (
      code,
      i,
    ) => `export async function example${i}({ client, donor, relay, wallet, round, payer, config, contracts, keys, messages }: {
  client: tacit.ReadClient; donor: tacit.WriteClient; relay: tacit.WriteClient; wallet: WalletClient; round: Address; payer: Address;
  config: tacit.RoundConfig; contracts: tacit.Contracts; keys: tacit.TrustedKeys; messages: readonly tacit.MessageWords[];
}) {
  {
${code}  }
  void [client, donor, relay, wallet, round, payer, config, contracts, keys, messages];
}`,
  )
  .join("\n")}`;
}

describe("the tarball", () => {
  test("has entry points, declarations, ABIs, generated Solidity, verifying keys; no tests, no sources of other rooms, no proving keys", () => {
    for (const name of [
      "dist/index.js",
      "dist/index.d.ts",
      "dist/entries/verify.js",
      "dist/entries/coordinator.d.ts",
      "dist/cli/main.js",
      "dist/proofs/pool_worker.js",
      "dist/coordinator/planning/prepare_worker.js",
      "dist/chain/generated/abis.js",
      "dist/abi/IRound.json",
      "contracts/generated/Params.sol",
      "contracts/interfaces/IGate.sol",
      "contracts/generated/FoldVerifierSmall.sol",
      "build/manifest.json",
      "build/keys/close.dev.vkey.json",
      "dist/trusted/contracts.json",
      "dist/trusted/small.json",
      "bin/tacit",
      "LICENSE",
    ])
      expect(project.packed).toContain(name);
    expect(
      project.packed.filter((name) =>
        /^(src|test|scripts|frontend|circuits|tools|node_modules)\/|\.zkey$|\.wasm$|mocks\/|(?<!\.d)\.ts$/.test(
          name,
        ),
      ),
    ).toEqual([]);
  });

  test("every entry of exports leads to a packed file", async () => {
    const { exports } = JSON.parse(
      await readFile(project.file("node_modules", "tacit", "package.json"), "utf8"),
    ) as { exports: Record<string, string | { types: string; default: string }> };
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? [target] : Object.values(target),
    );
    const isPacked = (target: string) =>
      project.packed.some((name) =>
        target.endsWith("/*")
          ? `./${name}`.startsWith(target.slice(0, -1))
          : `./${name}` === target,
      );
    expect(targets.filter((target) => !isPacked(target))).toEqual([]);
    expect(targets.length).toBeGreaterThan(8);
  });

  test("names the proving artifacts by their hashes, and its verifying keys have theirs", async () => {
    const { circuits } = JSON.parse(
      await readFile(project.file("node_modules", "tacit", "build", "manifest.json"), "utf8"),
    ) as {
      circuits: Record<string, Record<"vkey" | "zkey" | "wasm", { file: string; sha256: string }>>;
    };
    for (const { vkey, zkey, wasm } of Object.values(circuits)) {
      expect(
        createHash("sha256")
          .update(await readFile(project.file("node_modules", "tacit", "build", vkey.file)))
          .digest("hex"),
      ).toBe(vkey.sha256);
      expect([zkey.sha256, wasm.sha256].every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    }
    expect(Object.keys(circuits)).toHaveLength(3);
  });
});

describe("tacit, from the package alone", () => {
  test("shows its help and version, and calculates", async () => {
    const { version } = JSON.parse(await readFile(fromRoot("package.json"), "utf8")) as {
      version: string;
    };
    expect(await tacit(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
    expect(await tacit(["--help"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("tacit run donations.csv") as string,
    });
    expect(await tacit(["estimate", "--donors", "10", "--json"])).toMatchObject({ code: 0 });
  });

  test("says which package a chain of its own needs", async () => {
    await writeFile(
      project.file("donations.csv"),
      "donor,project,amount\nAna,Birds,9\nBen,Birds,4\n",
    );
    const { code, err } = await tacit(["run", "donations.csv"]);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /needs the package "hardhat".*\nWhat to do: Install it beside tacit/,
      ) as string,
    });
  });
});

describe("a program of somebody else's", () => {
  test("type-checks against the declarations, which need no types that do not come with them", async () => {
    for (const name of ["typescript", "@types/node", "undici-types"]) await project.link(name);
    await writeFile(project.file("consumer.ts"), CONSUMER);
    await writeFile(project.file("documented.ts"), await documentedExamples());
    const compilerOptions = {
      target: "es2024",
      lib: ["es2024", "dom"],
      module: "nodenext",
      strict: true,
      noEmit: true,
      resolveJsonModule: true,
      skipLibCheck: false,
      types: ["node"],
      exactOptionalPropertyTypes: false,
    };
    await writeFile(
      project.file("tsconfig.json"),
      JSON.stringify({
        compilerOptions,
        include: ["consumer.ts", "documented.ts", "examples/**/*.ts"],
      }),
    );
    const { out } = await project.node([
      project.file("node_modules", "typescript", "bin", "tsc"),
      "--pretty",
      "false",
      "--preserveSymlinks",
    ]);
    // What other packages' declarations lack is theirs.
    expect(
      out
        .split("\n")
        .filter((line) => /^(consumer|documented|examples|node_modules\/tacit)\b/.test(line)),
    ).toEqual([]);
  });

  test("runs every entry point under Node", async () => {
    const script =
      'for (const name of ["tacit", "tacit/donor", "tacit/verify", "tacit/coordinator"]) { const all = await import(name); console.log(name, Object.keys(all).length > 5); } process.exit(0);';
    expect(await project.node(["--input-type=module", "--eval", script])).toMatchObject({
      code: 0,
      out: "tacit true\ntacit/donor true\ntacit/verify true\ntacit/coordinator true\n",
    });
  });

  test("bundles for a browser: no module of Node, and no prover in a page that only gives", async () => {
    await project.link("vite");
    await writeFile(project.file("index.html"), '<script type="module" src="./page.ts"></script>');
    const bundle = async (...names: string[]) => {
      await writeFile(
        project.file("page.ts"),
        `import { ${names.join(", ")} } from "tacit";\nObject.assign(window, { ${names.join(", ")} });\n`,
      );
      const { code, out, err } = await project.node(
        [project.file("node_modules", "vite", "bin", "vite.js"), "build", "--minify", "false"],
        { NODE_ENV: "production" },
      );
      expect(`${out}${err}`).not.toMatch(/externalized for browser compatibility/);
      expect(code).toBe(0);
      return (
        await Promise.all(
          (
            await namesBelow(project.file("dist"))
          )
            .filter((name) => name.endsWith(".js"))
            .map((name) => readFile(project.file("dist", name), "utf8")),
        )
      ).join("\n");
    };
    const giving = await bundle("contribute", "createMessages", "generateKeyPair");
    expect(giving).toContain("createMessages");
    expect(giving).not.toMatch(/from ?"node:|groth16/);
    expect(await bundle("verifyRound")).toMatch(/groth16/);
  });

  test("compiles a gate against the interfaces with Hardhat", async () => {
    for (const name of ["hardhat", "solc"]) await project.link(name);
    await cp(
      project.file("examples", "gate", "HolderGate.sol"),
      project.file("contracts", "HolderGate.sol"),
    );
    await writeFile(
      project.file("hardhat.config.ts"),
      `
import { createRequire } from "node:module";
import { defineConfig } from "hardhat/config";
export default defineConfig({ solidity: { compilers: [{ version: "0.8.37", path: createRequire(import.meta.url).resolve("solc/soljson.js") }] } });
`,
    );
    const { code, err } = await project.node([
      project.file("node_modules", "hardhat", "dist", "src", "cli.js"),
      "build",
    ]);
    expect({ code, err }).toMatchObject({ code: 0 });
    const { abi } = JSON.parse(
      await readFile(
        project.file("artifacts", "contracts", "HolderGate.sol", "HolderGate.json"),
        "utf8",
      ),
    ) as { abi: { name?: string }[] };
    expect(abi.map(({ name }) => name)).toContain("admitTopUp");
  });
});

describe("a round, by the examples", () => {
  let chain: DevnetChain;
  let server: RpcServer;
  let env: Record<string, string>;
  const example = async <T>(
    name: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<T> => {
    const { code, out, err } = await project.node(
      ["--experimental-strip-types", project.file("examples", name)],
      { ...env, ...more },
    );
    if (code !== 0) throw new Error(`examples/${name}: exit code ${code}\n${err}`);
    return JSON.parse(out) as T;
  };
  const account = async (name: string) => {
    await chain.as(name); // gives it coin for gas
    return { ACCOUNT_KEY: devnetKey(name) };
  };
  const gateData = (name: string) =>
    encodeAbiParameters([{ type: "uint256" }], [BigInt(devnetAddress(name))]);

  beforeAll(async () => {
    chain = await startDevnetChain();
    server = await serveRpc(chain.provider, 18645);
    env = {
      RPC: server.url,
      COORDINATOR_KEY_FILE: project.file("coordinator.json"),
      ARTIFACTS: fromRoot("build"),
    };
    await project.link("solc");
    expect(await tacit(["keygen", "--coordinator", "--out", "coordinator.json"])).toMatchObject({
      code: 0,
    });
  });

  afterAll(async () => {
    await server.close();
    await chain.close();
  });

  test("gate, organise, give, tally, verify", async () => {
    // A membership whose token with an account's address as number belongs to that account.
    const members = "0x00000000000000000000000000000000000c0de1";
    await chain.provider.request({
      method: "hardhat_setCode",
      params: [members, OWNER_OF_IS_ID],
    } as never);
    const organiser = await account("organiser");
    const { gate } = await example<{ gate: Address }>("gate/deploy.ts", {
      ...organiser,
      TOKEN: members,
    });
    const { round, token } = await example<{ round: Address; token: Address }>("organise.ts", {
      ...organiser,
      GATE: gate,
    });
    Object.assign(env, { ROUND: round });

    const { ACCOUNT_KEY: RELAY_KEY } = await account("relay");
    for (const donor of ["ana", "ben"]) {
      await mint(await chain.as("organiser"), {
        token,
        to: devnetAddress(donor),
        amount: 10n ** 18n,
      });
      const given = await example<{ amount: string }>("give.ts", {
        ...(await account(donor)),
        RELAY_KEY,
        GATE_DATA: gateData(donor),
      });
      expect(given.amount).toBe(String(25n * 10n ** 16n));
    }
    // The gate admits nobody with somebody else's token, nor the same token again.
    await mint(await chain.as("organiser"), {
      token,
      to: devnetAddress("ana"),
      amount: 10n ** 18n,
    });
    await expect(
      example("give.ts", { ...(await account("ana")), RELAY_KEY, GATE_DATA: gateData("ben") }),
    ).rejects.toThrow(/examples\/give.ts: exit code 1/);
    await expect(
      example("give.ts", { ...(await account("ana")), RELAY_KEY, GATE_DATA: gateData("ana") }),
    ).rejects.toThrow(/examples\/give.ts: exit code 1/);

    expect(await tacit(["verify", "--round", round, "--rpc", server.url])).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is no result to verify") as string,
    });
    await chain.warpTo((await readConfig(chain.read, round, locateContracts(BUILT))).end);
    // The package has no proving keys, and says where they are.
    await expect(
      example("tally.ts", {
        ...organiser,
        ARTIFACTS: project.file("node_modules", "tacit", "build"),
      }),
    ).rejects.toThrow(/is missing or cannot be read[^]*npm run build/);
    const tally = await example<{ folds: number; results: { project: number; votes: string }[] }>(
      "tally.ts",
      organiser,
    );
    expect(tally.results.map((one) => [one.project, one.votes])).toEqual([
      [0, "8"],
      [1, "6"],
    ]);

    const verified = await example<{ ok: boolean; results: unknown }>("verify.ts");
    expect(verified).toMatchObject({ ok: true, results: tally.results });
    expect(await tacit(["verify", "--round", round, "--rpc", server.url])).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        "Verdict: the result follows from the proofs, but these are development keys",
      ) as string,
    });

    // A contract whose code is not that of a round of this version's factory is neither verified nor given to.
    const code = (await chain.read.getCode({ address: round })) as Hex;
    await chain.provider.request({
      method: "hardhat_setCode",
      params: [
        round,
        code.replace(/^0x363d3d373d3d3d363d73.{40}/, `0x363d3d373d3d3d363d73${members.slice(2)}`),
      ],
    } as never);
    await expect(example("verify.ts")).rejects.toThrow(/exit code 3/);
    expect(await tacit(["verify", "--round", round, "--rpc", server.url])).toMatchObject({
      code: 3,
    });
    await expect(
      example("give.ts", { ...(await account("ana")), RELAY_KEY, GATE_DATA: gateData("ana") }),
    ).rejects.toThrow(/is not a round that this version's factory made/);
  });
});
