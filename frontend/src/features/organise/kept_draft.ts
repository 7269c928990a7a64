import { firstDraft, type Draft } from "./wizard/draft.ts";

/** A half-written round stays in this browser until it is made or deleted; it holds nothing that is not going to be public. */
const keyFor = (chainId: number) => `tacit.round-draft.${chainId}`;

export function recallDraft(chainId: number): Draft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(keyFor(chainId)) ?? "null") as Draft | null;
    return kept === null || !isDraft(kept) ? undefined : kept;
  } catch {
    return undefined; // forbidden, or of another version
  }
}

/** @returns whether the browser keeps it */
export function keepDraft(chainId: number, draft: Draft | undefined): boolean {
  try {
    if (draft === undefined) localStorage.removeItem(keyFor(chainId));
    else localStorage.setItem(keyFor(chainId), JSON.stringify(draft));
    return true;
  } catch {
    return false; // it then lasts as long as the page
  }
}

/** Something of its kind for every setting that this version has. */
function isDraft(kept: Partial<Record<string, unknown>>): boolean {
  const like = firstDraft({ contracts: {} } as never, 0);
  return Object.entries(like).every(
    ([name, value]) =>
      typeof kept[name] === typeof value && Array.isArray(kept[name]) === Array.isArray(value),
  );
}
