import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { remember, recall } from "../config/preferences.ts";

export const LANGUAGES = { en: "English", ja: "日本語", "zh-Hant": "繁體中文" } as const;
export type Language = keyof typeof LANGUAGES;

const catalogues: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import("./en.json"),
  ja: () => import("./ja.json"),
  "zh-Hant": () => import("./zh-Hant.json"),
};

/** The visitor's choice, else the first of the device's languages that we have. Every Chinese gets the traditional one. */
function firstLanguage(): Language {
  const wanted = [recall("language"), ...navigator.languages].filter((tag) => tag !== undefined);
  for (const tag of wanted) {
    if (tag.startsWith("zh")) return "zh-Hant";
    if (tag.startsWith("ja")) return "ja";
    if (tag.startsWith("en")) return "en";
  }
  return "en";
}

export async function startTranslations(): Promise<void> {
  await i18n.use(initReactI18next).init({ lng: "dev", resources: {}, interpolation: { escapeValue: false }, returnNull: false });
  await use(firstLanguage());
}

export async function chooseLanguage(language: Language): Promise<void> {
  remember("language", language);
  await use(language);
}

async function use(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, "translation")) {
    i18n.addResourceBundle(language, "translation", (await catalogues[language]()).default);
  }
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
}

export function currentLanguage(): Language {
  return (i18n.language in LANGUAGES ? i18n.language : "en") as Language;
}
