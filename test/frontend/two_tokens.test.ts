import { describe, expect, it } from "vitest";
import { resultsCsv } from "../../frontend/src/features/results/export.ts";
import { mostFirst, type ResultRow } from "../../frontend/src/features/results/read_results.ts";

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
