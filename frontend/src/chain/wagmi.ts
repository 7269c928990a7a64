import { createConfig, createStorage, fallback, http, type Config } from "wagmi";
import { defineChain } from "viem";
import type { SiteConfig } from "../config/site.ts";

/** Wallets are found by EIP-6963 alone; one over a relay is added when it has agreed (wallet/wallet_connect.ts). */
export function createWagmiConfig({ chains }: SiteConfig): Config {
  const defined = chains.map(({ id, name, currency, rpc, explorer }) =>
    defineChain({
      id,
      name,
      nativeCurrency: currency,
      rpcUrls: { default: { http: rpc.map(absolute) } },
      ...(explorer === undefined
        ? {}
        : { blockExplorers: { default: { name: "Explorer", url: explorer } } }),
    }),
  );
  return createConfig({
    chains: defined as [(typeof defined)[0] & object, ...typeof defined],
    connectors: [],
    multiInjectedProviderDiscovery: true,
    transports: Object.fromEntries(
      chains.map(({ id, rpc }) => [
        id,
        fallback(
          rpc.map((url) => http(absolute(url), { batch: { batchSize: 100 }, timeout: 20_000 })),
        ),
      ]),
    ),
    storage: createStorage({ storage: onlyTheWallet }),
    pollingInterval: 2_000,
    // No contract makes a visitor ask a server of its own choice (EIP-3668); the policy would not let it either.
    ccipRead: false,
  });
}

/**
 * wagmi would keep the accounts that were connected, and so show on this device which other account published for a donor.
 * Only which wallet, and whether it was disconnected, stays, and only as long as the tab.
 */
const onlyTheWallet = {
  getItem: (key: string) => (isWalletId(key) ? sessionStorage.getItem(key) : null),
  setItem: (key: string, value: string) => {
    if (isWalletId(key)) sessionStorage.setItem(key, value);
  },
  removeItem: (key: string) => sessionStorage.removeItem(key),
};
const isWalletId = (key: string) => /recentConnectorId$|\.disconnected$/.test(key);

function absolute(url: string): string {
  return new URL(url, location.href).href;
}
