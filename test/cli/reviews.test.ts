import { writeFile } from "node:fs/promises";
import type { Address } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setMatchRecipients } from "../../src/chain/escrow.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { mint } from "../../src/chain/mint.ts";
import { readBalance } from "../../src/chain/token.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

let stage: Stage;
const file = (name: string) => stage.file(name);
const DAY = 86_400n;

beforeAll(async () => {
  stage = await startStage("sponsor", "coordinator");
});
afterAll(() => stage.close());

const createPanel = async (until: string) =>
  (
    await tacitJson<{ reviews: Address }>(
      [
        ...["reviews", "create", "--rpc", stage.url, "--quorum", "2", "--until", until],
        ...["--reviewers", `${devnetAddress("sponsor")}, ${devnetAddress("coordinator")}`],
      ],
      by("organiser"),
    )
  ).reviews;

test("PAYOUT-4 REVIEW-1 ESCROW-1 a panel decides about matches, and another one about second instalments", async () => {
  const { chain, token } = stage;
  const organiser = await chain.as("organiser");
  const create = (...more: string[]) => stage.create("--end", "+2d", "--size", "small", ...more);
  const [panel, late] = [await createPanel("+1d"), await createPanel("+30d")];
  const refused = async (...more: string[]) => (await tacit(create(...more), by("organiser"))).err;
  expect(await refused("--token", token, "--qualifier", late)).toContain("after the round's end");
  expect(await refused("--token", token, "--qualifier", token)).toContain(
    "does not say when its answers are final",
  );
  expect(await refused("--qualifier", panel)).toContain("has no pool to divide");
  expect(await refused("--token", token, "--qualifier", panel, "--payout-rule", panel)).toContain(
    "cannot be used with option",
  );
  const { round, registry } = await tacitJson<Record<"round" | "registry", Address>>(
    create("--token", token, "--rule", "capped", "--cap", "20%", "--qualifier", panel),
    by("organiser"),
  );
  expect(await refused("--token", token, "--qualifier", registry)).toContain(
    "does not say which projects fulfil its condition",
  );
  const inRound = ["--rpc", stage.url, "--round", round];
  const names = ["payee", "second payee"];
  await writeFile(
    file("projects.csv"),
    `name,recipient\n${names.map((name) => `${name},${devnetAddress(name)}`).join("\n")}\n`,
  );
  await tacitJson(["projects", "add", file("projects.csv"), ...inRound], by("organiser"));

  // Reviews.
  await writeFile(file("report.txt"), "what it did");
  const say = (name: string, project: string, sroi: string, ...more: string[]) =>
    tacit(["reviews", "add", ...inRound, "--project", project, "--sroi", sroi, ...more], by(name));
  for (const [name, sroi] of [
    ["sponsor", "1.25"],
    ["coordinator", "1"],
  ] as const)
    expect((await say(name, "0", sroi, "--report", file("report.txt"))).code).toBe(0);
  expect((await say("organiser", "0", "9")).err).toContain("NotReviewer(");
  expect((await say("sponsor", "2", "9")).err).toContain("There is no project 2");
  for (const [wrong, why] of [
    ["1.2345", "has 4 decimals, and a ratio has 3"],
    ["-1", "is below 0"],
    ["x", "is not a ratio"],
    ["4294967.296", "is more than a review can say"],
  ] as const)
    expect((await say("sponsor", "0", wrong)).err).toContain(why);
  const listed = await tacitJson<{ projects: unknown[] }>(["reviews", "list", ...inRound]);
  expect(listed.projects).toEqual([
    { project: 0, ratios: ["1250", "1000"], median: "1000", qualified: true },
    { project: 1, ratios: [null, null], qualified: false },
  ]);
  expect((await tacit(["reviews", "list", ...inRound])).out).toMatch(/0 +2 +1\.000 +yes/);
  expect((await tacit(["reviews", "list", ...inRound, "--reviews", token])).err).toContain(
    "is not a panel of this version's",
  );

  // Instalments.
  const make = (first: string, ...more: string[]) => [
    ...["instalments", "make", ...inRound, "--first", first, "--fallback-to"],
    ...[devnetAddress("organiser"), "--milestones", late, ...more],
  ];
  const failed = async (...args: string[]) => (await tacit(args, by("organiser"))).err;
  // Frozen it is, as milestones are; but an escrow that asked it would never pay anybody.
  for (const [none, why] of [
    [registry, "does not say which projects have passed"],
    [token, "does not say when it is frozen"],
  ] as const)
    expect(await failed(...make("40%", "--deadline", "+60d", "--milestones", none))).toContain(why);
  expect(await failed(...make("40", "--deadline", "+1d"))).toContain("before the last word");
  expect(await failed(...make("140%", "--deadline", "+60d"))).toContain("first instalment");
  expect((await tacit(make("40%", "--deadline", "+60d"), by("sponsor"))).err).toContain(
    "OwnableUnauthorizedAccount",
  );
  const made = await tacitJson<{ made: number; escrows: { escrow: Address }[] }>(
    make("40%", "--deadline", "+60d"),
    by("organiser"),
  );
  expect(made.made).toBe(2);
  expect(
    await tacitJson<{ made: number }>(make("40%", "--deadline", "+60d"), by("organiser")),
  ).toMatchObject({ made: 0 });
  // The owner has one match paid to somebody else: who looks at instalments is told, and making them anew puts it right.
  const elsewhere = devnetAddress("elsewhere");
  const redirect = (matchRecipient: Address) =>
    setMatchRecipients(organiser, { registry, payees: [{ project: 1n, matchRecipient }] });
  await redirect(elsewhere);
  expect((await tacit(["instalments", "list", ...inRound])).out).toContain(
    `Project 1: its match goes to ${elsewhere}, and not to its payout address ${devnetAddress("second payee")}.`,
  );
  await redirect(made.escrows[0]?.escrow as Address);
  const told = await tacit(["instalments", "list", ...inRound]);
  expect(told.out).toContain(
    `an escrow that pays ${devnetAddress("payee")} once project 0 has passed, and not to its payout address`,
  );
  expect(told.out.match(/40 %/g)).toHaveLength(1);
  expect(
    await tacitJson<{ made: number }>(make("40%", "--deadline", "+60d"), by("organiser")),
  ).toMatchObject({ made: 1 });
  const [first, second] = made.escrows.map(({ escrow }) => escrow) as [Address, Address];
  for (const to of [first, second]) await mint(organiser, { token, to, amount: 1_000n });
  const release = async () =>
    (
      await tacitJson<{ released: { project: number; to: Address; amount: string }[] }>(
        ["instalments", "release", ...inRound],
        by("sponsor"),
      )
    ).released.map(({ project, to, amount }) => [project, to, amount]);
  const [payee, other] = names.map((name) => devnetAddress(name)) as [Address, Address];
  expect(await release()).toEqual([
    [0, payee, "400"],
    [1, other, "400"],
  ]);
  expect(await release()).toEqual([]);
  for (const name of ["sponsor", "coordinator"])
    expect((await say(name, "1", "2.5", "--reviews", late)).code).toBe(0);
  await chain.warpTo((await chain.now()) + 31n * DAY);
  expect(await release()).toEqual([[1, other, "600"]]);
  await chain.warpTo((await chain.now()) + 60n * DAY);
  const before = await readBalance(chain.read, token, devnetAddress("organiser"));
  expect(await release()).toEqual([[0, devnetAddress("organiser"), "600"]]);
  expect((await readBalance(chain.read, token, devnetAddress("organiser"))) - before).toBe(600n);
  const shown = await tacit(["instalments", "list", ...inRound]);
  expect(shown.out).toMatch(/40 % +not yet/);
  expect(
    await tacitJson<{ project: number; paid: string; back: string }[]>([
      "instalments",
      "list",
      ...inRound,
    ]),
  ).toMatchObject([
    { project: 0, paid: "400", back: "600", held: "0" },
    { project: 1, paid: "1000", back: "0", held: "0" },
  ]);
});

test("a panel that could not work is refused in words before anything is sent", async () => {
  const panel = (reviewers: string, quorum: string, until = "+1d") =>
    tacit(
      [
        ...["reviews", "create", "--rpc", stage.url, "--reviewers", reviewers],
        ...["--quorum", quorum, "--until", until],
      ],
      by("organiser"),
    );
  const [one, two] = ["a", "b"].map((name) => devnetAddress(name)) as [Address, Address];
  expect((await panel(`${one},${one}`, "1")).err).toContain("twice");
  expect((await panel(`${one},${two}`, "3")).err).toContain("no quorum");
  expect((await panel(one, "0")).err).toContain("no quorum");
  expect((await panel(one, "1", "2020-01-01")).err).toContain("its time is over");
  const many = Array.from({ length: 16 }, (_, i) => devnetAddress(String(i))).join(",");
  expect((await panel(many, "1")).err).toContain("more than 15");
});
