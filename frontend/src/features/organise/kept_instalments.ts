import type { Address } from "viem";
import type { ListDraft } from "./wizard/draft.ts";

/** Instalments as they stand in the form. All of it is going to be public. */
export type InstalmentsDraft = {
  /** Per cent. */
  readonly first: string;
  readonly reviewers: ListDraft | null;
  readonly quorum: string;
  /** As `datetime-local` has them. */
  readonly until: string;
  readonly deadline: string;
  readonly fallbackTo: string;
};

const keyFor = (chainId: number, round: Address) => `tacit.instalments.${chainId}.${round}`;

/** What was typed before a reload: the same terms find what was made of them. */
export function recallInstalments(
  chainId: number,
  round: Address,
  first: InstalmentsDraft,
): InstalmentsDraft {
  try {
    const kept = JSON.parse(
      localStorage.getItem(keyFor(chainId, round)) ?? "null",
    ) as Partial<InstalmentsDraft> | null;
    const isWhole =
      kept !== null &&
      Object.keys(first).every((name) => {
        const value = kept[name as keyof InstalmentsDraft];
        return name === "reviewers"
          ? value === null || Array.isArray((value as ListDraft | undefined)?.entries)
          : typeof value === "string";
      });
    return isWhole ? (kept as InstalmentsDraft) : first;
  } catch {
    return first; // forbidden, or of another version
  }
}

export function keepInstalments(
  chainId: number,
  round: Address,
  draft: InstalmentsDraft | undefined,
): void {
  try {
    if (draft === undefined) localStorage.removeItem(keyFor(chainId, round));
    else localStorage.setItem(keyFor(chainId, round), JSON.stringify(draft));
  } catch {
    // It then lasts as long as the page.
  }
}
