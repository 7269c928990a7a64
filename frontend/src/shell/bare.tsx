import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "viem";
import { roundHref } from "../router.ts";
import { Footer } from "./footer.tsx";
import { Mark } from "./header.tsx";

/** What surrounds the verifier: no wallet and no other pages, only the way back. */
export function Bare({
  place,
  children,
}: {
  place: { readonly chainId: number; readonly round: Address } | undefined;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const back = place === undefined ? "#/" : roundHref(place.chainId, place.round);
  return (
    <>
      <header className="border-b border-line print:hidden">
        <div className="mx-auto flex max-w-6xl items-center gap-x-8 px-5 py-3 sm:px-8">
          <a
            href="./index.html#/"
            className="flex items-center gap-2.5"
            aria-label={t("shell.home")}
          >
            <Mark />
            <span className="pt-[0.16em] font-display text-[1.5rem] leading-none tracking-tight">
              Tacit
            </span>
          </a>
          <a
            href={`./index.html${back}`}
            className="inline-flex min-h-11 items-center text-[0.95rem] text-soft underline-offset-4 hover:text-ink hover:underline"
          >
            {place === undefined ? t("shell.rounds") : t("verify.back")}
          </a>
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto min-h-dvh w-full max-w-6xl px-5 pb-24 pt-9 outline-none sm:px-8 sm:pt-14"
      >
        {children}
      </main>
      <Footer />
    </>
  );
}
