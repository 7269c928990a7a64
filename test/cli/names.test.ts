import { readFile, writeFile } from "node:fs/promises";
import { isAddressEqual, type Address } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readParts } from "../../src/chain/parts.ts";
import { readConfig } from "../../src/chain/provenance.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { BUILT, locateContracts } from "../../src/chain/contracts.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { deployNames, type TestNames } from "../helpers/name_service.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

let stage: Stage;
let names: TestNames;
let onChain: readonly string[];
const file = (name: string) => stage.file(name);
const [ana, ben, eve] = ["ana", "ben", "eve"].map(devnetAddress) as [Address, Address, Address];

beforeAll(async () => {
  stage = await startStage();
  names = await deployNames(await stage.chain.as("organiser"));
  await names.setAddress("ana.eth", ana);
  await names.setAddress("ben.eth", ben);
  onChain = ["--rpc", stage.url, "--universal-resolver", names.universalResolver];
});
afterAll(() => stage.close());

const create = (...more: readonly string[]) =>
  stage.create(
    ...["--universal-resolver", names.universalResolver, "--end", "+2d", "--size", "small"],
    ...more,
  );

describe("names in place of addresses", () => {
  test("an option's name is looked up on the chain of the command, and told; so are those within a list of them", async () => {
    const made = await tacit(
      create("--guardian", "Ana.eth", "--dispute-window", "1d", "--json"),
      by("organiser"),
    );
    expect(made.err).toContain(`Ana.eth is ${ana}.`);
    const { round } = JSON.parse(made.out) as { round: Address };
    const config = await readConfig(stage.chain.read, round, locateContracts(BUILT));
    expect(isAddressEqual(config.guardian, ana)).toBe(true);
    const { reviews } = await tacitJson<{ reviews: Address }>(
      [
        ...["reviews", "create", ...onChain, "--quorum", "1", "--until", "+1d"],
        ...["--reviewers", `ana.eth,${eve},ben.eth`],
      ],
      by("organiser"),
    );
    const panel = await stage.chain.read.readContract({
      address: reviews,
      abi: [
        {
          type: "function",
          name: "reviewers",
          stateMutability: "view",
          inputs: [],
          outputs: [{ type: "address[]" }],
        },
      ],
      functionName: "reviewers",
    });
    expect([...panel].sort()).toEqual([ana, ben, eve].sort());
  });

  test("an unknown name, one that imitates another, a chain without names and a command without a chain say what to do", async () => {
    const refused = async (...argv: readonly string[]) => {
      const { code, err } = await tacit(argv, by("organiser"));
      expect(code).not.toBe(0);
      return err;
    };
    expect(await refused(...create("--guardian", "carl.eth"))).toContain(
      '"carl.eth" names no address',
    );
    expect(await refused(...create("--guardian", "\u0430na.eth"))).toContain("nobody can have");
    expect(await refused(...stage.create("--end", "+2d", "--guardian", "ana.eth"))).toContain(
      "chain 31337 has no name service",
    );
    expect(
      await refused(
        ...["voucher", "issue", "--chain", "31337", "--round", "ana.eth", "--checker", ana],
        ...["--tag", "1", "--person", "p", "--not-after", "+1d", "--out", file("voucher.json")],
        ...["--credits", "1"],
      ),
    ).toContain("this command asks no chain");
    expect(
      await refused(...create("--guardian", ana, "--universal-resolver", "ana.eth")),
    ).toContain("Not an address");
  });
});

