import { useEffect } from "react";

/** Names the page in the browser's tab, its history and its bookmarks; what matters most comes first. */
export function useTitle(...parts: readonly string[]): void {
  // What keeps a date on one line of the page has no place in a tab.
  const title = [...parts, "Tacit"].join(" · ").replaceAll("\u2060", "");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
