import { readFile, writeFile } from "node:fs/promises";
import { encodeDeployData, erc20Abi, zeroAddress, type Address, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRead } from "../../src/chain/client.ts";
import { creationBlock } from "../../src/chain/creation_block.ts";
import { BUILT, locateContracts, PAYOUT_BYTECODES } from "../../src/chain/contracts.ts";
import { create2Address } from "../../src/chain/create2.ts";
import { payoutInitCode } from "../../src/payouts/index.ts";
import { PRESETS } from "../../src/presets.ts";
import { deployAt } from "../../src/chain/deploy.ts";
import { toyPayoutAbi } from "../../src/chain/generated/abis.ts";
import { toyPayoutBytecode } from "../../src/chain/generated/bytecode.ts";
import { readRoundDocument } from "../../src/chain/documents.ts";
import { identifyPayoutRule, readParts } from "../../src/chain/parts.ts";
import { readConfig } from "../../src/chain/provenance.ts";
import { devnetAddress } from "../../src/devnet/chain.ts";
import { allowListRoot } from "../../src/gates/merkle.ts";
import { tacit, tacitJson } from "../helpers/cli.ts";
import { by, startStage, type Stage } from "./support/stage.ts";

let stage: Stage;
let token: Address;
let rule: Address;
const env = () => by("organiser");
const file = (name: string) => stage.file(name);
const command = (...more: string[]) => stage.create("--end", "+1d", ...more);
const transactions = async () =>
  connectRead(stage.url).getTransactionCount({
    address: (await stage.chain.as("organiser")).wallet.account.address,
  });

beforeAll(async () => {
  stage = await startStage();
  ({ token } = stage);
  rule = await deployAt(
    await stage.chain.as("organiser"),
    "ToyPayout",
    encodeDeployData({ abi: toyPayoutAbi, bytecode: toyPayoutBytecode, args: [4n] }),
  );
});

afterAll(() => stage.close());

describe("create-round --payout-rule", () => {
  const createWithRule = async (...more: string[]) => {
    const { round } = await tacitJson<{ round: Address }>(command(...more), env());
    return (await readConfig(connectRead(stage.url), round, locateContracts(BUILT))).payoutRule;
  };

  test("the round divides its pool by that rule; without it by quadratic funding, with no pool by none", async () => {
    expect(await createWithRule("--token", token, "--payout-rule", rule)).toBe(rule);
    expect(await createWithRule("--pool-token", token, "--payout-rule", rule)).toBe(rule);
    expect(await createWithRule("--token", token, "--surplus", "pay")).toBe(
      locateContracts(BUILT).payoutRules.pay,
    );
    expect(await createWithRule()).toBe(zeroAddress);
  });

  test("PROV-5 a rule of this version with settings of one's own is where its address says, and made once", async () => {
    const capped = { id: "capped", args: [500n, 100n * 10n ** 18n, 2n, 0n, true] };
    const settings = ["--rule", "capped", "--cap", "5%", "--floor", "100"];
    const address = create2Address(payoutInitCode(PAYOUT_BYTECODES["capped"] as Hex, capped));
    expect(await createWithRule("--token", token, ...settings)).toBe(address);
    const client = connectRead(stage.url);
    expect(await identifyPayoutRule(client, address, locateContracts(BUILT))).toEqual({
      kind: "known",
      ...capped,
    });
    const before = await transactions();
    expect(await createWithRule("--token", token, ...settings, "--again")).toBe(address);
    expect(await transactions()).toBe(before + 2); // a registry and a round
  });

  test("PAYOUT-3 with prizes leftovers go to the remainder, unless the organiser says otherwise", async () => {
    const prizes = ["--token", token, "--rule", "tiers", "--tiers", "1x5,2x3"];
    const isShared = async (...more: string[]) => {
      const { round } = await tacitJson<{ round: Address }>(command(...prizes, ...more), env());
      return (await readConfig(connectRead(stage.url), round, locateContracts(BUILT)))
        .shareLeftovers;
    };
    expect([await isShared(), await isShared("--leftovers", "share")]).toEqual([false, true]);
  });

  test("what would be left aside without a word is refused, and nothing is sent", async () => {
    const before = await transactions();
    await writeFile(file("allowed.csv"), `account,credits\n${token},1\n`);
    for (const [more, said] of [
      [["--payout-rule", rule], "has no pool to divide"],
      [["--rule", "capped"], "has no pool to divide"],
      [["--token", token, "--cap", "5%"], "has no setting --cap"],
      [
        ["--token", token, "--payout-rule", rule, "--cap", "5%"],
        "cannot be used with option '--cap",
      ],
      [["--token", token, "--rule", "capped", "--cap", "0"], "cannot be the cap"],
      [
        ["--tally-base", "1s", "--tally-per-item", "0s"],
        "With --tally-base 1.0 s anybody can abort the round 1.0 s after its end",
      ],
      [["--tally-base", "3599s", "--tally-per-item", "1d"], "hardly time for a tally"],
      [
        ["--token", token, "--payout-rule", rule, "--surplus", "pay"],
        "cannot be used with option '--surplus",
      ],
      [
        ["--token", token, "--gate", rule, "--allow-list", file("allowed.csv")],
        "cannot be used with option '--gate",
      ],
    ] as const) {
      const { code, err } = await tacit(command(...more), env());
      expect({ code: code !== 0, err }).toEqual({
        code: true,
        err: expect.stringContaining(said) as string,
      });
    }
    expect(await transactions()).toBe(before);
  });

  test("who insists on a short tally gets it", async () => {
    const { round } = await tacitJson<{ round: Address }>(
      command("--tally-base", "1s", "--short-tally"),
      env(),
    );
    const { tallyBase } = await readConfig(connectRead(stage.url), round, locateContracts(BUILT));
    expect(tallyBase).toBe(1);
  });
});

