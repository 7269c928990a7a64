import type { Address, Hex } from "viem";

/** What a reviewer has typed of one project and not sent yet. */
export type Typed = {
  readonly ratio: string;
  /** The fingerprint of a report, with its file's name. */
  readonly report?: { readonly name: string; readonly digest: Hex };
};
/** By the project's number. */
export type TypedReviews = Readonly<Record<number, Typed>>;

/** Half-written reviews stay in this browser until they are sent; they hold nothing that is not going to be public. */
const keyFor = (chainId: number, panel: Address, account: Address) =>
  `tacit.reviews.${chainId}.${panel}.${account}`;

export function recallReviews(chainId: number, panel: Address, account: Address): TypedReviews {
  try {
    const kept = JSON.parse(
      localStorage.getItem(keyFor(chainId, panel, account)) ?? "{}",
    ) as Partial<Record<string, Partial<Typed>>> | null;
    return Object.fromEntries(
      Object.entries(kept ?? {}).flatMap(([project, typed]) =>
        typeof typed?.ratio === "string" ? [[project, typed as Typed]] : [],
      ),
    );
  } catch {
    return {}; // forbidden, or of another version
  }
}

/** @returns whether the browser keeps them */
export function keepReviews(
  chainId: number,
  panel: Address,
  account: Address,
  typed: TypedReviews,
): boolean {
  try {
    const key = keyFor(chainId, panel, account);
    if (Object.keys(typed).length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(typed));
    return true;
  } catch {
    return false; // they then last as long as the page
  }
}
