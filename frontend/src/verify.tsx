import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadSite } from "./config/site.ts";
import { VerifierPage } from "./features/verify/verifier_page.tsx";
import { addWords, startTranslations, type Language } from "./i18n/index.ts";
import { parseRoute } from "./router.ts";
import { Bare } from "./shell/bare.tsx";
import { StartFailed } from "./ui/start_failed.tsx";
import "./styles.css";

/** The verifier: a document of its own, whose policy lets it ask any node, without wallet, keys of donors or ballots (docs/PAGE.md). */
async function start(): Promise<void> {
  await startTranslations(document.documentElement.lang as Language);
  await addWords("result");
  const root = createRoot(document.getElementById("root") as HTMLElement);
  try {
    const site = await loadSite();
    const draw = () => {
      const route = parseRoute(location.hash);
      const place = route.page === "round" ? route : undefined;
      root.render(
        <StrictMode>
          <Bare place={place}>
            <VerifierPage key={location.hash} site={site} place={place} />
          </Bare>
        </StrictMode>,
      );
    };
    addEventListener("hashchange", draw);
    draw();
  } catch (error) {
    root.render(
      <StrictMode>
        <Bare place={undefined}>
          <StartFailed reason={error instanceof Error ? error.message : String(error)} />
        </Bare>
      </StrictMode>,
    );
  }
}

void start();
