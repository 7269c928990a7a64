import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";
import { faultsOfNeeds, type Sources } from "./needs.ts";

let sources: Sources;
beforeAll(async () => {
  const files = (await filesBelow(fromRoot("circuits"), ".circom"))
    .map(toRelative)
    .filter((file) => !file.includes("/generated/"));
  sources = new Map(
    await Promise.all(
      files.map(async (file) => [file, await readFile(fromRoot(file), "utf8")] as const),
    ),
  );
});

/** The sources with one text of one file replaced. */
function changed(file: string, text: string, by: string): Sources {
  const source = sources.get(file) as string;
  expect(source).toContain(text);
  return new Map([...sources, [file, source.replace(text, by)]]);
}

test("every template says what it needs and who sees to it, and nothing that makes D and PM leans on the door", () => {
  expect(sources.size).toBeGreaterThan(14);
  expect(faultsOfNeeds(sources)).toEqual([]);
});

test("docs/SOUNDNESS.md gives a verdict on every template, and on no other", async () => {
  const table = (await readFile(fromRoot("docs/SOUNDNESS.md"), "utf8"))
    .split("## Template by template")[1]
    ?.split("\n## ")[0] as string;
  const judged = table
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) =>
      [...(line.split("|")[1] as string).matchAll(/`(\w+)`/g)].map(([, name]) => name as string),
    );
  const templates = [...sources.values()].flatMap((source) =>
    [...source.matchAll(/^template (\w+)/gm)].map(([, name]) => name as string),
  );
  expect([...new Set(judged)].sort()).toEqual(templates.sort());
});

describe("the check can fail", () => {
  const MONTGOMERY = "circuits/lib/montgomery.circom";

  test("where the door sees to a need of section 2: what the comments said while the row had two readings", () => {
    const old = changed(
      MONTGOMERY,
      "in Row, section 2: proved by MontgomeryOnCurve in HalfSizeMultiple",
      "in Row, section 2: door, R is acceptable",
    );
    expect(faultsOfNeeds(old)).toEqual([
      `${MONTGOMERY}: EdwardsToMontgomery leans on the door in Row, section 2`,
    ]);
  });

  test("where the door sees to a need inside of what sections 1, 2 and 7 use, but not where it does so in section 6", () => {
    const inside = changed(
      MONTGOMERY,
      "in HalfSizeMultiple: proved by MontgomeryOnCurve for R and root",
      "in HalfSizeMultiple: door for R",
    );
    expect(faultsOfNeeds(inside)).toEqual([
      `${MONTGOMERY}: MontgomeryDouble leans on the door in HalfSizeMultiple`,
    ]);
    const moved = changed(
      "circuits/row.circom",
      "signal messageOff",
      "component acceptance = SignatureHash(7);\n    signal messageOff",
    );
    expect(faultsOfNeeds(moved)).toEqual(
      expect.arrayContaining([
        `${MONTGOMERY}: EdwardsToMontgomery leans on the door in SignatureHash`,
      ]),
    );
  });

  test("where a use is not spoken of, is spoken of and gone, or names nobody, and where a template says nothing", () => {
    const used = changed(
      "circuits/close.circom",
      "EdwardsPoint() C;",
      "EdwardsPoint() C;\n    component more = OddMultiple(128);",
    );
    expect(faultsOfNeeds(used)).toContain(
      "circuits/lib/variable_base.circom: OddMultiple does not say who sees to its needs in Close, section 2",
    );
    const gone = changed(
      "circuits/lib/half_size.circom",
      "difference[1] <== AddOrderTwo()(difference[0]);\n    sum[1] <== AddOrderTwo()(sum[0]);",
      "",
    );
    expect(faultsOfNeeds(gone)).toEqual([
      `${MONTGOMERY}: AddOrderTwo speaks of HalfSizeMultiple, which does not use it`,
    ]);
    const vague = changed(
      "circuits/lib/fixed_base.circom",
      "proved by WellFormed, which decomposes",
      "of course, as these are bits of",
    );
    expect(faultsOfNeeds(vague)).toEqual([
      'circuits/lib/fixed_base.circom: FixedBaseMultiple says neither "proved by ..." nor "door" for SignatureHash',
    ]);
    const silent = changed("circuits/lib/well_formed.circom", "// Needs: nothing.\n", "");
    expect(faultsOfNeeds(silent)).toEqual([
      expect.stringContaining("WellFormed does not say once what it needs"),
    ]);
  });
});