describe("names in files", () => {
  test("a list's are looked up when a gate is made of it, and the list with the accounts is there for who proves", async () => {
    await writeFile(file("list.csv"), `account,credits\nana.eth,9\n${eve},\nBen.eth,7\n`);
    const { code, err } = await tacit(create("--allow-list", file("list.csv")), by("organiser"));
    expect([code, err]).toEqual([0, expect.stringContaining("Looked up 2 names: 2 stand for")]);
    expect(err).toContain(`Ben.eth is ${ben}.`);
    const written = await readFile(file("list.accounts.csv"), "utf8");
    expect(written.replace("\uFEFF", "").trim().split("\r\n")).toEqual([
      "account,credits",
      `${ana},9`,
      `${eve},`,
      `${ben},7`,
    ]);
    // Two names of one account are one account twice.
    await names.setAddress("ana.ben.eth", ana);
    await writeFile(file("twice.csv"), "account,credits\nana.eth,9\nana.ben.eth,9\n");
    const twice = await tacit(create("--allow-list", file("twice.csv")), by("organiser"));
    expect(twice.err).toContain("is in line 2 already");
    await writeFile(file("unknown.csv"), "account,credits\nana.eth,9\ncarl.eth,9\ndora.eth,9\n");
    const unknown = await tacit(create("--allow-list", file("unknown.csv")), by("organiser"));
    expect(unknown.err).toContain("Looked up 3 names: 1 stand for an account, 2 do not.");
    expect(unknown.err).toMatch(/Line 3 of .*unknown\.csv: "carl\.eth" names no address/);
    expect(unknown.code).toBe(1);
  });

  test("a donor's list has accounts: a name may have moved since the gate was made", async () => {
    await writeFile(
      file("gate.json"),
      JSON.stringify({ clauses: [[{ kind: "merkle", list: "list.csv" }]] }),
    );
    const made = await tacit(create("--gate-file", file("gate.json"), "--json"), by("organiser"));
    const { round } = JSON.parse(made.out) as { round: Address };
    await tacitJson(["keygen", "--out", file("key.json")]);
    await stage.chain.as("ana");
    const give = (list: string) =>
      tacit(
        [
          ...["contribute", ...onChain, "--round", round, "--key-file", file("key.json")],
          ...["--amount", "5", "--allow-list", file(list)],
        ],
        by("ana"),
      );
    expect((await give("list.csv")).err).toContain("Take the list with the accounts themselves");
    expect((await give("list.accounts.csv")).err).not.toContain("Line");
  });

  test("a gate's own are looked up, beside those of its lists, each list once", async () => {
    const clause = [
      { kind: "voucher", issuer: "ben.eth" },
      { kind: "merkle", list: "list.csv" },
    ];
    await writeFile(file("issued.json"), JSON.stringify({ clauses: [clause] }));
    const { code, out, err } = await tacit(
      create("--gate-file", file("issued.json"), "--json"),
      by("organiser"),
    );
    expect([code, err]).toEqual([0, expect.stringContaining(`ben.eth is ${ben}.`)]);
    expect(err.match(/list\.accounts\.csv has the accounts/g)).toHaveLength(1);
    const { round } = JSON.parse(out) as { round: Address };
    const contracts = locateContracts(BUILT);
    const config = await readConfig(stage.chain.read, round, contracts);
    expect((await readParts(stage.chain.read, config, contracts)).gate).toMatchObject({
      clauses: [[{ id: "voucher", settings: [ben] }, { id: "merkle" }]],
    });
    await writeFile(
      file("unissued.json"),
      JSON.stringify({ clauses: [[{ ...clause[0], issuer: "carl.eth" }]] }),
    );
    const unknown = await tacit(create("--gate-file", file("unissued.json")), by("organiser"));
    expect([unknown.code, unknown.err]).toEqual([
      1,
      expect.stringContaining('"carl.eth" names no address'),
    ]);
  });

  test("projects' recipients are looked up, and one that stands for nobody stops all of them, by its line", async () => {
    const made = await tacit(create("--json"), by("organiser"));
    const { round } = JSON.parse(made.out) as { round: Address };
    const add = (name: string) =>
      tacit(["projects", "add", file(name), ...onChain, "--round", round], by("organiser"));
    await writeFile(file("bad.csv"), "name,recipient\nBees,ana.eth\nOwls,carl.eth\n");
    const bad = await add("bad.csv");
    expect(bad.err).toMatch(/Line 3 of .*bad\.csv: "carl\.eth" names no address/);
    await writeFile(file("good.csv"), `name,recipient\nBees,ana.eth\nOwls,${eve}\n`);
    const good = await add("good.csv");
    expect([good.code, good.err]).toEqual([0, expect.stringContaining(`ana.eth is ${ana}.`)]);
    const listed = await tacitJson<readonly { recipient: Address }[]>([
      ...["projects", "list", ...onChain, "--round", round],
    ]);
    expect(listed.map(({ recipient }) => recipient)).toEqual([ana, eve]);
  });
});
