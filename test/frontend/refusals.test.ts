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

/** What no donor's press can run into; its words come with the pages of those who can. */
const NOT_OF_DONORS = ["NotTheDraw"];

const readWords = async (file: string): Promise<Words> =>
  JSON.parse(await readFile(fromRoot("frontend", "src", "i18n", `${file}.json`), "utf8")) as Words;

/** The words that every page has, and with `organises` those of the organiser's pages over them. */
async function translator(language: string, { organises = false } = {}): Promise<TFunction> {
  const i18n = createInstance();
  const t = await i18n.init({
    lng: language,
    resources: { [language]: { translation: await readWords(language) } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  if (organises)
    i18n.addResourceBundle(language, "translation", await readWords(`organise.${language}`), true);
  return t;
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
    const names = CHECKERS.flatMap(({ fixes }) => Object.keys(fixes)).filter(
      (name) => !NOT_OF_DONORS.includes(name),
    );
    expect(names.length).toBeGreaterThan(0);
    const t = await translator(language);
    const { refused } = (await readWords(language)).problem;
    for (const name of names)
      expect({ name, ...told(name, t) }).toEqual({ name, ...refused[name] });
  });

  test("so has what only an organiser's pages run into", async () => {
    const { refused } = (await readWords(`organise.${language}`)).problem;
    expect(Object.keys(refused)).toEqual(expect.arrayContaining(NOT_OF_DONORS));
    const t = await translator(language, { organises: true });
    for (const [name, words] of Object.entries(refused)) expect(told(name, t)).toEqual(words);
  });

  test("the names with words are errors of contracts", async () => {
    const names = [];
    for (const file of [language, `organise.${language}`])
      names.push(...Object.keys((await readWords(file)).problem.refused));
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
