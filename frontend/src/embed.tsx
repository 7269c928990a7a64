import i18n from "i18next";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { getAddress } from "viem";
import { loadSite } from "./config/site.ts";
import { Embedded } from "./features/results/embedded.tsx";
import { addWords, LANGUAGES, startTranslations, type Language } from "./i18n/index.ts";
import { parseRoute } from "./router.ts";
import { Notice } from "./ui/layout.tsx";
import "./styles.css";

/**
 * A result that other sites may frame: `embed.html#/chain/round/language`. No wallet, no keys, and nothing kept on the device: whoever frames it
 * learns nothing of the visitor, and can make nobody press anything (docs/PAGE.md).
 */
async function start(): Promise<void> {
  const [, chain = "", round = "", asked = ""] = location.hash.split("/");
  const language = [asked, ...navigator.languages]
    .map((tag) => (tag.startsWith("zh") ? "zh-Hant" : tag.slice(0, 2)))
    .find((tag): tag is Language => tag in LANGUAGES);
  document.documentElement.lang = language ?? "en";
  await startTranslations(language ?? "en");
  await addWords("result");
  const root = createRoot(document.getElementById("root") as HTMLElement);
  const site = await loadSite().catch(() => undefined);
  const route = parseRoute(`#/${chain}/${round}`);
  const known =
    route.page === "round" ? site?.chains.find(({ id }) => id === route.chainId) : undefined;
  root.render(
    <StrictMode>
      <main className="mx-auto max-w-3xl p-5">
        {route.page === "round" && known !== undefined ? (
          <Embedded chain={known} round={getAddress(route.round)} />
        ) : (
          <Notice tone="bad">
            {site === undefined ? i18n.t("embed.failed") : i18n.t("shell.unknownHelp")}
          </Notice>
        )}
      </main>
    </StrictMode>,
  );
}

void start();
