import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { recall, remember } from "../config/preferences.ts";
import { chooseLanguage, LANGUAGES, type Language } from "../i18n/index.ts";

const BOX = "min-h-11 rounded-lg border border-edge bg-raise px-3 text-ink";
const THEMES = ["system", "light", "dark"] as const;

export function Footer() {
  const { t, i18n } = useTranslation();
  const [theme, setTheme] = useState("system");
  useEffect(() => setTheme(recall("theme") ?? "system"), []); // not at once: the page's file is the same for everybody
  const choose = (next: string) => {
    setTheme(next);
    remember("theme", next);
    if (next === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = next;
  };
  return (
    <footer className="border-t border-line print:hidden">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-5 px-5 py-8 text-[0.9rem] text-soft sm:px-8">
        <p className="measure">{t("shell.footer")}</p>
        <div className="flex flex-wrap gap-3">
          <label className="flex items-center gap-2">
            <span>{t("shell.language")}</span>
            <select
              className={BOX}
              value={i18n.language}
              onChange={(event) => {
                remember("language", event.target.value);
                void chooseLanguage(event.target.value as Language);
              }}
            >
              {Object.entries(LANGUAGES).map(([tag, name]) => (
                <option key={tag} value={tag} lang={tag}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label className="flex items-center gap-2">
            <span>{t("shell.theme")}</span>
            <select className={BOX} value={theme} onChange={(event) => choose(event.target.value)}>
              {THEMES.map((name) => (
                <option key={name} value={name}>
                  {t(`shell.themes.${name}`)}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
    </footer>
  );
}
