import { readFile, stat, writeFile } from "node:fs/promises";
import type { Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRelay, type SandboxRelay } from "../../scripts/page/sandbox/relay.ts";
import { readDeployment } from "../../src/cli/input/deployment_file.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

let stage: Stage;
let relay: SandboxRelay | undefined;
const file = (name: string) => stage.file(name);

beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await relay?.close();
  await stage.close();
});

test("GATE-12 a member's way from her identity to an anonymous contribution, and back to her ballot", async () => {
  const commitments: string[] = [];
  for (const name of ["ana", "ben", "stranger"]) {
    const made = await tacit(["member", "new", "--out", file(`${name}.txt`)]);
    const secret = (await readFile(file(`${name}.txt`), "utf8")).trim();
    expect((await stat(file(`${name}.txt`))).mode & 0o777).toBe(0o600);
    expect(made.out + made.err).not.toContain(secret);
    const { commitment } = await tacitJson<{ commitment: string }>([
      "member",
      "show",
      "--identity",
      file(`${name}.txt`),
    ]);
    expect(made.out).toContain(commitment);
    commitments.push(commitment);
  }
  await writeFile(file("members.csv"), `commitment\n${commitments.slice(0, 2).join("\n")}\n`);
  const group = await tacitJson<{ members: number; root: string }>([
    "member",
    "group",
    "--members",
    file("members.csv"),
  ]);
  expect(group.members).toBe(2);
  await writeFile(file("twice.csv"), `commitment\n${commitments[0]}\n${commitments[0]}\n`);
  expect((await tacit(["member", "group", "--members", file("twice.csv")])).err).toContain(
    "in line 2 already",
  );
  await writeFile(
    file("gate.json"),
    JSON.stringify({
      exactCredits: 9,
      clauses: [[{ kind: "semaphore", list: "members.csv", creditsEach: 9 }]],
    }),
  );
  const { round } = await tacitJson<{ round: Address }>(
    stage.create("--end", "+1d", "--size", "small", "--gate-file", file("gate.json")),
    by("organiser"),
  );
  const inRound = ["--rpc", stage.url, "--round", round];
  const shown = await tacitJson<{
    clauses: readonly (readonly { settings: { root: string } }[])[];
  }>(["gate", "show", ...inRound]);
  expect(shown.clauses[0]?.[0]?.settings.root).toBe(group.root);

  relay = await startRelay({
    chain: stage.chain,
    deployment: await readDeployment(file("deployment.json")),
    onError: (error) => console.error(error),
  });
  const byRelay = [...inRound, "--relay", relay.url];
  for (const name of ["first", "lasting", "second"])
    await tacitJson(["keygen", "--out", file(`${name}.json`)]);
  const published = await tacitJson<{ tag: string; onChain: boolean }>([
    ...["publish", ...byRelay, "--by-relay", "--key-file", file("first.json")],
    ...["--rotate", file("lasting.json"), "--withdraw", "--finality", "0"],
  ]);
  expect(published.onChain).toBe(true);
  const give = (name: string, key = "first", credits = "9") => [
    ...["contribute", ...byRelay, "--key-file", file(`${key}.json`), "--amount", credits],
    ...["--allow-list", file("members.csv"), "--evidence", `semaphore=${file(`${name}.txt`)}`],
  ];
  expect((await tacit(give("stranger"))).err).toContain("not in the round's group");
  await writeFile(file("breakfast.txt"), "what I had for breakfast\n");
  expect((await tacit(give("breakfast"))).err).toContain("not a member's identity");
  expect((await tacit(give("ana", "first", "8"))).err).toContain("NotExactCredits");
  expect((await tacit(["member", "tag", ...inRound, "--identity", file("ana.txt")])).err).toContain(
    "No contribution to this round is of this member",
  );
  const given = await tacitJson<{ tag: string; payer: Address; onChain: boolean }>(give("ana"));
  expect(given).toMatchObject({ tag: published.tag, onChain: true, payer: devnetAddress("relay") });
  expect(await tacitJson(give("ana"))).toMatchObject({ tag: given.tag, already: true });
  expect((await tacit(give("ana", "second"))).err).toContain("AlreadyAdmitted");
  const found = await tacitJson<{ tag: string }>([
    "member",
    "tag",
    ...inRound,
    "--identity",
    file("ana.txt"),
  ]);
  expect(found.tag).toBe(given.tag);
  const changed = await tacitJson<{ tag: string }>([
    ...["publish", ...byRelay, "--tag", found.tag, "--key-file", file("lasting.json")],
    ...["--withdraw", "--finality", "0"],
  ]);
  expect(changed.tag).toBe(given.tag);
});
