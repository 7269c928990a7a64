import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { LANGUAGES, MONEY_WORDS, ORDINARY, PROJECT_WORDS } from "./support/money_words.ts";

type Catalogue = { readonly [key: string]: string | Catalogue };

/** Words that are loaded by those pages alone which need them. */
const PARTS = [
  "apply",
  "coorg",
  "gifts",
  "instalments",
  "learn",
  "member",
  "names",
  "list",
  "organise",
  "panel",
  "project",
  "result",
  "rules",
  "terms",
  "wallet",
] as const;
/** Endings of plural forms (CLDR); English has two, the others one. */
const PLURAL = /_(zero|one|two|few|many|other)$/;

const catalogues = new Map<string, Map<string, string>>();
/** What stands in these words' place (shell/words.tsx): where nobody pays, and before that where nobody is paid either. */
const votes = new Map<string, Map<string, string>>();
const options = new Map<string, Map<string, string>>();
/** Words of votes that stand in nothing's place: what their credits are called. */
const OWN = ["credits"];
/** Keys in the source: whole ones, and patterns where a part is computed. */
const used: { key: RegExp; text: string }[] = [];

beforeAll(async () => {
  for (const language of LANGUAGES) {
    const files = [`${language}.json`, ...PARTS.map((part) => `${part}.${language}.json`)];
    const read = await Promise.all(
      files.map((file) => readFile(fromRoot("frontend", "src", "i18n", file), "utf8")),
    );
    const keys = read.flatMap((file) => [...flatten(JSON.parse(file) as Catalogue)]);
    expect(new Set(keys.map(([key]) => key)).size).toBe(keys.length); // no file hides another's words
    catalogues.set(language, new Map(keys));
    for (const [name, instead] of [
      ["vote", votes],
      ["option", options],
    ] as const) {
      const file = fromRoot("frontend", "src", "i18n", `${name}.${language}.json`);
      instead.set(language, flatten(JSON.parse(await readFile(file, "utf8")) as Catalogue));
    }
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
    const known = [...listKeys("en").map(singular), ...OWN];
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

/** What no page of a vote shows, by the beginnings of its keys. */
const ELSEWHERE = [
  // Pages of no round, or of all.
  ...["rounds.", "gifts.lead", "gifts.connect", "how.", "create.", "problem.foreign."],
  ...["faq.change.", "faq.public.", "faq.cost.", "faq.receipt.", "faq.refund."],
  // The verifier, a document of its own: it knows what a round is only when it has checked it.
  ...["verify.rightText", "verify.check.", "verify.f", "verify.wrongIn."],
  ...["verify.not.gate_open", "verify.not.gate_ways", "verify.not.checker_"],
  // Files that a vote has none of.
  ...["manage.after.files"],
  // Where there is a token or a pool, and so something to pay.
  ...["round.pool", "project.paidTo", "project.share", "give.poor", "give.native", "pay.approving"],
  ...[
    "problem.refused.ERC20",
    "problem.refused.InexactTransfer",
    "problem.refused.No",
    "refund.do",
  ],
  ...["gifts.refundWaits", "receipt.", "rules.", "flow.", "accounts.", "compare.", "steps."],
  ...[
    "results.given",
    "results.matched",
    "results.surplus",
    "results.half",
    "results.pa",
    "results.skipped",
  ],
  ...["results.said.gifts", "results.said.back", "results.said.projectsGiven", "results.chart"],
  ...[
    "results.said.projects_",
    "results.said.projectsMatch",
    "results.said.most",
    "results.said.only",
    "results.said.alike",
  ],
  ...["dictionary.m", "dictionary.c", "dictionary.p", "dictionary.a", "dictionary.budget"],
  ...["dictionary.t", "manage.after.skipped", "manage.after.recipients"],
  ...["verify.not.payoutRule", "verify.not.token", "verify.not.qualifier", "guardian.notYetPaid"],
  ...["manage.unit", "manage.rule", "manage.leftovers", "manage.next.pool", "manage.next.unpaid"],
  ...["manage.next.instalments", "manage.next.toInstalments"],
  ...["manage.next.prizes", "manage.share.pool", "manage.share.secret", "manage.after.gifts"],
  ...[
    "manage.after.connect",
    "manage.after.p",
    "manage.after.allPaid",
    "manage.after.textPool",
    "manage.after.again",
  ],
  ...["end.do.", "sandbox.roles.sponsor", "terms.price", "terms.exact", "terms.pool"],
  ...["terms.noPool", "terms.foreignRule"],
  // Of rounds with a matching pool.
  ...["panel.lead", "panel.summary", "panel.line", "panel.f"],
  ...["panel.rest", "panel.you", "panel.text", "manage.next.reviews", "instalments."],
];

/** What of these a vote shows all the same, and where a project would be no word for it. */
const OPTIONS_HERE = [
  "manage.after.projectsT",
  "manage.after.projectsL",
  "manage.after.projectsH",
  "manage.after.projects_",
];
/** What a vote without any pool does not show, or where a project is the word of a register's contract. */
const PROJECTS_ELSEWHERE = [
  ...ELSEWHERE,
  // The verifier, and the wizard before there is a round.
  ...[
    "verify.notYetKnown",
    "verify.not.projects_",
    "verify.list.",
    "problem.refused.RegistryFreezesTooLate",
  ],
  ...["wizard.", "review.", "fund."],
];

describe("a vote's words", () => {
  const vote = (language: string) => votes.get(language) as Map<string, string>;
  const option = (language: string) => options.get(language) as Map<string, string>;
  /** What a vote without any pool says. */
  const said = (language: string) =>
    [...(catalogues.get(language) as Map<string, string>)].map(
      ([key, text]) => [key, option(language).get(key) ?? vote(language).get(key) ?? text] as const,
    );

  test.each([
    ["vote", votes],
    ["option", options],
  ] as const)(
    "%s: stand in place of others, with what these fill in and in all languages",
    (_, instead) => {
      const words = (language: string) => instead.get(language) as Map<string, string>;
      for (const language of LANGUAGES) {
        const base = catalogues.get(language) as Map<string, string>;
        expect([...new Set([...words(language).keys()].map(singular))].sort()).toEqual(
          [...new Set([...words("en").keys()].map(singular))].sort(),
        );
        for (const [key, text] of words(language)) {
          if (OWN.includes(singular(key))) continue;
          expect(base.has(key), `${language}: ${key}`).toBe(true);
          expect(placeholders(base.get(key) as string)).toEqual(
            expect.arrayContaining(placeholders(text)),
          );
        }
        // A form that is missing would be said in the other words.
        const forms = (keys: Iterable<string>) =>
          [...keys]
            .filter((key) => PLURAL.test(key) && words(language).has(key.replace(PLURAL, "_other")))
            .filter((key) => !OWN.includes(singular(key)))
            .sort();
        expect(forms(words(language).keys())).toEqual(forms(base.keys()));
      }
    },
  );

  test.each(LANGUAGES)("%s: none is of money", (language) => {
    const base = [...(catalogues.get(language) as Map<string, string>)];
    const texts = [
      ...base.map(([key, text]) => [key, vote(language).get(key) ?? text] as const),
      ...said(language).filter(([key]) => option(language).has(key)),
    ];
    const isElsewhere = (key: string) =>
      ELSEWHERE.some((start) => key.startsWith(start)) ||
      key === "manage.after.text" || // textFree is told instead
      (language === "en" && ORDINARY.includes(key));
    const found = texts
      .filter(([key]) => !isElsewhere(key) && !/^(wizard|review|fund|apply)\./.test(key))
      .filter(([, text]) => MONEY_WORDS[language].test(text.replace(/\{\{\w+\}\}/g, "")))
      .map(([key, text]) => `${key}: ${text}`);
    expect(found).toEqual([]);
  });

  test.each(LANGUAGES)("%s: where nobody is paid either, none is of projects", (language) => {
    const begins = (key: string) => (start: string) => key.startsWith(start);
    const found = said(language)
      .filter(([key]) => OPTIONS_HERE.some(begins(key)) || !PROJECTS_ELSEWHERE.some(begins(key)))
      .filter(([, text]) => PROJECT_WORDS[language].test(text.replace(/\{\{\w+\}\}/g, "")))
      .map(([key, text]) => `${key}: ${text}`);
    expect(found).toEqual([]);
  });
});
