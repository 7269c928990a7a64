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
  readonly contracts: Omit<Contracts, "creationCode">;
  /** The file with the rest of them, which is a third as large as the whole page, and which a list of rounds can do without. */
  readonly creationCode: string;
  /** The contract that names such as ana.eth are asked of, on a chain where it is not known; where neither, none are looked up or shown. */
  readonly universalResolver?: Address;
  /** Where native coin can be given directly. */
  readonly wrappedNative?: Address;
  /** Tokens that the organiser's form offers. */
  readonly tokens?: readonly Address[];
  /** Pictures of tokens, among those of the site or its relay, by the references by which documents name theirs (META-5). A token without one has its symbol alone. */
  readonly logos?: readonly { readonly token: Address; readonly image: string }[];
  /** What tokens are worth: each a contract on this chain that tells a price (`latestRoundData`), in a currency (ISO 4217). Without it no money but the token is shown. */
  readonly prices?: readonly {
    readonly token: Address;
    readonly feed: Address;
    readonly currency: string;
  }[];
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
  /** Folders with pictures by their digests, relative to the page or on another server; a chain's relay is asked, too (META-5). */
  readonly content?: readonly string[];
  readonly sandbox?: SandboxConfig;
  /** Wallets on other devices answer over this relay, which knows the site by `projectId`. Without it nothing of it is loaded, shown or asked. */
  readonly walletConnect?: { readonly projectId: string; readonly relay: string };
  /** Rounds that have pages with their names and pictures to be shared, with so many of their projects; the site's maker makes them. */
  readonly shared?: readonly {
    readonly chain: number;
    readonly round: Address;
    readonly projects: number;
  }[];
};

/** @throws Error with the reason, where the file is missing or is not one */
export async function loadSite(): Promise<SiteConfig> {
  const { contracts, creationCode, chains, ...site } = await fetchJson<
    SiteConfig & Partial<Pick<SiteChain, "contracts" | "creationCode">>
  >("config.json", "no-cache");
  if (!Array.isArray(chains) || chains.length === 0) throw new Error("config.json: no chains");
  if (contracts === undefined || creationCode === undefined)
    throw new Error("config.json: no contracts");
  return { ...site, chains: chains.map((chain) => ({ ...chain, contracts, creationCode })) };
}

async function fetchJson<T>(file: string, cache: RequestCache): Promise<T> {
  const response = await fetch(`./${file}`, { cache });
  if (!response.ok) throw new Error(`${file}: HTTP ${response.status}`);
  return (await response.json()) as T;
}

let code: Promise<Contracts["creationCode"]> | undefined;

/** The creation code, fetched once. @throws Error with the reason, where its file is missing; then it is asked for anew */
export async function fetchCode({ creationCode }: SiteChain): Promise<Contracts["creationCode"]> {
  code ??= fetchJson(creationCode, "default");
  try {
    return await code;
  } catch (error) {
    code = undefined;
    throw error;
  }
}

/** All contracts. @throws as fetchCode */
export const wholeContracts = async (chain: SiteChain): Promise<Contracts> => ({
  ...chain.contracts,
  creationCode: await fetchCode(chain),
});

/** A chain with all of its contracts, for who makes some. */
export type WholeChain = SiteChain & { readonly contracts: Contracts };

export const SiteContext = createContext<SiteConfig>({ chains: [] });

export function useSite(): SiteConfig {
  return useContext(SiteContext);
}

export function useSiteChain(chainId: number): SiteChain | undefined {
  return useSite().chains.find(({ id }) => id === chainId);
}