describe("deploy", () => {
  test("its file names a block before every round, and the test token is in the accounts that are named", async () => {
    const { block } = JSON.parse(await readFile(file("deployment.json"), "utf8")) as {
      block: number;
    };
    const read = connectRead(stage.url);
    const { factory } = locateContracts(BUILT);
    const made = await creationBlock(read, factory);
    expect(made - BigInt(block)).toBeGreaterThanOrEqual(0n);
    expect(made - BigInt(block)).toBeLessThan(12n);
    const balance = async (account: Address) =>
      read.readContract({
        address: token,
        abi: erc20Abi,
        functionName: "balanceOf",
        args: [account],
      });
    const organiser = (await stage.chain.as("organiser")).wallet.account.address;
    expect(await balance(organiser)).toBe(10n ** 24n);
    const [ana, ben] = [devnetAddress("ana"), devnetAddress("ben")];
    const again = file("again.json");
    const { out } = await tacit(
      ["deploy", "--rpc", stage.url, "--out", again, "--test-token", "--mint-to", ana, ben],
      env(),
    );
    expect(out).toContain(`${ana}, ${ben}`);
    expect([await balance(ana), await balance(ben), await balance(organiser)]).toEqual(
      Array.from({ length: 3 }, () => 10n ** 24n),
    );
    expect((JSON.parse(await readFile(again, "utf8")) as { block: number }).block).toBe(
      Number(made), // an old factory: where it was made
    );
  });
});

describe("create-round --about", () => {
  const written = async (about: object) => {
    await writeFile(file("about.json"), JSON.stringify(about));
    return file("about.json");
  };

  test("META-4 the round's address commits to its description, and everybody reads it", async () => {
    const about = await written({
      name: "Shore and Sea",
      description: "For those who live by the water.",
      organiser: { name: "The harbour" },
      translations: { ja: { name: "岸と海" } },
    });
    const { round } = await tacitJson<{ round: Address }>(
      command("--token", token, "--about", about),
      env(),
    );
    const read = connectRead(stage.url);
    const { documents, ...contracts } = locateContracts(BUILT);
    const { salt } = await readConfig(read, round, { documents, ...contracts });
    expect(await readRoundDocument(read, documents, { salt, fromBlock: 0n })).toMatchObject({
      name: "Shore and Sea",
      extensions: { "org.tacit": { organiser: { name: "The harbour" } } },
    });
    const status = ["status", "--rpc", stage.url, "--round", round];
    expect(await tacitJson(status)).toMatchObject({ name: "Shore and Sea" });
    expect((await tacit(status)).out).toMatch(/name +Shore and Sea/);
  });

  test.each([
    ["no JSON", "{", /it is no JSON/],
    ["a list", "[]", /it is no JSON object/],
    ["no name", "{}", /name/],
    ["an unknown field", '{"name":"a","html":"<b>"}', /html/],
    [
      "a nonce of somebody's choice, which the command makes itself",
      '{"name":"a","nonce":"00"}',
      /nonce/,
    ],
  ])("%s is refused before anything is sent", async (_, content, problem) => {
    const bad = file("bad.json");
    await writeFile(bad, content);
    const before = await transactions();
    const { code, err } = await tacit(command("--token", token, "--about", bad), env());
    expect(code).not.toBe(0);
    expect(err).toMatch(problem);
    expect(await transactions()).toBe(before);
  });
});

