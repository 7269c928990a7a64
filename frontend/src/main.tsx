import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { askForRound, askForRounds } from "./chain/early.ts";
import { fetchCode, loadSite, type SiteChain, type SiteConfig } from "./config/site.ts";
import { startTranslations, type Language } from "./i18n/index.ts";
import { preloadPage } from "./pages.ts";
import { beginAs, parseRoute, type Route } from "./router.ts";
import { Shell } from "./shell/shell.tsx";
import "./styles.css";

/** What the opened page asks first. Whoever needs an answer tells if it does not come. */
function askEarly(site: SiteConfig, route: Route): void {
  if (route.page === "rounds") askForRounds(site);
  if (route.page !== "round") return;
  askForRound(site, route);
  fetchCode(site.chains[0] as SiteChain).catch(() => undefined); // what its parts are held against
}

/** Everything that talks to chains and wallets comes meanwhile; it is three times as large as what makes the first words alive. */
async function loadApp() {
  const reading = loadSite();
  reading.then(
    (site) => askEarly(site, parseRoute(location.hash)),
    () => undefined,
  );
  const [{ makeApp }, site] = await Promise.all([import("./root.tsx"), reading]);
  return makeApp(site);
}

/** Milliseconds within which a quick line brings the page's file, and for which a slow one is left to the list after the program. */
const [QUICK_MS, LIST_MS] = [120, 1_000];
const FONTS = ['1em "Instrument Sans Variable"', '1em "Newsreader Variable"'];

/**
 * Has the page's fonts fetched: at once where that delays nothing, else behind the program and what it asks the chain first. What is read by
 * then in the device's fonts stays in them, for letters of other widths would move it; the next page that the visitor opens is in the page's own.
 */
async function fetchFonts(app: Promise<unknown>): Promise<void> {
  const use = () => void (document.documentElement.dataset["fonts"] = "");
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (page === undefined || page.responseEnd - page.requestStart < QUICK_MS) return use();
  const turned = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
  await app.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, LIST_MS));
  await Promise.allSettled(FONTS.map((font) => document.fonts.load(font)));
  await turned;
  use();
}

/** Makes alive what public/start.js has put on the page, with the same words, and adds the rest to it. */
async function start(): Promise<void> {
  const { dataset, lang } = document.documentElement;
  const app = loadApp();
  app.catch(() => undefined); // the shell tells
  void fetchFonts(app);
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
