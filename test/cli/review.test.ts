import { writeFile } from "node:fs/promises";
import type { Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addProjects } from "../../src/chain/projects.ts";
import { readProgress, readProjects } from "../../src/chain/round.ts";
import { readConfig } from "../../src/chain/provenance.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { keyPicture } from "../../src/protocol/key_picture.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

// What cannot be taken back is shown before it is sent, as the command has understood it, and a person at a terminal is asked.

const KEY = multiplyBase(7n);
let stage: Stage;
let round: Address;

const { env } = by("organiser");
const create = (...more: string[]) => stage.create("--end", "+1d", "--token", stage.token, ...more);
const on = (...command: string[]) => [...command, "--rpc", stage.url, "--round", round];
const sent = async () =>
  stage.chain.read.getTransactionCount({ address: devnetAddress("organiser") });

beforeAll(async () => {
  stage = await startStage();
  const { chain } = stage;
  ({ round } = await tacitJson<{ round: Address }>(create("--tally-base", "2h"), { env }));
  const { registry } = await readConfig(chain.read, round, locateContracts(BUILT));
  await addProjects(await chain.as("organiser"), {
    registry,
    projects: [{ metadataURI: "Peat\u202e bog", recipient: devnetAddress("peat") }],
  });
});

afterAll(() => stage.close());

describe("a round's creation", () => {
  test("is shown as it was understood, and nothing is sent with --dry-run", async () => {
    await writeFile(
      stage.file("allowed.csv"),
      `account,credits\n${devnetAddress("ana")},5\n${devnetAddress("ben")},5\n`,
    );
    const before = await sent();
    const prizes = ["--rule", "tiers", "--tiers", "1x1e2, 2x6.000", "--name", "Twenty streets"];
    const rest = ["--allow-list", stage.file("allowed.csv"), "--unit", "0,5", "--dry-run"];
    const { sent: isSent, review } = await tacitJson<{
      sent: boolean;
      review: Record<string, string>;
    }>(create(...prizes, ...rest), { env });
    expect(isSent).toBe(false);
    expect(review).toMatchObject({
      name: "Twenty streets",
      "organiser, who sends": devnetAddress("organiser"),
      "who may take part": `2 accounts of ${stage.file("allowed.csv")}`,
      "one credit": "0.5 TEST",
      "payout rule": "tiers: 1 × 100 TEST, 2 × 6 TEST",
      "unspent gifts": `to ${devnetAddress("organiser")}`,
      "coordinator's key": keyPicture(KEY).words.join(" "),
      guardian: "nobody",
    });
    expect(await sent()).toBe(before);
  });

  test("a registry of one's own is looked at in a dry run too", async () => {
    const { registry } = await readConfig(stage.chain.read, round, locateContracts(BUILT));
    const later = create("--registry", registry, "--end", "+1h", "--tally-base", "2h", "--dry-run");
    const { code, err } = await tacit(later, { env });
    expect([code, err]).toEqual([1, expect.stringContaining("RegistryFreezesTooLate") as string]);
  });

  test("what would be refused is refused in a dry run too", async () => {
    const { code, err } = await tacit(create("--end", "2001-01-01T00:00Z", "--dry-run"), { env });
    expect([code, err]).toEqual([1, expect.stringMatching(/end/i) as string]);
  });

  test.each(["", "no\n", "y\n"])("a person who answers %j sends nothing", async (stdin) => {
    const before = await sent();
    const { code, err, out } = await tacit(create("--again"), { env, stdin, atTerminal: true });
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/Create a round:[^]*All of it is fixed[^]*Type "yes"[^]*Nothing was sent/);
    expect(await sent()).toBe(before);
  });

  test("a person who answers yes, or says so before, makes it", async () => {
    const asked = await tacit(create("--again"), { env, stdin: "yes\n", atTerminal: true });
    expect([asked.code, asked.out]).toEqual([0, expect.stringContaining("Created the round")]);
    const before = await tacit(create("--again", "--yes"), { env, atTerminal: true });
    expect([before.code, before.err]).toEqual([0, ""]);
  });
});

const isEligible = async () => {
  const { registry } = await readConfig(stage.chain.read, round, locateContracts(BUILT));
  return (await readProjects(stage.chain.read, registry)).isEligible(0);
};

describe.each([
  ["delist", () => on("projects", "delist", "0"), /Peat\\u\{202E\} bog/, isEligible, false],
  [
    "announcing a cancellation",
    () => on("cancel", "--announce"),
    /contributions +0, 0 TEST/,
    async () => (await readProgress(stage.chain.read, round)).phase,
    "contributing",
  ],
  [
    "cancelling",
    () => on("cancel"),
    /everyone gets everything back/,
    async () => (await readProgress(stage.chain.read, round)).phase,
    "cancelled",
  ],
] as const)("%s", (_, command, shows, stateOf, becomes) => {
  test("is shown, asked, and done only after a yes", async () => {
    const [before, state] = [await sent(), await stateOf()];
    const dry = await tacit([...command(), "--dry-run"], { env });
    expect([dry.code, dry.err]).toEqual([0, ""]);
    expect(dry.out).toMatch(shows);
    expect(dry.out).toMatch(/Nothing was sent \(--dry-run\)/);
    const no = await tacit(command(), { env, stdin: "no\n", atTerminal: true });
    expect([no.code, no.out]).toEqual([1, ""]);
    expect(no.err).toMatch(shows);
    expect([await sent(), await stateOf()]).toEqual([before, state]);
    const yes = await tacit(command(), { env, stdin: "yes\n", atTerminal: true });
    expect([yes.code, yes.err]).toEqual([0, expect.stringMatching(shows)]);
    expect([await sent(), await stateOf()]).toEqual([before + 1, becomes]);
  });
});

test("every command that does what cannot be undone can be shown first", async () => {
  const commands = ["create-round", "cancel", "abort", "dispute", "claim", "projects delist"];
  for (const command of commands) {
    const { out } = await tacit([...command.split(" "), "--help"]);
    expect(out, command).toMatch(/--yes[^]*--dry-run/);
  }
});
