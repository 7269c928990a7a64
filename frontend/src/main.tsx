import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { WagmiProvider } from "wagmi";
import { App } from "./app.tsx";
import { wagmiConfigOf } from "./chain/wagmi.ts";
import { loadSite, SiteContext } from "./config/site.ts";
import { startTranslations } from "./i18n/index.ts";
import { StartFailed } from "./ui/start_failed.tsx";
import "./styles.css";

const root = createRoot(document.getElementById("root") as HTMLElement);

async function start(): Promise<void> {
  await startTranslations();
  try {
    const site = await loadSite();
    if (site.sandbox !== undefined) await (await import("./wallet/sandbox.ts")).announceSandboxWallet(site);
    // Nothing that a query returned outlives the page.
    const queries = new QueryClient({ defaultOptions: { queries: { retry: 2, staleTime: 5_000, refetchOnWindowFocus: false } } });
    root.render(
      <StrictMode>
        <SiteContext value={site}>
          <WagmiProvider config={wagmiConfigOf(site)}>
            <QueryClientProvider client={queries}>
              <App />
            </QueryClientProvider>
          </WagmiProvider>
        </SiteContext>
      </StrictMode>,
    );
  } catch (error) {
    root.render(<StartFailed reason={error instanceof Error ? error.message : String(error)} />);
  }
}

void start();
