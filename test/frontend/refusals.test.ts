import { readFile } from "node:fs/promises";
import { createInstance, type TFunction } from "i18next";
import { describe, expect, test } from "vitest";
import { problemText } from "../../frontend/src/ui/problem.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import * as abis from "../../src/chain/generated/abis.ts";
import { CHECKERS, ContractRefusedError } from "../../src/index.ts";

type Words = {
  readonly problem: {
    readonly refused: Readonly<Record<string, { readonly title: string; readonly help: string }>>;
  };
};

const readWords = async (language: string): Promise<Words> =>
  JSON.parse(
    await readFile(fromRoot("frontend", "src", "i18n", `${language}.json`), "utf8"),
  ) as Words;

async function translator(language: string): Promise<TFunction> {
  const i18n = createInstance();
  return i18n.init({
    lng: language,
    resources: { [language]: { translation: await readWords(language) } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

const told = (reason: string, t: TFunction) =>
  problemText(new ContractRefusedError("admit", reason, [], undefined), t);
const errors = new Set(
  Object.values(abis).flatMap((abi) =>
    abi.flatMap((part) => (part.type === "error" ? [part.name as string] : [])),
  ),
);

describe.each(["en", "ja", "zh-Hant"])("refusals in %s", (language) => {
  test("every error that a kind of checker can tell a donor what to do about has words of its own", async () => {
    const t = await translator(language);
    const names = CHECKERS.flatMap(({ fixes }) => Object.keys(fixes));
    expect(names.length).toBeGreaterThan(0);
    const { refused } = (await readWords(language)).problem;
    for (const name of names)
      expect({ name, ...told(name, t) }).toEqual({ name, ...refused[name] });
  });

  test("the names with words are errors of contracts", async () => {
    const names = Object.keys((await readWords(language)).problem.refused);
    expect(names.filter((name) => !errors.has(name))).toEqual([]);
  });

  test("what has no words is told by its name, whatever the name", async () => {
    const t = await translator(language);
    for (const reason of [
      "SomebodyElses",
      "constructor",
      "NotOnList.title",
      "",
      "../refused",
      "not on {{list}}",
    ]) {
      expect(told(reason, t)).toEqual({
        title: t("problem.refusedOther.title"),
        help: t("problem.refusedOther.help", { reason }),
      });
    }
    expect(told("ERC20: transfer amount exceeds balance", t)).toEqual(
      told("ERC20InsufficientBalance", t),
    );
  });
});
