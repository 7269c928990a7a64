import { firstDraft, type Draft } from "./settings.ts";

/** A half-written round stays in its tab through a reload; it holds nothing that is not going to be public. */
const keyFor = (chainId: number) => `tacit.round-draft.${chainId}`;

export function recallDraft(chainId: number): Draft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyFor(chainId)) ?? "null") as Draft | null;
    return kept === null || !isDraft(kept) ? undefined : kept;
  } catch {
    return undefined; // forbidden, or of another version
  }
}

export function keepDraft(chainId: number, draft: Draft | undefined): void {
  try {
    if (draft === undefined) sessionStorage.removeItem(keyFor(chainId));
    else sessionStorage.setItem(keyFor(chainId), JSON.stringify(draft));
  } catch {
    // The draft then lasts as long as the page.
  }
}

/** A text for every setting that this version has. */
const isDraft = (kept: Partial<Record<string, unknown>>): boolean =>
  Object.keys(firstDraft({ contracts: {} } as never, 0, undefined)).every(
    (name) => typeof kept[name] === "string",
  );
