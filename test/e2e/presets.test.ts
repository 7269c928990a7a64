import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mint } from "../../src/chain/mint.ts";
import { readProgress } from "../../src/chain/round.ts";
import { readBalance } from "../../src/chain/token.ts";
import { readKeyFile } from "../../src/cli/input/key_file.ts";
import { openTallyStore } from "../../src/coordinator/store/tally_store.ts";
import { runTally } from "../../src/coordinator/tally/tally.ts";
import {
  devnetAddress,
  devnetKey,
  startDevnetChain,
  type DevnetChain,
} from "../../src/devnet/chain.ts";
import { serveRpc, type RpcServer } from "../../src/devnet/rpc_server.ts";
import { PRESETS } from "../../src/presets.ts";
import { openArtifacts } from "../../src/proofs/artifacts.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import { simulatedProver } from "../../scripts/keys/simulated_prover.ts";
import { BUILD } from "../../scripts/pipeline/paths.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";

// Each kind of round from its creation to what it was for, typed as its organiser, voters and coordinator would. With real proofs a
// first experiment and a vote in each run, and all of them with TACIT_REAL_PROOFS=1. The others' proofs are the development keys' simulator's.

const ALL_REAL = process.env["TACIT_REAL_PROOFS"] === "1";
const ALWAYS_REAL = ["experiment", "members-vote"];
const ONE = 10n ** 18n;
const VOTERS = ["ana", "ben", "cem"] as const;
type Voter = (typeof VOTERS)[number];

let chain: DevnetChain;
let server: RpcServer;
let folder: string;
let token: Address;
const file = (name: string) => path.join(folder, name);
const as = (name: string) => ({ env: { TACIT_ACCOUNT_KEY: devnetKey(name) } });

type Case = {
  readonly options: () => readonly string[];
  /** Votes by project, as `--vote` takes them. */
  readonly votes: Readonly<Record<Voter, readonly string[]>>;
  /** Tokens or credits of each. */
  readonly gives: Readonly<Record<Voter, string>>;
  /** What the round is for. */
  readonly ends: (round: Address) => Promise<void>;
};

const GIFTS = {
  votes: { ana: ["0=3"], ben: ["0=4"], cem: ["1=2"] },
  gives: { ana: "9", ben: "16", cem: "4" },
} as const;
const CREDITS = { ana: "100", ben: "100", cem: "100" } as const;
const people = () => ["--allow-list", file("members.csv")];
const guarded = () => ["--guardian", devnetAddress("guardian"), ...people()];

/** Project 0 has T = 7 and S = 25, so w = 24; project 1 one supporter, so no match. The pool is 100. */
const paysOut =
  (first: bigint) =>
  async (round: Address): Promise<void> => {
    const before = await Promise.all(["bench", "swing"].map(held));
    await tacitJson(["claim", "--rpc", server.url, "--round", round], as("relay"));
    const after = await Promise.all(["bench", "swing"].map(held));
    expect(after.map((now, i) => now - (before[i] as bigint))).toEqual([first * ONE, 4n * ONE]);
    await tacitJson(["refund", "--rpc", server.url, "--round", round], as("relay"));
    expect(await readBalance(chain.read, token, round)).toBe(0n);
  };
const held = async (name: string) => readBalance(chain.read, token, devnetAddress(name));

const CASES: Readonly<Record<string, Case>> = {
  experiment: { ...GIFTS, options: () => ["--token", token], ends: paysOut(25n + 24n) },
  community: {
    ...GIFTS,
    options: () => ["--token", token, ...guarded()],
    ends: paysOut(25n + 10n), // a tenth of the pool
  },
  city: {
    ...GIFTS,
    options: () => [
      ...["--token", token, ...guarded()],
      ...["--tiers", "1x50,2x20", "--remainder-to", devnetAddress("rest")],
    ],
    ends: paysOut(25n + 50n),
  },
  "members-vote": {
    options: people,
    votes: { ana: ["0=5", "1=-3"], ben: ["0=4"], cem: ["0=-2", "1=6"] },
    gives: CREDITS,
    async ends(round) {
      const at = ["outcome", "--rpc", server.url, "--round", round];
      expect(await tacitJson(at)).toMatchObject({
        voters: 3,
        fewVoters: true,
        isSettled: true,
        isOnChain: false,
        questions: [
          { isDecided: true, option: 0, votes: "7", credits: "45", agreement: "1", kind: "choice" },
        ],
      });
      const { contract } = await tacitJson<{ contract: Address }>(
        [...at, "--deploy"],
        as("organiser"),
      );
      const { out } = await tacit(at);
      expect(out).toContain("Decided: 0 Bench.");
      expect(out).toMatch(/0 Bench +7 +45 +1\n +1 Swing +3 +45 +0\.2\n/);
      expect(out).toContain("Fewer than 10 voters");
      expect(out).toContain(`${contract} says the same`);
    },
  },
  "number-vote": {
    options: () => ["--about", file("questions.json"), ...people()],
    votes: { ana: ["0=5", "1=1"], ben: ["0=-2"], cem: ["0=-1"] },
    gives: CREDITS,
    async ends(round) {
      const at = ["outcome", "--rpc", server.url, "--round", round];
      expect(await tacitJson(at)).toMatchObject({
        questions: [
          { kind: "number", title: "How warm?", value: "21.5", votes: "2", credits: "30" },
        ],
      });
      const { out } = await tacit([...at, "--deploy"], as("organiser"));
      expect(out).toContain(
        "It stands at 21.5 °C: from 20.5 °C, by 0.5 °C a vote, within 18 °C to 24 °C.",
      );
      expect(out).toContain("says the same");
    },
  },
  "democracy-dollars": {
    options: () => ["--pool-token", token, ...people()],
    votes: { ana: ["0=6", "1=8"], ben: ["0=10"], cem: ["1=10"] },
    gives: CREDITS,
    async ends(round) {
      const { err } = await tacit(["outcome", "--rpc", server.url, "--round", round]);
      expect(err).toContain("asks no question");
      // T = 16 and 18, S = 136 and 164: w = 120 and 160 share the pool of 100.
      const before = await Promise.all(["bench", "swing"].map(held));
      await tacitJson(["claim", "--rpc", server.url, "--round", round], as("relay"));
      const [bench = 0n, swing = 0n] = (await Promise.all(["bench", "swing"].map(held))).map(
        (now, i) => now - (before[i] as bigint),
      );
      expect(bench).toBe((100n * ONE * 120n) / 280n);
      expect(bench + swing).toBe(100n * ONE);
    },
  },
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tacit-presets-"));
  chain = await startDevnetChain();
  server = await serveRpc(chain.provider, 18755);
  for (const name of ["organiser", "relay", "sponsor", "coordinator", ...VOTERS])
    await chain.as(name); // gives it coin for gas
  ({ testToken: token } = await tacitJson<{ testToken: Address }>(
    ["deploy", "--rpc", server.url, "--out", file("deployment.json"), "--test-token"],
    as("organiser"),
  ));
  for (const name of ["sponsor", ...VOTERS])
    await mint(await chain.as("organiser"), {
      token,
      to: devnetAddress(name),
      amount: 1_000n * ONE,
    });
  await tacitJson(["keygen", "--coordinator", "--out", file("coordinator.json")]);
  await writeFile(
    file("members.csv"),
    `account,credits\n${VOTERS.map((name) => `${devnetAddress(name)},100\n`).join("")}`,
  );
  await writeFile(
    file("projects.csv"),
    `name,recipient\nBench,${devnetAddress("bench")}\nSwing,${devnetAddress("swing")}\n`,
  );
  const question = {
    ...{ kind: "number", title: "How warm?", option: 0, unit: "°C" },
    ...{ start: 20.5, step: 0.5, min: 18, max: 24, decimals: 1 },
  };
  await writeFile(
    file("questions.json"),
    JSON.stringify({ name: "The hall's heating", vote: [question] }),
  );
});

