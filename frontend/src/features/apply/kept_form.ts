import type { Address } from "viem";
import { EMPTY, type Form, type Milestone } from "./form.ts";

/** A half-written application stays in this browser until it is sent; it holds nothing that is not going to be public. The picture does not. */
const keyFor = (chainId: number, round: Address) => `tacit.application.${chainId}.${round}`;

const isText = (value: unknown): value is string => typeof value === "string";
const isMilestone = (value: unknown): value is Milestone =>
  ["title", "due", "share"].every((name) =>
    isText((value as Record<string, unknown> | null)?.[name]),
  );

const IS_KEPT: { readonly [K in keyof Omit<Form, "picture">]: (value: unknown) => boolean } = {
  name: isText,
  description: isText,
  category: isText,
  goals: (value) => Array.isArray(value) && value.every((one) => Number.isInteger(one)),
  url: isText,
  contact: isText,
  recipient: isText,
  alt: isText,
  milestones: (value) => Array.isArray(value) && value.every(isMilestone),
  answers: (value) => Array.isArray(value) && value.every(isText),
};

/** What was typed before the tab was closed, or an empty form. */
export function recallForm(chainId: number, round: Address): Form {
  try {
    const kept = JSON.parse(localStorage.getItem(keyFor(chainId, round)) ?? "null") as Record<
      string,
      unknown
    > | null;
    return kept !== null && Object.entries(IS_KEPT).every(([name, isKept]) => isKept(kept[name]))
      ? { ...(kept as Omit<Form, "picture">), picture: undefined }
      : EMPTY;
  } catch {
    return EMPTY; // forbidden, or of another version
  }
}

/** @returns whether the browser keeps it */
export function keepForm(chainId: number, round: Address, form: Form): boolean {
  try {
    const key = keyFor(chainId, round);
    const { picture: _, ...kept } = form;
    const isEmpty = JSON.stringify({ ...kept, picture: undefined }) === JSON.stringify(EMPTY);
    if (isEmpty) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(kept));
    return true;
  } catch {
    return false; // it then lasts as long as the page
  }
}
