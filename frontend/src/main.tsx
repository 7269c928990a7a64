import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { loadSite } from "./config/site.ts";
import { startTranslations, type Language } from "./i18n/index.ts";
import { preloadPage } from "./pages.ts";
import { beginAs, parseRoute } from "./router.ts";
import { Shell } from "./shell/shell.tsx";
import "./styles.css";

/** Everything that talks to chains and wallets comes meanwhile; it is three times as large as what makes the first words alive. */
async function loadApp() {
  const [{ makeApp }, site] = await Promise.all([import("./root.tsx"), loadSite()]);
  return makeApp(site);
}

/** Makes alive what public/start.js has put on the page, with the same words, and adds the rest to it. */
async function start(): Promise<void> {
  const { dataset, lang } = document.documentElement;
  const app = loadApp();
  app.catch(() => undefined); // the shell tells
  preloadPage(parseRoute(location.hash));
  beginAs(dataset["first"] as "rounds" | "unknown");
  await startTranslations(lang as Language);
  hydrateRoot(
    document.getElementById("root") as HTMLElement,
    <StrictMode>
      <Shell app={app} />
    </StrictMode>,
  );
}

void start();
