import { useEffect } from "react";

/** Names the page in the browser's tab, its history and its bookmarks; what matters most comes first. */
export function useTitle(...parts: readonly string[]): void {
  const title = [...parts, "Tacit"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
