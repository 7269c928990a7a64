import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { runNode } from "../../scripts/pipeline/run.ts";

/** What circom's own check of signals without constraints says of these circuits, and why it is no gap. */
const EXPLAINED: readonly { readonly warning: RegExp; readonly why: string }[] = [
  {
    warning: /"Field\(\d+,\d+,\d+\)": Array of local signals in /,
    why: "a field is some of the bits of its word; the others are constrained by the decomposition",
  },
  {
    warning: /"IsAtLeast\(\d+\)": Array of subcomponent input\/output signals difference\.out /,
    why: "only the highest bit of the difference is the answer; Num2Bits constrains all",
  },
  {
    warning: /"(Message|Contribution)Fingerprint\(11\)": Array of local signals gPower /,
    why: "each kind of item uses its own powers of g",
  },
  {
    warning: /"HalfSizeMultiple\(127\)": Local signal Q\[0\]\.[uv] /,
    why: "the ladder ends at Q[1]; the array has one place too many",
  },
  {
    warning: /"Row\(\)": Local signal constants\.(g|c1|c2) /,
    why: "rows get powers and digits, which the fold makes of them",
  },
  {
    warning: /"Keystream\(9\)": .* permutation\.out\[0\] /,
    why: "the first element of the permutation stays secret (MSG-3)",
  },
  {
    warning: /"Close\(\)": .* product\.S\.[uv] /,
    why: "the close needs that the multiple exists, not the point itself",
  },
];

test.each(["test/fixtures/circuits/fold_one.circom", "circuits/generated/close.circom"])(
  "ROW-1 to ROW-12, CLOSE-2: circom sees no signal without constraint in %s but explained ones",
  async (main) => {
    const output = await runNode(
      `Inspecting ${main}`,
      [fromRoot("node_modules/circom2/cli.js"), main, "--O0", "--inspect", "-l", "node_modules"],
      "Read circom's message above.",
    );
    const warnings = stripVTControlCharacters(output)
      .split("\n")
      .filter((line) => /^(warning|error)\[/.test(line));
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.filter((line) => !EXPLAINED.some(({ warning }) => warning.test(line)))).toEqual(
      [],
    );
  },
);
