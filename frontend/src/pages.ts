import type { Route } from "./router.ts";

/** Pages with a file of their own, loaded when they are asked for. */
export const PAGES = {
  round: () => import("./shell/round_page.tsx"),
  how: () => import("./features/learn/how_page.tsx"),
  gifts: () => import("./features/gifts/gifts_page.tsx"),
  member: () => import("./features/member/member_page.tsx"),
  create: () => import("./features/organise/create_page.tsx"),
} as const;

/** Begins to load the file of the page that the visitor opened; whoever shows it tells if that fails. */
export function preloadPage({ page }: Route): void {
  if (page in PAGES) PAGES[page as keyof typeof PAGES]().catch(() => undefined);
}
