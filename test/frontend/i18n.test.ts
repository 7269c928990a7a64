import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

type Catalogue = { readonly [key: string]: string | Catalogue };

const LANGUAGES = ["en", "ja", "zh-Hant"] as const;
/** Endings of plural forms (CLDR); English has two, the others one. */
const PLURAL = /_(zero|one|two|few|many|other)$/;

const catalogues = new Map<string, Map<string, string>>();
/** Keys in the source: whole ones, and patterns where a part is computed. */
const used: { key: RegExp; text: string }[] = [];

beforeAll(async () => {
  for (const language of LANGUAGES) {
    const file = await readFile(fromRoot("frontend", "src", "i18n", `${language}.json`), "utf8");
    catalogues.set(language, flatten(JSON.parse(file) as Catalogue));
  }
  for (const file of await filesBelow(fromRoot("frontend", "src"), ".ts", ".tsx")) {
    const source = await readFile(file, "utf8");
    for (const [, whole, template] of source.matchAll(/\bt\(\s*(?:"([^"]+)"|`([^`]+)`)/g)) {
      const text = (whole ?? template) as string;
      const parts = whole === undefined ? text.split(/\$\{[^}]*\}/) : [text];
      used.push({ key: new RegExp(`^${parts.map(escapeText).join("[^.]+")}$`), text });
    }
  }
});

const escapeText = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function flatten(catalogue: Catalogue, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([key, value]) =>
      typeof value === "string"
        ? [[`${prefix}${key}`, value] as const]
        : [...flatten(value, `${prefix}${key}.`)],
    ),
  );
}

const listKeys = (language: string): string[] => [
  ...(catalogues.get(language) as Map<string, string>).keys(),
];
const singular = (key: string): string => key.replace(PLURAL, "");
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name as string).sort();

describe("translations", () => {
  test("the source uses keys", () => {
    expect(used.length).toBeGreaterThan(200);
  });

  test("every key that the source uses is there", () => {
    const known = listKeys("en").map(singular);
    expect(
      used.filter(({ key }) => !known.some((one) => key.test(one))).map(({ text }) => text),
    ).toEqual([]);
  });

  test("every key is used", () => {
    const unused = listKeys("en").filter((key) => !used.some((one) => one.key.test(singular(key))));
    expect(unused).toEqual([]);
  });

  test.each(["ja", "zh-Hant"])(
    "%s has exactly the keys of English, each with its placeholders and a text of its own",
    (language) => {
      const [english, other] = [
        catalogues.get("en") as Map<string, string>,
        catalogues.get(language) as Map<string, string>,
      ];
      expect([...new Set(listKeys(language).map(singular))].sort()).toEqual(
        [...new Set(listKeys("en").map(singular))].sort(),
      );
      // One form is all that these languages have.
      expect(
        listKeys(language).filter((key) => PLURAL.test(key) && !key.endsWith("_other")),
      ).toEqual([]);
      for (const [key, text] of other)
        expect({ key, placeholders: placeholders(text) }).toEqual({
          key,
          placeholders: placeholders(english.get(key) ?? ""),
        });
      const same = [...other].filter(
        ([key, text]) =>
          text === english.get(key) && /[a-z]{4}/i.test(text.replace(/\{\{\w+\}\}/g, "")),
      );
      expect(same).toEqual([]);
    },
  );
});
