import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";

/** What surrounds every page. `main` fills the screen, so that the footer does not move when the rest comes. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <a
        href="#main"
        onClick={(event) => (event.preventDefault(), document.getElementById("main")?.focus())}
        className="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-50 focus:rounded-full focus:bg-accent focus:px-5 focus:py-2 focus:text-on-accent"
      >
        {t("shell.skip")}
      </a>
      <Header />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto min-h-dvh w-full max-w-6xl px-5 pb-24 pt-6 outline-none sm:px-8 sm:pt-10"
      >
        {children}
      </main>
      <Footer />
    </>
  );
}
