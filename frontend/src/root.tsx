import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { WagmiProvider } from "wagmi";
import { App } from "./app.tsx";
import { createWagmiConfig } from "./chain/wagmi.ts";
import { SiteContext, type SiteConfig } from "./config/site.ts";

/** The part of the page that talks to chains and wallets. */
export function makeApp(site: SiteConfig): ReactNode {
  // A wallet may announce itself at any time; this one is late where its file does not come.
  if (site.sandbox !== undefined)
    void import("./wallet/sandbox.ts").then(
      ({ announceSandboxWallet }) => announceSandboxWallet(site),
      () => undefined,
    );
  const config = createWagmiConfig(site);
  // Nothing that a query returned outlives the page.
  const queries = new QueryClient({
    defaultOptions: { queries: { retry: 2, staleTime: 5_000, refetchOnWindowFocus: false } },
  });
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
