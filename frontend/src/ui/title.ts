import { useEffect } from "react";

/** Names the page in the browser's tab, its history and its bookmarks; what matters most comes first. */
export function useTitle(...parts: readonly string[]): void {
  // What keeps a date on one line of the page has no place in a tab.
  const title = [...parts, "Tacit"].join(" · ").replaceAll("\u2060", "");
  useEffect(() => {
    document.title = title;
    document.querySelector('meta[property="og:title"]')?.setAttribute("content", title);
  }, [title]);
}

/** Says in a sentence or two what the page is about, for who shares, bookmarks or searches it; undefined while that is not known. */
export function useDescription(text: string | undefined): void {
  useEffect(() => {
    if (text === undefined || text === "") return;
    for (const meta of document.querySelectorAll(DESCRIPTIONS)) meta.setAttribute("content", text);
  }, [text]);
}
const DESCRIPTIONS = 'meta[name="description"], meta[property="og:description"]';
