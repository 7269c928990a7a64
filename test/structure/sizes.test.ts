import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

/** Bytes that a contract may have (EIP-170), and what Round must leave of them for what is still to be added. */
const MOST = 24_576;
const FREE = 1_000;

const measureBytes = (name: string): number => {
  const { deployedBytecode } = JSON.parse(
    readFileSync(fromRoot("artifacts", "contracts", name), "utf8"),
  ) as { deployedBytecode: string };
  return (deployedBytecode.length - 2) / 2;
};

test("Round leaves room for what comes, and the others can be deployed", () => {
  expect(measureBytes("Round.sol/Round.json")).toBeLessThanOrEqual(MOST - FREE);
  for (const name of ["RoundFactory.sol/RoundFactory.json", "gates/Gate.sol/Gate.json"])
    expect(measureBytes(name), name).toBeLessThan(MOST);
});
