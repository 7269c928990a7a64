import { describe, expect, it } from "vitest";
import type { TFunction } from "i18next";
import { zeroAddress } from "viem";
import {
  explainColumns,
  resultsCsv,
  resultsJson,
} from "../../frontend/src/features/results/export.ts";
import {
  asVoted,
  mostFirst,
  type ResultRow,
  type Results,
} from "../../frontend/src/features/results/read_results.ts";

const row = (project: number, contributed: bigint, matched: bigint, shared = 0n): ResultRow => ({
  project,
  place: project,
  name: "",
  votes: 1n,
  credits: 1n,
  eligible: true,
  contributed,
  matched,
  shared,
  claimed: false,
  shown: { contributed, matched, shared },
});
const token = {
  address: "0x0000000000000000000000000000000000000001",
  symbol: "AAA",
  decimals: 2,
} as const;
const poolToken = {
  address: "0x0000000000000000000000000000000000000002",
  symbol: "BBB",
  decimals: 3,
} as const;
const rows = [
  row(0, 500n, 1_000n),
  row(1, 1_600n, 0n),
  row(2, 0n, 1_200n),
  row(3, 400n, 1_000n, 200n),
];

describe("results in two tokens", () => {
  it("are in order of their sum only where both are one token", () => {
    expect(mostFirst(rows, true).map(({ project }) => project)).toEqual([1, 3, 0, 2]);
    expect(mostFirst(rows, false).map(({ project }) => project)).toEqual([2, 3, 0, 1]);
  });

  it("are exported each in its own token, without a total", () => {
    const given = { results: { rows }, isFinal: true, nameRow: () => "" };
    const amounts = (facts: Parameters<typeof resultsCsv>[0]["facts"]) =>
      resultsCsv({ ...given, facts })
        .split("\r\n")[4]
        ?.split(",")
        .slice(4, 8);
    expect(amounts({ token, poolToken })).toEqual(["4", "1", "2", ""]);
    expect(amounts({ token, poolToken: token })).toEqual(["4", "10", "2", "16"]);
  });
});

describe("a result's JSON", () => {
  const none = { address: zeroAddress, symbol: "", decimals: 0 } as const;
  const t = ((key: string) => key) as unknown as TFunction;
  const given = (own: typeof token | typeof none, pool: typeof token | typeof none) =>
    ({
      facts: {
        chainId: 1,
        address: token.address,
        settings: { unit: 1n },
        token: own,
        poolToken: pool,
      },
      results: { rows, budget: 1n, available: 1n, fee: 0n, accounts: {} },
      isFinal: true,
      nameRow: () => "",
    }) as unknown as Parameters<typeof resultsJson>[0];

  it.each([
    ["one token", token, token],
    ["no money", none, none],
  ] as const)("explains every name in it, and no other: %s", (_, own, pool) => {
    const dictionary = explainColumns(t, { token: own, poolToken: pool });
    const told = resultsJson(given(own, pool), dictionary) as {
      projects: readonly object[];
    };
    const {
      projects,
      dictionary: _explained,
      ...ofRound
    } = told as typeof told & {
      dictionary: object;
    };
    const names = new Set([...Object.keys(ofRound), ...Object.keys(projects[0] as object)]);
    expect([...names].sort()).toEqual(Object.keys(dictionary).sort());
    expect((projects[0] as { total?: bigint }).total).toBe(own === none ? undefined : 1_500n);
  });

  it("says of a vote who stands on the list, which the round does not note", () => {
    const results = {
      rows: rows.map((one) => ({ ...one, eligible: false })),
    } as unknown as Results;
    expect(
      asVoted(results, (project) => project !== 2).rows.map(({ project, eligible }) => [
        project,
        eligible,
      ]),
    ).toEqual([
      [0, true],
      [1, true],
      [2, false],
      [3, true],
    ]);
  });
});
