import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { remember } from "../config/preferences.ts";

export const LANGUAGES = { en: "English", ja: "日本語", "zh-Hant": "繁體中文" } as const;
export type Language = keyof typeof LANGUAGES;

const catalogues: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import("./en.json"),
  ja: () => import("./ja.json"),
  "zh-Hant": () => import("./zh-Hant.json"),
};

/** `language` is the one that public/start.js has chosen. */
export async function startTranslations(language: Language): Promise<void> {
  if (!i18n.isInitialized)
    await i18n.use(initReactI18next).init({
      lng: "dev",
      resources: {},
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  await use(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  remember("language", language);
  await use(language);
  document.documentElement.lang = language;
}

async function use(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, "translation")) {
    i18n.addResourceBundle(language, "translation", (await catalogues[language]()).default);
  }
  await i18n.changeLanguage(language);
}

export function currentLanguage(): Language {
  return (i18n.language in LANGUAGES ? i18n.language : "en") as Language;
}
