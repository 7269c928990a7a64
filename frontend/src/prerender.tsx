import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { startTranslations, type Language } from "./i18n/index.ts";
import { beginAs } from "./router.ts";
import { Shell } from "./shell/shell.tsx";

export { LANGUAGES } from "./i18n/index.ts";

/** Runs while the page is built: the first words as HTML, of the first page, or of any other, whose own words come later. */
export async function prerender(language: Language, first: "rounds" | "unknown"): Promise<string> {
  beginAs(first);
  await startTranslations(language);
  return renderToString(
    <StrictMode>
      <Shell app={new Promise(() => undefined)} />
    </StrictMode>,
  );
}
