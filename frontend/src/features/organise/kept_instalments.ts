import type { Address } from "viem";
import type { ListDraft, Names } from "./wizard/draft.ts";

/** Instalments as they stand in the form. All of it is going to be public. */
export type InstalmentsDraft = {
  /** Per cent. */
  readonly first: string;
  readonly reviewers: ListDraft | null;
  readonly quorum: string;
  /** As `datetime-local` has them. */
  readonly until: string;
  readonly deadline: string;
  /** An address, or a name. */
  readonly fallbackTo: string;
  /** What a name in its place stood for when it was looked up. */
  readonly names: Names;
  /** The projects whose matches these are, by their numbers; null for all. */
  readonly only: readonly number[] | null;
};

const IS_KEPT: {
  readonly [K in keyof InstalmentsDraft]: (value: unknown) => boolean;
} = {
  first: isText,
  reviewers: (value) =>
    value === null || Array.isArray((value as Partial<ListDraft> | undefined)?.entries),
  quorum: isText,
  until: isText,
  deadline: isText,
  fallbackTo: isText,
  names: (value) => typeof value === "object" && value !== null,
  only: (value) => value === null || Array.isArray(value),
};

function isText(value: unknown): value is string {
  return typeof value === "string";
}

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
      Object.entries(IS_KEPT).every(([name, isKept]) =>
        isKept(kept[name as keyof InstalmentsDraft]),
      );
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