const TYPED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"; // of EIP-55
const MISTYPED = TYPED.replace("b9A09", "b9a09");

describe("create-round --gate-file", () => {
  const write = async (name: string, text: string) => {
    await writeFile(file(name), text);
    return file(name);
  };
  const readGate = async (...more: string[]) => {
    const { round } = await tacitJson<{ round: Address }>(command(...more), env());
    const [read, contracts] = [connectRead(stage.url), locateContracts(BUILT)];
    return (await readParts(read, await readConfig(read, round, contracts), contracts)).gate;
  };

  test("PROV-3 a gate of several clauses with equal credits, with lists beside the file; --exact-credits for one list", async () => {
    const entries = [{ account: token, credits: 5n }];
    await write("members.csv", `account,credits\n${token},5\n`);
    const merkle = { id: "merkle", settings: [allowListRoot(entries)] };
    const other = { id: "merkle", settings: [`0x${"12".repeat(32)}`] };
    const gate = await write(
      "gate.json",
      JSON.stringify({
        exactCredits: "5",
        clauses: [
          [{ kind: "merkle", list: "members.csv" }],
          [
            { kind: "merkle", root: other.settings[0] },
            { kind: "merkle", list: "members.csv" },
          ],
        ],
      }),
    );
    expect(await readGate("--gate-file", gate)).toMatchObject({
      kind: "clauses",
      exactCredits: 5n,
      clauses: [[merkle], [other, merkle]],
    });
    expect(
      await readGate("--allow-list", file("members.csv"), "--exact-credits", "5"),
    ).toMatchObject({ kind: "clauses", exactCredits: 5n, clauses: [[merkle]] });
  });

  test("a file that describes no gate is refused with what is wrong in it, and nothing is sent", async () => {
    const before = await transactions();
    const clause = (checker: object) => JSON.stringify({ clauses: [[checker]] });
    for (const [text, said] of [
      ["{", "it is not JSON"],
      ["null", '"clauses" must be'],
      ['{"clauses": []}', '"clauses" must be'],
      [JSON.stringify({ clauses: [[{}, {}, {}, {}, {}]] }), '"clauses" must be'],
      [JSON.stringify({ clauses: [["merkle"]] }), '"clauses" must be'],
      [clause({}), '"kind" is undefined, and may be merkle'],
      [clause({ kind: "magic" }), '"kind" is "magic"'],
      [clause({ kind: "merkle" }), `"root" is missing; a "list"`],
      [clause({ kind: "merkle", root: "0x12" }), "64 hexadecimal digits"],
      [clause({ kind: "merkle", list: 5 }), 'takes no such "list"'],
      [clause({ kind: "voucher", issuer: 5 }), '"issuer" is not an address'],
      [clause({ kind: "voucher", issuer: MISTYPED }), "its checksum is wrong"],
      [clause({ kind: "voucher", issuer: `eth:${TYPED}` }), "leave out what stands before 0x"],
      [clause({ kind: "merkle", list: "nowhere.csv" }), "cannot be read"],
      [clause({ kind: "merkle", root: `0x${"12".repeat(32)}`, top: 1 }), 'takes no "top"'],
      [JSON.stringify({ clauses: [[{}]], name: "x" }), 'it has no "name"'],
      [JSON.stringify({ clauses: [[{}]], exactCredits: -1 }), "not a whole number"],
      [JSON.stringify({ clauses: [[{}]], exactCredits: String(2n ** 64n) }), "below 2^64"],
    ] as const) {
      const { code, err } = await tacit(
        command("--gate-file", await write("bad.json", text)),
        env(),
      );
      expect({ text, code, err }).toEqual({
        text,
        code: 1,
        err: expect.stringContaining(said) as string,
      });
    }
    const { code, err } = await tacit(command("--exact-credits", "5"), env());
    expect([code, err]).toEqual([1, expect.stringContaining("cannot ask for equal credits")]);
    expect(await transactions()).toBe(before);
  });
});

/** A question for a number. */
const DUES = {
  ...{ kind: "number", title: "How much a year?", option: 0, unit: "€" },
  ...{ start: 40, step: 0.5, min: 20, max: 60, decimals: 1 },
};

