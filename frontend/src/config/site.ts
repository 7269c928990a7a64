import { createContext, useContext } from "react";
import type { Address } from "viem";
import type { Contracts } from "../../../src/index.ts";

/** A chain that this site serves; `config.json` beside the page, to which the site's maker adds `contracts`. Addresses of services may be relative to the page. */
export type SiteChain = {
  readonly id: number;
  readonly name: string;
  readonly rpc: readonly string[];
  readonly currency: { readonly name: string; readonly symbol: string; readonly decimals: number };
  /** Blocks after which nothing is taken back, or "finalized" where the chain's nodes know that block. */
  readonly finality: "finalized" | number;
  readonly explorer?: string;
  /** A block before the factory was deployed there. */
  readonly fromBlock: number;
  /** This version's, with the keys that came with the page: the same on every chain. Other factories' rounds are not opened (PROV-2). */
  readonly contracts: Contracts;
  /** Where native coin can be given directly. */
  readonly wrappedNative?: Address;
  /** Tokens that the organiser's form offers. */
  readonly tokens?: readonly Address[];
  /** Public lists of gates: gate address to the CSV file or files (account, credits) that the round was created with. */
  readonly lists?: Readonly<Record<string, string | readonly string[]>>;
  /** Publishes messages for donors, so that nobody learns from the chain who wrote them. */
  readonly relay?: string;
  /** Coordinators that organisers can choose. */
  readonly coordinators?: readonly {
    readonly name: string;
    readonly address: Address;
    readonly key: { readonly x: string; readonly y: string };
  }[];
};

/** Only on a development chain: accounts of the node that everybody may use, and a clock that everybody may move. */
export type SandboxConfig = {
  readonly chainId: number;
  readonly accounts: readonly {
    readonly name: string;
    readonly role: "donor" | "briber" | "organiser" | "sponsor" | "coordinator";
    readonly address: Address;
  }[];
};

export type SiteConfig = {
  readonly chains: readonly SiteChain[];
  readonly sandbox?: SandboxConfig;
};

/** @throws Error with the reason, where the file is missing or is not one */
export async function loadSite(): Promise<SiteConfig> {
  const response = await fetch("./config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`config.json: HTTP ${response.status}`);
  const { contracts, chains, ...site } = (await response.json()) as SiteConfig & {
    readonly contracts?: Contracts;
  };
  if (!Array.isArray(chains) || chains.length === 0) throw new Error("config.json: no chains");
  if (contracts === undefined) throw new Error("config.json: no contracts");
  return { ...site, chains: chains.map((chain) => ({ ...chain, contracts })) };
}

export const SiteContext = createContext<SiteConfig>({ chains: [] });

export function useSite(): SiteConfig {
  return useContext(SiteContext);
}

export function useSiteChain(chainId: number): SiteChain | undefined {
  return useSite().chains.find(({ id }) => id === chainId);
}
