import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { WagmiProvider } from "wagmi";
import { App } from "./app.tsx";
import { wagmiConfigOf } from "./chain/wagmi.ts";
import { SiteContext, type SiteConfig } from "./config/site.ts";

/** The page with everything that talks to chains and wallets. */
export async function makeRoot(site: SiteConfig) {
  if (site.sandbox !== undefined) await (await import("./wallet/sandbox.ts")).announceSandboxWallet(site);
  const config = wagmiConfigOf(site);
  // Nothing that a query returned outlives the page.
  const queries = new QueryClient({ defaultOptions: { queries: { retry: 2, staleTime: 5_000, refetchOnWindowFocus: false } } });
  return (
    <SiteContext value={site}>
      <WagmiProvider config={config}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </WagmiProvider>
    </SiteContext>
  );
}