afterAll(async () => {
  await server.close();
  await chain.close();
  await rm(folder, { recursive: true, force: true });
});

/** With the command, and so with real proofs; or by the simulator. */
async function tally(id: string, round: Address): Promise<void> {
  const store = file(`proofs-${id}`);
  if (ALL_REAL || ALWAYS_REAL.includes(id)) {
    const key = ["--key-file", file("coordinator.json"), "--store", store];
    await tacitJson(["tally", "--rpc", server.url, "--round", round, ...key], as("coordinator"));
    return;
  }
  const { secret } = await readKeyFile(file("coordinator.json"), "coordinator");
  await runTally({
    client: await chain.as("coordinator"),
    round,
    key: localCoordinatorKey(secret),
    artifacts: await openArtifacts(BUILD),
    store: await openTallyStore(store),
    prover: simulatedProver(2, () => Promise.resolve()),
  });
}

describe("each kind of round on the command line", () => {
  test("has a test here", () => {
    expect(Object.keys(CASES)).toEqual(PRESETS.map(({ id }) => id));
  });

  test.each(Object.entries(CASES))("%s, from creation to what it is for", async (id, one) => {
    const place = ["--rpc", server.url];
    const { round } = await tacitJson<{ round: Address }>(
      [
        ...["create-round", ...place, "--preset", id, "--deployment", file("deployment.json")],
        ...["--coordinator-key", file("coordinator.json"), "--size", "small", "--end", "+1d"],
        ...["--coordinator", devnetAddress("coordinator"), ...one.options()],
      ],
      as("organiser"),
    );
    const at = [...place, "--round", round];
    await tacitJson(["projects", "add", file("projects.csv"), ...at], as("organiser"));
    const { poolToken } = await tacitJson<{ poolToken: { address: Address } }>(["status", ...at]);
    const hasPool = BigInt(poolToken.address) !== 0n;
    if (hasPool) await tacitJson(["fund", ...at, "--amount", "100"], as("sponsor"));
    const isOpen = !one.options().includes("--allow-list");
    for (const name of VOTERS) {
      const [first, lasting] = [file(`${id}-${name}-0.json`), file(`${id}-${name}-1.json`)];
      for (const out of [first, lasting]) await tacitJson(["keygen", "--out", out]);
      await tacitJson(
        [
          ...["publish", ...at, "--payer", devnetAddress(name), "--credits", one.gives[name]],
          ...["--key-file", first, "--rotate", lasting],
          ...one.votes[name].flatMap((vote) => ["--vote", vote]),
        ],
        as("relay"),
      );
      await tacitJson(
        [
          ...["contribute", ...at, "--key-file", first, "--amount", one.gives[name]],
          ...(isOpen ? [] : people()),
        ],
        as(name),
      );
    }
    await chain.warpTo((await chain.now()) + 86_400n);
    await tally(id, round);
    const { paymentsFrom } = await readProgress(chain.read, round);
    if (paymentsFrom > (await chain.now())) await chain.warpTo(paymentsFrom);
    await one.ends(round);
    const { ok, checks } = await tacitJson<{ ok: boolean; checks: { id: string }[] }>([
      "verify",
      ...at,
    ]);
    expect(ok).toBe(true);
    expect(checks.some((check) => check.id === "VOTE-4")).toBe(id.endsWith("-vote"));
  });
});
