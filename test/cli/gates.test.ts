import { readFile, writeFile } from "node:fs/promises";
import { encodeDeployData, numberToHex, zeroAddress, type Abi, type Address, type Hex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { deployAt } from "../../src/chain/deploy.ts";
import { encodeGateData } from "../../src/gates/index.ts";
import { parseVoucher } from "../../src/gates/voucher.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

let stage: Stage;
const file = (name: string) => stage.file(name);

beforeAll(async () => {
  stage = await startStage("sponsor");
});
afterAll(() => stage.close());

test("GATE-8 GATE-11 a voucher's way from publishing to giving, a jury that is drawn, and what a gate asks", async () => {
  const { chain, url } = stage;
  const [organiser, issuer] = ["organiser", "coordinator"] as const;
  const payer = devnetAddress("sponsor");
  await writeFile(file("list.csv"), `account,credits\n${payer},9\n`);
  const now = Number((await (await chain.as("organiser")).read.getBlock()).timestamp);
  await writeFile(
    file("gate.json"),
    JSON.stringify({
      clauses: [
        [
          { kind: "sortition", list: "list.csv", jury: 1, drawTime: now + 600 },
          { kind: "plain-account" },
        ],
        [{ kind: "voucher", issuer: devnetAddress(issuer) }],
      ],
    }),
  );
  const { round } = await tacitJson<{ round: Address }>(
    stage.create("--end", "+1d", "--gate-file", file("gate.json"), "--size", "small"),
    by(organiser),
  );
  const inRound = ["--rpc", url, "--round", round];
  const shown = await tacitJson<{
    kind: string;
    clauses: readonly (readonly { kind: string; checker: Address; settings: object }[])[];
  }>(["gate", "show", ...inRound]);
  expect(shown.clauses.map((clause) => clause.map(({ kind }) => kind))).toEqual([
    ["sortition", "plain-account"],
    ["voucher"],
  ]);
  expect(shown.clauses[1]?.[0]?.settings).toEqual({ issuer: devnetAddress(issuer) });
  expect((await tacit(["gate", "show", ...inRound])).out).toContain("one of these");

  for (const name of ["first", "lasting", "second"])
    await tacitJson(["keygen", "--out", file(`${name}.json`)]);
  const published = await tacit(
    [
      "publish",
      ...inRound,
      ...["--key-file", file("first.json"), "--rotate", file("lasting.json"), "--withdraw"],
      ...["--payer", payer, "--finality", "0"],
    ],
    by("organiser"),
  );
  const tag = /for tag (\d+)/.exec(published.out)?.[1] as string;
  expect(published.out).toContain("this tag is what its issuer needs");
  const give = ["contribute", ...inRound, "--amount", "2", "--key-file", file("first.json")];
  expect((await tacit(give, by("sponsor"))).err).toContain("NotOnDrawnList(");

  const issue = (out: string, ...more: string[]) =>
    tacitJson<{ nullifier: string; tag: string }>(
      [
        ...["voucher", "issue", "--round", round, "--chain", "31337"],
        ...["--checker", shown.clauses[1]?.[0]?.checker as string, "--tag", tag],
        ...[
          "--person",
          "4711",
          "--credits",
          "5",
          "--not-after",
          "+2d",
          "--out",
          file(out),
          ...more,
        ],
      ],
      by(issuer),
    );
  const own = await issue("voucher.json");
  // The same person has the same nullifier, another one has another: the issuer keeps no list.
  expect((await issue("again.json", "--tag", "7")).nullifier).toBe(own.nullifier);
  expect((await issue("other.json", "--person", "4712")).nullifier).not.toBe(own.nullifier);
  expect(parseVoucher(await readFile(file("voucher.json"), "utf8")).tag).toBe(BigInt(tag));
  const evidence = (name: string) => ["--evidence", `voucher=${file(name)}`];
  expect((await tacit([...give, ...evidence("again.json")], by("sponsor"))).err).toContain(
    "it is for the tag 7",
  );
  expect((await tacit([...give, "--evidence", "list=x"], by("sponsor"))).code).toBe(2);
  await tacitJson([...give, ...evidence("voucher.json")], by("sponsor"));
  await tacitJson(
    ["top-up", ...inRound, "--amount", "1", ...evidence("voucher.json")],
    by("sponsor"),
  );

  expect((await tacit(["gate", "draw", ...inRound], by("organiser"))).err).toContain(
    "no block later than",
  );
  await chain.warpTo(BigInt(now + 700));
  expect((await tacit(["gate", "draw", ...inRound], by("organiser"))).err).toContain(
    "with another one after it",
  );
  await chain.warpTo(BigInt(now + 701));
  const drawn = await tacitJson<{ drawn: readonly { seed: string }[] }>(
    ["gate", "draw", ...inRound],
    by("organiser"),
  );
  expect(BigInt(drawn.drawn[0]?.seed ?? 0)).toBeGreaterThan(0n);
  // The other way in: a jury of one in a list of one.
  await tacitJson(
    [
      "contribute",
      ...[...inRound, "--amount", "9", "--key-file", file("second.json")],
      ...["--allow-list", file("list.csv")],
    ],
    by("sponsor"),
  );
});

test("a gate whose every way in has a checker of an unknown kind is named before anything is sent, and takes --gate-data", async () => {
  const organiser = await stage.chain.as("organiser");
  const payer = devnetAddress("sponsor");
  const deploy = async (name: string, place: string, args: readonly unknown[]) => {
    const { abi, bytecode } = JSON.parse(
      await readFile(`artifacts/contracts/${place}/${name}.sol/${name}.json`, "utf8"),
    ) as { abi: Abi; bytecode: Hex };
    return deployAt(organiser, name, encodeDeployData({ abi, bytecode, args }));
  };
  const toy = await deploy("ToyChecker", "mocks", [[zeroAddress, payer]]);
  const gate = await deploy("Gate", "gates", [[[toy]], 0n]);
  const { round } = await tacitJson<{ round: Address }>(
    stage.create("--end", "+1d", "--gate", gate, "--size", "small"),
    by("organiser"),
  );
  await tacitJson(["keygen", "--out", file("badge.json")]);
  const give = [
    ...["contribute", "--rpc", stage.url, "--round", round, "--amount", "2"],
    ...["--key-file", file("badge.json")],
  ];
  const count = () => organiser.read.getTransactionCount({ address: payer });
  const before = await count();
  const { code, err } = await tacit(give, by("sponsor"));
  expect(code).not.toBe(0);
  expect(err).toContain("this version does not know");
  expect(err).toContain(`"toy" at ${toy}`);
  expect(err).toContain("--gate-data");
  expect(await count()).toBe(before);
  const badge = numberToHex(1, { size: 32 });
  const data = encodeGateData(0, [badge]);
  await tacitJson([...give, "--gate-data", data], by("sponsor"));
});
