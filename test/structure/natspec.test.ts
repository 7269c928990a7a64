import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";

// A reader of an interface, a block explorer and a wallet have nothing but NatSpec.

/** Documentation, then `function name(parameters) modifiers [returns (values)]` up to its body or semicolon. */
const FUNCTION =
  /((?:^[ \t]*\/\/\/.*\n|^[ \t]*\/\/.*\n)*)^[ \t]*function (\w+)\(([^)]*)\)([^{;]*)[{;]/gm;

/** The names in a list of Solidity parameters; "" for one without a name. */
function listNames(list: string): string[] {
  const parts = list
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.map((part) => {
    const words = part
      .split(/\s+/)
      .filter((word) => !["memory", "calldata", "storage"].includes(word));
    return words.length > 1 ? (words.at(-1) as string) : "";
  });
}

/** What the documentation of a file's external and public functions lacks. */
export function lacking(file: string, source: string): string[] {
  return [...source.matchAll(FUNCTION)].flatMap(
    ([, doc = "", name = "", parameters = "", rest = ""]) => {
      if (!/\b(external|public)\b/.test(rest) || doc.includes("@inheritdoc")) return [];
      const where = `${file}: ${name}`;
      const missing = listNames(parameters)
        .filter((parameter) => parameter !== "" && !new RegExp(`@param ${parameter}\\b`).test(doc))
        .map((parameter) => `${where}: @param ${parameter}`);
      const returned = listNames(/returns \(([^)]*)\)/.exec(rest)?.[1] ?? "").length;
      const described = [...doc.matchAll(/@return\b/g)].length;
      return [
        ...(doc.includes("@notice") ? [] : [`${where}: @notice`]),
        ...missing,
        ...(described === returned ? [] : [`${where}: ${returned} values, ${described} @return`]),
      ];
    },
  );
}

test("every external function says what it does, what it takes and what it returns", async () => {
  const files = (await filesBelow(fromRoot("contracts"), ".sol"))
    .map(toRelative)
    .filter((file) => !/^contracts\/(generated|mocks)\//.test(file));
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap((file) => lacking(file, readFileSync(fromRoot(file), "utf8")))).toEqual([]);
});

test("what is missing is found", () => {
  const source = `
    /// @notice Does it.
    /// @param a The first.
    function f(uint256 a, bytes calldata b) external returns (uint256, bool ok);
    function g() public view {}
    /// @inheritdoc IOther
    function h(uint256 a) external {}
    function i(uint256 a) internal {}
`;
  expect(lacking("A.sol", source)).toEqual([
    "A.sol: f: @param b",
    "A.sol: f: 2 values, 0 @return",
    "A.sol: g: @notice",
  ]);
});