describe("create-round --preset", () => {
  const guardian = `0x${"0d".repeat(20)}`;
  let [list, questions] = ["", ""];
  beforeAll(async () => {
    questions = file("questions.json");
    await writeFile(questions, JSON.stringify({ name: "The dues", vote: [DUES] }));
    list = file("members.csv");
    await writeFile(list, `account,credits\n0x${"0a".repeat(20)},100\n0x${"0b".repeat(20)},100\n`);
  });
  const people = () => ["--allow-list", list];
  const needed: Readonly<Record<string, () => string[]>> = {
    experiment: () => ["--token", token],
    community: () => ["--token", token, "--guardian", guardian, ...people()],
    city: () => [
      ...["--token", token, "--guardian", guardian, ...people()],
      ...["--remainder-to", guardian, "--tiers", "1x50,2x20"],
    ],
    "members-vote": people,
    "number-vote": () => ["--about", questions, ...people()],
    "democracy-dollars": () => ["--pool-token", token, ...people()],
  };
  const configOf = async (...more: string[]) => {
    const { round } = await tacitJson<{ round: Address }>(command(...more), env());
    const read = connectRead(stage.url);
    return { read, config: await readConfig(read, round, locateContracts(BUILT)) };
  };

  test("there is a test for each", () => {
    expect(PRESETS.map(({ id }) => id)).toEqual(Object.keys(needed));
  });

  test.each(Object.keys(needed))("%s makes a round with its settings", async (id) => {
    const { read, config } = await configOf("--preset", id, ...needed[id]!());
    const isVote = id === "members-vote" || id === "number-vote";
    expect(config.token === zeroAddress).toBe(isVote || id === "democracy-dollars");
    expect(config.poolToken === zeroAddress).toBe(isVote);
    expect(config.allowSigns).toBe(isVote);
    expect(config.shareLeftovers).toBe(id !== "city");
    expect(config.disputeWindow).toBe(
      { community: 3, city: 7 }[id] === undefined ? 0 : { community: 3, city: 7 }[id]! * 86_400,
    );
    const { gate, payoutRule } = await readParts(read, config, locateContracts(BUILT));
    expect(gate.kind).toBe(id === "experiment" ? "open" : "clauses");
    if (!isVote)
      expect(payoutRule).toMatchObject({
        kind: "known",
        id: { community: "capped", city: "tiers" }[id] ?? "quadratic",
      });
  });

  test("what the organiser gives stands, also a rule of another kind", async () => {
    const { read, config } = await configOf(
      ...["--preset", "community", ...needed["community"]!()],
      ...["--rule", "minimum", "--minimum", "5", "--dispute-window", "1d"],
    );
    expect(config.disputeWindow).toBe(86_400);
    expect((await readParts(read, config, locateContracts(BUILT))).payoutRule).toMatchObject({
      id: "minimum",
    });
  });

  test("VOTE-1 questions need a vote, and a number vote a question for a number; few voters are told what totals tell", async () => {
    const before = await transactions();
    const about = file("about.json");
    const tell = async (vote: unknown, ...more: string[]) => {
      await writeFile(about, JSON.stringify({ name: "The dues", vote }));
      return tacit(command("--about", about, ...more), env());
    };
    const number = ["--preset", "number-vote", ...people()];
    for (const [questions, more, problem] of [
      [[DUES], ["--token", token], "Questions are for votes"],
      [undefined, number, "asks for a number"],
      [[{ kind: "choice", title: "Which?" }], number, "asks for a number"],
      [[{ ...DUES, step: 0 }], number, "not a round's document"],
      [[{ ...DUES, start: 61 }], number, "does not start within bounds"],
    ] as const) {
      const { code, err } = await tell(questions, ...more);
      expect([code, err]).toEqual([1, expect.stringContaining(problem)]);
    }
    expect(await transactions()).toBe(before);
    expect((await tell([DUES], ...number)).err).toContain("Only 2 can vote. Fewer than 10 voters");
  });

  test.each([
    ["experiment", [], /--token/],
    ["community", ["--token"], /--allow-list or --gate-file or --gate/],
    ["city", ["--token"], /--tiers/],
    ["members-vote", [], /--allow-list or --gate-file/],
    ["number-vote", ["--allow-list"], /--about/],
    ["democracy-dollars", [], /--pool-token/],
    ["members-vote", ["--token"], /has no --token/],
  ])(
    "%s says what is missing or does not go with it, and nothing is sent",
    async (id, more, problem) => {
      const before = await transactions();
      const given = more.flatMap((flag) => [flag, token]);
      const { code, err } = await tacit(command("--preset", id, ...given), env());
      expect(code).not.toBe(0);
      expect(err).toMatch(problem);
      expect(await transactions()).toBe(before);
    },
  );
});
