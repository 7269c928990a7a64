import { createServer } from "node:http";
import { mkdtemp, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { encodeAbiParameters, encodeFunctionResult, parseAbi, type Hex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAmount } from "../../src/cli/input/amounts.ts";
import { readProjectFile } from "../../src/cli/input/project_file.ts";
import { duration, table, time } from "../../src/cli/output/output.ts";
import { projectTable, showRun } from "../../src/cli/output/run_report.ts";
import { compareWithDirect } from "../../src/devnet/checks.ts";
import { finestUnit, groupByDonor, planBallot, sumBallots } from "../../src/devnet/donors.ts";
import { parseAllowList } from "../../src/donor/allow_list.ts";
import { draftBallot } from "../../src/donor/draft.ts";
import { quadraticMatch } from "../../src/matching/quadratic.ts";
import { tacit } from "../helpers/cli.ts";
import { createColors } from "picocolors";

const GOOD = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const WRONG = "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-inputs-"));
let files = 0;
async function file(content: string | Uint8Array): Promise<string> {
  const name = path.join(folder, `${(files += 1)}.csv`);
  await writeFile(name, content);
  return name;
}

describe("amounts on the command line", () => {
  test("a decimal comma is one, and what could be two amounts is refused with both", () => {
    expect(parseAmount("2,5", 6)).toBe(2_500_000n);
    expect(parseAmount("2.500,00", 6)).toBe(2_500_000_000n);
    expect(parseAmount("1.234567", 6)).toBe(1_234_567n);
    expect(() => parseAmount("1,234", 6)).toThrow('"1,234" may mean 1.234 or 1234');
    expect(() => parseAmount("1.2345678", 6)).toThrow(
      '"1.2345678" has 7 decimals, and the token has 6',
    );
    expect(() => parseAmount("ten", 6)).toThrow('"ten" is not an amount');
  });
});

describe("projects add", () => {
  const add = async (content: string, ...more: string[]) =>
    tacit([
      "projects",
      "add",
      await file(content),
      "--round",
      GOOD,
      "--account-key",
      "none",
      ...more,
    ]);

  test.each([
    [
      "an address with a typo",
      `name,recipient\nBirds,${GOOD}\nTrees,${WRONG}\n`,
      /Line 3 .*its checksum is wrong/,
    ],
    [
      "a name, where no node answers what it stands for",
      "name,recipient\nBirds,birds.eth\n",
      /The RPC at .* does not answer/,
    ],
    [
      "nobody's address",
      `name,recipient\nBirds,0x${"0".repeat(40)}\n`,
      /Line 2 .*money sent there is lost/,
    ],
    ["no address", "name,recipient\nBirds,\n", /Line 2 .*it is empty/],
    [
      "one name twice",
      `name;recipient\nBirds;${GOOD}\n Birds ;${GOOD}\n`,
      /Line 3 .*"Birds" is in line 2 already/,
    ],
    [
      "one name in two Unicode forms",
      `name,recipient\nCaf\u00e9,${GOOD}\nCafe\u0301,${GOOD}\n`,
      /Line 3 .*is in line 2 already/,
    ],
    ["no name", `name,recipient\n,${GOOD}\n`, /Line 2 .*it is empty/],
    [
      "a hidden character",
      `name,recipient\nBir\u202eds,${GOOD}\n`,
      /Line 2 .*hidden character \\u\{202E\}/,
    ],
    [
      "a long name",
      `name,recipient\n${"x".repeat(121)},${GOOD}\n`,
      /Line 2 .*more than 120 letters/,
    ],
    [
      "a missing field",
      `name,recipient\nBirds,${GOOD}\nTrees\n`,
      /Line 3 .*1 fields where the header has 2/,
    ],
  ])("%s is refused before anything is sent", async (_, content, message) => {
    const { code, err } = await add(content);
    expect([code, err]).toEqual([1, expect.stringMatching(message)]);
  });

  test("foreign columns are named with --map, look-alikes told", async () => {
    const content = `Titel\tKonto\nBirds\t${GOOD}\nbirds\t${GOOD}\n`;
    expect((await add(content)).err).toContain('no column is called "name"');
    const { err } = await add(content, "--map", "name=Titel", "--map", "recipient=Konto");
    expect(err).toContain('Look again: "Birds" and "birds" are different projects here.');
    expect(err).toContain("The secret file none cannot be read"); // the next thing that is wanted
    expect((await add(content, "--map", "owner=Titel")).code).toBe(2);
  });
});

