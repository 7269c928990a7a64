import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";

type Report = { readonly line: number; readonly ruleId: string; readonly message: string };
const { processStr } = createRequire(import.meta.url)("solhint") as {
  processStr(text: string, config: object): { readonly reports: readonly Report[] };
};
const config = JSON.parse(readFileSync(fromRoot(".solhint.json"), "utf8")) as {
  readonly rules: Record<string, unknown>;
};

/** What snarkjs exports and what is made from src/params.ts is not written by hand. */
const sources = async () =>
  (await filesBelow(fromRoot("contracts"), ".sol"))
    .map(toRelative)
    .filter((file) => !file.startsWith("contracts/generated/"));
const read = (file: string) => readFileSync(fromRoot(file), "utf8");

/** What those import who write a gate, a rule or a registry of their own, each with a compiler of their choice. */
const FOR_OTHERS = /^contracts\/(interfaces\/|libraries\/ResultEntry\.sol)/;
const rulesFor = (file: string) =>
  FOR_OTHERS.test(file)
    ? { rules: { ...config.rules, "compiler-version": ["error", ">=0.8.24 <0.9"] } }
    : config;

test("interfaces take any compiler from 0.8.24, all other contracts the pinned one", async () => {
  const pragma = (file: string) => /^pragma solidity (.*);$/m.exec(read(file))?.[1];
  const files = [...(await sources()), "contracts/generated/Params.sol"];
  const wrong = files.filter(
    (file) =>
      pragma(file) !==
      (FOR_OTHERS.test(file) || file.endsWith("Params.sol") ? ">=0.8.24 <0.9" : "0.8.37"),
  );
  expect(wrong).toEqual([]);
});

test("no contract breaks a rule of .solhint.json", async () => {
  const found = (await sources()).flatMap((file) =>
    processStr(read(file), rulesFor(file)).reports.map(
      ({ line, ruleId, message }) => `${file}:${line}: ${ruleId}: ${message}`,
    ),
  );
  expect(found).toEqual([]);
});

test("every exception names its rule, and says why after a comma", async () => {
  const wrong = (await sources()).flatMap((file) =>
    read(file)
      .split("\n")
      .filter((line) => {
        const exception = /solhint-\w[\w-]* ?([\w-]*)(, as .+)?/.exec(line);
        return (
          exception !== null &&
          !((exception[1] as string) in config.rules && exception[2] !== undefined)
        );
      })
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(wrong).toEqual([]);
});

test("the rules are looked at: each kind of mistake is found", () => {
  const bad = `pragma solidity ^0.8.0;
import {Unused} from "./Unused.sol";
contract Bad {
  uint x;
  function f(address payable to) { require(tx.origin == msg.sender, "no"); to.call(""); assembly { x := 1 } if (block.timestamp > 1) {} }
}`;
  const found = new Set(processStr(bad, config).reports.map(({ ruleId }) => ruleId));
  for (const rule of [
    "compiler-version",
    "no-unused-import",
    "explicit-types",
    "state-visibility",
    "func-visibility",
    "avoid-tx-origin",
    "avoid-low-level-calls",
    "no-inline-assembly",
    "not-rely-on-time",
    "gas-custom-errors",
    "no-empty-blocks",
  ])
    expect(found).toContain(rule);
});
