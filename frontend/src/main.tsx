import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadSite } from "./config/site.ts";
import { Hero } from "./features/rounds/hero.tsx";
import { startTranslations } from "./i18n/index.ts";
import { parseRoute } from "./router.ts";
import { Frame } from "./shell/frame.tsx";
import { StartFailed } from "./ui/start_failed.tsx";
import "./styles.css";

const root = createRoot(document.getElementById("root") as HTMLElement);

/** First what can be read at once; then the rest, which is three times as large and on its way meanwhile. */
async function start(): Promise<void> {
  const site = loadSite();
  site.catch(() => undefined); // told below, once there are words for it
  await startTranslations();
  const loading = Promise.all([import("./root.tsx"), site]); // not before: on a slow line it would hold up the words
  loading.catch(() => undefined);
  root.render(<Frame>{parseRoute(location.hash).page === "rounds" ? <Hero /> : null}</Frame>);
  try {
    const [{ makeRoot }, config] = await loading;
    root.render(<StrictMode>{await makeRoot(config)}</StrictMode>);
  } catch (error) {
    root.render(<StartFailed reason={error instanceof Error ? error.message : String(error)} />);
  }
}

void start();