test("an allow-list: columns, checksums, and both lines of a duplicate", () => {
  expect(parseAllowList(`account;credits\r\n${GOOD.toLowerCase()};1.000.000\r\n`, "a.csv")).toEqual(
    [{ account: GOOD, credits: 1_000_000n }],
  );
  const list =
    (...lines: string[]) =>
    () =>
      parseAllowList(["account,credits", ...lines, ""].join("\n"), "a.csv");
  expect(list(`${WRONG},5`)).toThrow("Line 2 of a.csv: the checksum of");
  expect(list(`${GOOD},5`, `${GOOD.toLowerCase()},6`)).toThrow(
    `Line 3 of a.csv: ${GOOD} is in line 2 already`,
  );
  expect(list(`${GOOD},"1,500"`)).toThrow('"1,500" may mean 1.500 or 1500');
  expect(list(`${GOOD},many`)).toThrow('"many"');
  expect(() => parseAllowList(Uint8Array.of(0x61, 0xe4, 0x0a), "a.csv")).toThrow("is not in UTF-8");
});

describe("addresses and names as options", () => {
  const apply = (recipient: string, rpc = "http://127.0.0.1:9") =>
    tacit([
      "projects",
      "apply",
      "--round",
      GOOD,
      "--name",
      "Birds",
      "--recipient",
      recipient,
      "--account-key",
      "none",
      "--rpc",
      rpc,
    ]);

  test.each([
    [WRONG, "its checksum is wrong"],
    [`eth:${GOOD}`, "leave out what stands before 0x"],
    ["0x12", "it is not 0x and 40 hexadecimal digits"],
  ])("%s is refused", async (text, message) => {
    expect(await apply(text)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  describe("with a node", () => {
    let chainId = 1;
    let found: string | undefined = GOOD;
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += part));
      request.on("end", () => {
        const { id, method } = JSON.parse(body) as { id: number; method: string };
        const abi = parseAbi(["function resolve(bytes, bytes) view returns (bytes, address)"]);
        const answer = (): Hex => {
          if (method === "eth_chainId") return `0x${chainId.toString(16)}`;
          const account = encodeAbiParameters(
            [{ type: "address" }],
            [(found ?? `0x${"0".repeat(40)}`) as Hex],
          );
          return encodeFunctionResult({ abi, result: [account, GOOD] });
        };
        response.end(JSON.stringify({ jsonrpc: "2.0", id, result: answer() }));
      });
    });
    let url = "";
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => void server.close());

    test("a name is looked up where its chain has names, and the address told before anything else happens", async () => {
      const { err } = await apply("ana.eth", url);
      expect(err).toContain(`ana.eth is ${GOOD}.\n`);
      found = undefined;
      expect((await apply("ana.eth", url)).err).toContain('"ana.eth" names no address');
      expect((await apply("a na.e\u202eth", url)).code).toBe(2);
      chainId = 31_337;
      expect((await apply("ana.eth", url)).err).toContain("chain 31337 has no name service");
    });
  });
});

