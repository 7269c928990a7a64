import { zeroAddress, type Address } from "viem";
import i18n from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { en: "English", ja: "日本語", "zh-Hant": "繁體中文" } as const;
export type Language = keyof typeof LANGUAGES;

const catalogues: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import("./en.json"),
  ja: () => import("./ja.json"),
  "zh-Hant": () => import("./zh-Hant.json"),
};

/** Words that only some pages need, and load beside everybody's. */
const more = {
  apply: {
    en: () => import("./apply.en.json"),
    ja: () => import("./apply.ja.json"),
    "zh-Hant": () => import("./apply.zh-Hant.json"),
  },
  coorg: {
    en: () => import("./coorg.en.json"),
    ja: () => import("./coorg.ja.json"),
    "zh-Hant": () => import("./coorg.zh-Hant.json"),
  },
  gifts: {
    en: () => import("./gifts.en.json"),
    ja: () => import("./gifts.ja.json"),
    "zh-Hant": () => import("./gifts.zh-Hant.json"),
  },
  learn: {
    en: () => import("./learn.en.json"),
    ja: () => import("./learn.ja.json"),
    "zh-Hant": () => import("./learn.zh-Hant.json"),
  },
  organise: {
    en: () => import("./organise.en.json"),
    ja: () => import("./organise.ja.json"),
    "zh-Hant": () => import("./organise.zh-Hant.json"),
  },
  list: {
    en: () => import("./list.en.json"),
    ja: () => import("./list.ja.json"),
    "zh-Hant": () => import("./list.zh-Hant.json"),
  },
  project: {
    en: () => import("./project.en.json"),
    ja: () => import("./project.ja.json"),
    "zh-Hant": () => import("./project.zh-Hant.json"),
  },
  instalments: {
    en: () => import("./instalments.en.json"),
    ja: () => import("./instalments.ja.json"),
    "zh-Hant": () => import("./instalments.zh-Hant.json"),
  },
  panel: {
    en: () => import("./panel.en.json"),
    ja: () => import("./panel.ja.json"),
    "zh-Hant": () => import("./panel.zh-Hant.json"),
  },
  member: {
    en: () => import("./member.en.json"),
    ja: () => import("./member.ja.json"),
    "zh-Hant": () => import("./member.zh-Hant.json"),
  },
  names: {
    en: () => import("./names.en.json"),
    ja: () => import("./names.ja.json"),
    "zh-Hant": () => import("./names.zh-Hant.json"),
  },
  result: {
    en: () => import("./result.en.json"),
    ja: () => import("./result.ja.json"),
    "zh-Hant": () => import("./result.zh-Hant.json"),
  },
  rules: {
    en: () => import("./rules.en.json"),
    ja: () => import("./rules.ja.json"),
    "zh-Hant": () => import("./rules.zh-Hant.json"),
  },
  terms: {
    en: () => import("./terms.en.json"),
    ja: () => import("./terms.ja.json"),
    "zh-Hant": () => import("./terms.zh-Hant.json"),
  },
  wallet: {
    en: () => import("./wallet.en.json"),
    ja: () => import("./wallet.ja.json"),
    "zh-Hant": () => import("./wallet.zh-Hant.json"),
  },
  option: {
    en: () => import("./option.en.json"),
    ja: () => import("./option.ja.json"),
    "zh-Hant": () => import("./option.zh-Hant.json"),
  },
  vote: {
    en: () => import("./vote.en.json"),
    ja: () => import("./vote.ja.json"),
    "zh-Hant": () => import("./vote.zh-Hant.json"),
  },
} satisfies Record<string, Record<Language, () => Promise<{ default: object }>>>;
/** Words that stand in place of everybody's in some rounds only (shell/words.tsx). */
const INSTEAD: readonly (keyof typeof more)[] = ["option", "vote"];
const wanted = new Set<keyof typeof more>();
const loaded = new Set<string>();

/** Adds words in the present language, and from then on in each that is chosen. */
export async function addWords(name: keyof typeof more): Promise<void> {
  wanted.add(name);
  await loadMore(currentLanguage());
}

/** The words that a round speaks in besides everybody's (shell/words.tsx): where nobody pays, and where nobody is paid either. */
export async function addWordsOf({
  token,
  poolToken,
}: {
  readonly token: Address;
  readonly poolToken: Address;
}): Promise<void> {
  if (token !== zeroAddress) return;
  await Promise.all([addWords("vote"), poolToken === zeroAddress && addWords("option")]);
}

async function loadMore(language: Language): Promise<void> {
  for (const name of wanted) {
    const key = `${name} ${language}`;
    if (loaded.has(key)) continue;
    const words = (await more[name][language]()).default;
    i18n.addResourceBundle(language, INSTEAD.includes(name) ? name : "translation", words, true);
    loaded.add(key);
  }
}

/** `language` is the one that public/start.js has chosen. */
export async function startTranslations(language: Language): Promise<void> {
  if (!i18n.isInitialized)
    await i18n.use(initReactI18next).init({
      lng: "dev",
      resources: {},
      interpolation: { escapeValue: false },
      returnNull: false,
      react: { nsMode: "fallback" }, // a vote's words come before everybody's (words.tsx)
    });
  await use(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  await use(language);
  document.documentElement.lang = language;
}

async function use(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, "translation")) {
    i18n.addResourceBundle(language, "translation", (await catalogues[language]()).default);
  }
  await loadMore(language);
  await i18n.changeLanguage(language);
}

export function currentLanguage(): Language {
  return (i18n.language in LANGUAGES ? i18n.language : "en") as Language;
}
