import { useSyncExternalStore } from "react";
import type { Address } from "viem";

/** Where the visitor is. Addresses are hashes, so that any static server will do; nothing secret ever stands in one. */
export type RoundPage = "projects" | "give" | "change" | "results" | "verify" | "organise";
export type Route =
  | { readonly page: "rounds" | "how" | "create" | "unknown" }
  | {
      readonly page: "round";
      readonly chainId: number /** As typed, so perhaps without checksum. */;
      readonly round: Address;
      /** Undefined where the address names none: then the round's stage decides. */
      readonly view: RoundPage | undefined;
    };

const VIEWS: readonly RoundPage[] = ["projects", "give", "change", "results", "verify", "organise"];

export function parseRoute(hash: string): Route {
  const [first = "", ...rest] = hash.replace(/^#\/?/, "").replace(/\/+$/, "").split("/");
  if (first === "") return { page: "rounds" };
  if (first === "how" || first === "create") return { page: first };
  const [address = "", view] = rest;
  const chainId = Number(first);
  const known = VIEWS.find((name) => name === view);
  if (
    !Number.isSafeInteger(chainId) ||
    chainId <= 0 ||
    !/^0x[0-9a-fA-F]{40}$/.test(address) ||
    (view !== undefined && known === undefined)
  )
    return { page: "unknown" };
  return { page: "round", chainId, round: address as Address, view: known };
}

/** Without a view the address opens on what the round's stage makes most of. */
export function roundHref(chainId: number, round: Address, view?: RoundPage): string {
  return `#/${chainId}/${round}${view === undefined ? "" : `/${view}`}`;
}

export function navigate(href: string): void {
  location.hash = href;
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

let last: { hash: string; route: Route } | undefined;
function current(): Route {
  if (last?.hash !== location.hash)
    last = { hash: location.hash, route: parseRoute(location.hash) };
  return last.route;
}

let first: Route = { page: "unknown" };
/** Says which page's words the page's file shows already; of a page other than the first it is only the frame. */
export function beginAs(page: "rounds" | "unknown"): void {
  first = { page };
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current, () => first);
}