describe("tacit match at its bounds", () => {
  const ask = (projects: readonly unknown[], unit = "1") =>
    tacit(["match", "--json"], {
      stdin: JSON.stringify({ unit, pool: "1000", surplus: "pay", projects }),
    });

  test("65,536 projects are answered, one more is refused, and a table of them takes no square of time", async () => {
    const some = (count: number) =>
      Array.from({ length: count }, () => ({ votes: "5", credits: "13" }));
    const { out } = await ask(some(65_536));
    expect((JSON.parse(out) as { projects: unknown[] }).projects).toHaveLength(65_536);
    expect((await ask(some(65_537))).err).toContain(
      "65537 projects are more than a round can have (65536)",
    );
    expect(
      table(
        ["a", "b"],
        some(65_536).map((_, i) => [String(i), "x"]),
      ).split("\n"),
    ).toHaveLength(65_537);
  });

  test.each([
    ["5", "0", "each vote costs at least one credit"],
    ["5", "4", "each vote costs at least one credit"],
    ["5", "12", "both even or both odd"],
    ["3", "10", "the square of the votes is at least the credits"],
    ["0", "2", "the square of the votes is at least the credits"],
    ["-1", "1", "votes are at least 0"],
  ])("%s votes for %s credits are impossible", async (votes, credits, why) => {
    expect((await ask([{ votes, credits }])).err).toContain(why);
  });

  test("bounds of PARAM-5 are refused where the number is given", async () => {
    expect((await ask([], (1n << 128n).toString())).err).toContain("The unit is");
    expect((await ask([], "0")).err).toContain("The unit is 0");
  });
});

test("tables count letters as a terminal draws them", () => {
  expect(
    table(
      ["name", "n"],
      [
        ["日本", "1"],
        ["abc", "22"],
      ],
    ),
  ).toBe("  name   n\n  日本   1\n  abc   22");
});

describe("matches against quadratic funding straight from the donations", () => {
  const compare = (
    amounts: readonly (readonly [string, number, bigint])[],
    unit?: bigint,
    spoil = 0n,
  ) => {
    const donations = amounts.map(([donor, project, amount]) => ({ donor, project, amount }));
    const fine = unit ?? finestUnit(donations);
    const ballots = groupByDonor(donations).map((donor) => planBallot(donor, fine).ballot);
    const results = sumBallots(ballots);
    const { matches } = quadraticMatch({
      unit: fine,
      available: 10n ** 21n,
      surplus: "pay",
      projects: results,
    });
    const payments = results.map(({ project }, i) => ({
      project,
      payout: 0n,
      matched: (matches[i] as bigint) + (i === 0 ? spoil : i === 1 ? -spoil : 0n),
    }));
    return compareWithDirect({ payments, projects: ["a", "b", "c"] }, donations, fine);
  };
  const ONE = 10n ** 18n;
  const usual = [
    ["ana", 0, 5n * ONE],
    ["ben", 0, 7n * ONE],
    ["ana", 1, 2n * ONE],
    ["ben", 1, 3n * ONE],
    ["cem", 1, 11n * ONE],
  ] as const;

  test("a right round is right, also with a gift of the smallest unit; a false match is seen", () => {
    expect(compare(usual).ok).toBe(true);
    expect(compare([...usual, ["dan", 2, 1n]]).ok).toBe(true);
    expect(compare([...usual, ["dan", 0, 1n], ["eva", 2, 3n]]).ok).toBe(true);
    expect(compare(usual, undefined, 10n ** 15n).ok).toBe(false); // a millionth of the matches
    expect(compare(usual, 10n ** 15n, ONE * 50n).ok).toBe(false);
  });

  test("where rounding may explain anything, nothing is said", () => {
    expect(compare(usual, 7n * ONE)).toMatchObject({ ok: undefined });
    expect(compare(usual, 7n * ONE).bound).toBeGreaterThan(0.1);
  });

  test("without a pool there is nothing to compare", () => {
    const donations = [{ donor: "ana", project: 0, amount: ONE }];
    expect(
      compareWithDirect(
        { payments: [{ project: 0, payout: ONE, matched: 0n }], projects: ["a"] },
        donations,
        100n,
      ),
    ).toEqual({ worst: 0, bound: 0, ok: true });
  });
});

