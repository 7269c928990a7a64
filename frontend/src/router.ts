import { useSyncExternalStore } from "react";
import type { Address } from "viem";

/** Where the visitor is. Addresses are hashes, so that any static server will do; nothing secret ever stands in one. */
export type RoundPage = "projects" | "gift" | "results" | "organise" | "apply" | "review" | "join";
export type Route =
  | { readonly page: "rounds" | "how" | "create" | "gifts" | "member" | "unknown" }
  | {
      readonly page: "round";
      readonly chainId: number /** As typed, so perhaps without checksum. */;
      readonly round: Address;
      /** Undefined where the address names none: then the round's stage decides. */
      readonly view: RoundPage | undefined;
      /** With the view of projects: the one that the address leads to. */
      readonly project: number | undefined;
      /** With the view for co-organisers: what one of them has signed, as it stands there (REG-5). */
      readonly request: string | undefined;
    };

const VIEWS: readonly RoundPage[] = [
  "projects",
  "gift",
  "results",
  "organise",
  "apply",
  "review",
  "join",
];

export function parseRoute(hash: string): Route {
  const [first = "", ...rest] = hash.replace(/^#\/?/, "").replace(/\/+$/, "").split("/");
  if (first === "") return { page: "rounds" };
  if (first === "how" || first === "create" || first === "gifts" || first === "member")
    return { page: first };
  const [address = "", view, part, ...more] = rest;
  const chainId = Number(first);
  const known = VIEWS.find((name) => name === view);
  if (
    !Number.isSafeInteger(chainId) ||
    chainId <= 0 ||
    !/^0x[0-9a-fA-F]{40}$/.test(address) ||
    (view !== undefined && known === undefined) ||
    (part !== undefined &&
      view !== "join" &&
      (view !== "projects" || !/^(0|[1-9]\d{0,5})$/.test(part))) ||
    more.length > 0
  )
    return { page: "unknown" };
  const isRequest = view === "join";
  const project = part === undefined || isRequest ? undefined : Number(part);
  const request = isRequest ? part : undefined;
  return { page: "round", chainId, round: address as Address, view: known, project, request };
}

/**
 * Without a view the address opens on what the round's stage makes most of. The verifier is a document of its own, with a policy of its own.
 */
export function roundHref(chainId: number, round: Address, view?: RoundPage | "verify"): string {
  if (view === "verify") return `./verify.html#/${chainId}/${round}`;
  return `#/${chainId}/${round}${view === undefined ? "" : `/${view}`}`;
}

/** A project's own address, to be sent to others. */
export const projectHref = (chainId: number, round: Address, project: number): string =>
  `${roundHref(chainId, round, "projects")}/${project}`;

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
