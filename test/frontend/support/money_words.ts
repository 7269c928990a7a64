import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { SANDBOX_PROJECTS } from "../../../scripts/page/sandbox/projects.ts";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";

export const LANGUAGES = ["en", "ja", "zh-Hant"] as const;
type Language = (typeof LANGUAGES)[number];

/** Words of money, which a round without any never says. */
export const MONEY_WORDS: Readonly<Record<Language, RegExp>> = {
  en: /\b(gifts?|giv(es?|en|ing|ers?)|gave|don(ors?|at\w+)|refund\w*|money|pays?|paid|payments?|amounts?|pool|match(es|ed|ing)?|sponsors?|everything back)\b/i,
  ja: /寄付|お金|金額|返金|支払|払[いうっ]|マッチ|資金|全額|スポンサー/,
  "zh-Hant": /捐|款|錢(?!包)|[支給]?付(?!費)|金額|出資|配對|資金|贊助/,
};

/** Words for what is supported, where a vote without any pool says option. */
export const PROJECT_WORDS: Readonly<Record<Language, RegExp>> = {
  en: /\bprojects?\b/i,
  ja: /プロジェクト/,
  "zh-Hant": /專案|(?<![的裡份])計畫/, // after these it is a plan
};

/** Keys of texts in which English means something else by such a word. */
export const ORDINARY: readonly string[] = [
  ...["projects.namelessHelp", "problem.logs.help", "give.tag", "vote.words"],
  ...["passphrase.hint", "passphrase.recognise"],
  ...["file.trouble.several", "file.trouble.archive", "file.line.columns"],
];

/**
 * Reads all that stands on the page of a vote without any pool, its title and what fields hold too, and finds no word of money or projects in it
 * but in what these say of themselves.
 * The words of a key's picture (KEY-9) are drawn from a list, in which "pool" and "gift" are: they say nothing and are left out.
 */
export async function expectVoteWords(
  page: Page,
  {
    within = "body",
    languages = ["en"],
  }: { within?: string; languages?: readonly Language[] } = {},
): Promise<void> {
  const ordinary = [...(await ordinaryTexts()), ...SANDBOX_PROJECTS.map(([, text]) => text)];
  for (const language of languages) {
    if (languages.length > 1) await chooseLanguage(page, language);
    const said = await page.locator(within).evaluate((part) => {
      const drawn = [...part.querySelectorAll<HTMLElement>("figcaption[translate=no]")];
      const without = (text: string) =>
        drawn.reduce((rest, { innerText }) => rest.replaceAll(innerText, ""), text);
      return [
        document.title,
        without((part as HTMLElement).innerText),
        ...[...part.querySelectorAll("details")].map(({ textContent }) =>
          without(textContent ?? ""),
        ),
        ...[...part.querySelectorAll("[aria-label]")].map(
          (one) => one.getAttribute("aria-label") ?? "",
        ),
        ...[...part.querySelectorAll("textarea")].map(({ value }) => value),
      ];
    });
    const lines = said
      .flatMap((text) => ordinary.reduce((rest, one) => rest.replaceAll(one, ""), text).split("\n"))
      .filter((line) => MONEY_WORDS[language].test(line) || PROJECT_WORDS[language].test(line));
    expect(lines, `${language}: ${page.url()}`).toEqual([]);
  }
  if (languages.length > 1) await chooseLanguage(page, "en");
}

async function chooseLanguage(page: Page, language: Language): Promise<void> {
  await page.locator("footer select").first().selectOption(language);
  await page.waitForFunction((tag) => document.documentElement.lang === tag, language);
}

let texts: Promise<readonly string[]> | undefined;
async function ordinaryTexts(): Promise<readonly string[]> {
  texts ??= (async () => {
    const read = async (file: string) =>
      JSON.parse(await readFile(fromRoot("frontend", "src", "i18n", file), "utf8")) as object;
    const all = { ...(await read("en.json")), ...(await read("result.en.json")) };
    return ORDINARY.map((key) =>
      key
        .split(".")
        .reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], all),
    ).filter((text): text is string => typeof text === "string");
  })();
  return texts;
}