test("a run's report: columns add up, and every unit has a line", () => {
  const THIRD = 10n ** 18n / 3n;
  const line = (index: number) => ({
    index,
    name: `p${index}\u202e`,
    supporters: 1,
    contributions: THIRD,
    match: 2n * THIRD,
    total: 3n * THIRD,
    onePersonOneVote: 2n * THIRD,
    oneDollarOneVote: 2n * THIRD,
  });
  const shown = showRun({ colours: createColors(false) } as Parameters<typeof showRun>[0], {
    ok: true,
    developmentKeys: false,
    rule: "quadratic",
    ruleAsRead: "quadratic",
    round: GOOD,
    unit: 1n,
    pool: 6n * THIRD + 7n,
    contributed: 3n * THIRD + 5n,
    size: "small",
    folds: 1,
    donors: 3,
    donations: 3,
    checks: [{ title: "x", ok: undefined, detail: "y" }],
    token: { address: GOOD, symbol: "TT", decimals: 18 },
    projects: [0, 1, 2].map(line),
    money: { unspent: 5n, surplus: 3n, dust: 4n },
    remainder: 9n,
    gas: [],
    seconds: {},
    peakMemoryMB: 1,
  }).join("\n");
  expect(shown).toMatch(/p0\\u\{202E\} +0\.34 +0\.67 +1\.01/);
  expect(shown).toMatch(/p2\\u\{202E\} +0\.33 +0\.66 +0\.99/);
  expect(shown).toMatch(/all projects +1\.00 +2\.00 +3\.00/);
  for (const part of ["not spent by donors", "surplus of the pool", "left by rounding"])
    expect(shown).toContain(part);
  expect(shown).toContain("The round came to what its ballots say");
});

test("a run's table has the largest total first, equal ones in the list's order", () => {
  const totals = [1n, 3n, 2n ** 200n, 3n, 0n];
  const shown = projectTable(
    totals.map((total, index) => ({
      ...{ index, name: `p${index}`, supporters: 1, total },
      ...{ contributions: 0n, match: 0n, onePersonOneVote: 0n, oneDollarOneVote: 0n },
    })),
    { address: GOOD, symbol: "TT", decimals: 0 },
  );
  expect(shown.match(/p\d/g)).toEqual(["p2", "p1", "p3", "p0", "p4"]);
});

test("who has not paid yet pays what votes cost, or the round's least; who has keeps what is left", () => {
  const wishes = [0, 1, 2, 3].map((project) => ({ project, amount: 500n }));
  const draft = draftBallot(wishes, { unit: 1n });
  expect([draft.needed, draft.credits, draft.unspent]).toEqual([2000n, 1936n, 0n]);
  expect(draftBallot(wishes, { unit: 1n, least: 1950n })).toMatchObject({
    credits: 1950n,
    unspent: 14n,
  });
  expect(draftBallot(wishes, { unit: 1n, least: 5000n }).credits).toBe(2000n);
  expect(draftBallot(wishes, { unit: 1n, credits: 2000n })).toMatchObject({
    credits: 2000n,
    unspent: 64n,
  });
});

test("a round's time that no calendar has is told as the last that they have", () => {
  expect(time(1_800_000_000n)).toBe("2027-01-15 08:00:00 UTC");
  expect(time((1n << 64n) - 1n)).toBe("+275760-09-13 00:00:00 UTC");
});

test("a file of more projects than a round can have is refused before any of them is looked at", async () => {
  const many = path.join(folder, "many.jsonl");
  await writeFile(many, '{"name":"Tea","recipient":"nobody"}\n'.repeat(65_537));
  await expect(readProjectFile(many, {})).rejects.toThrow("65,537 projects are more than a round");
});

test.each([
  [0.04, "0.0 s"],
  [75, "1 min 15 s"],
  [3600, "1 h 0 min"],
  [172_799, "47 h 59 min"],
  [172_800, "2 d"],
  [14 * 86_400 + 3600, "14 d 1 h"],
])("%d seconds are told as %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
