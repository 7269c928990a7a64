import { useTranslation } from "react-i18next";
import { useRoute } from "../router.ts";

/** Where the account is shown (app.tsx). It comes later than the rest: it needs everything that talks to wallets. */
export const ACCOUNT_SLOT = "account";

export function Header() {
  const { t } = useTranslation();
  const { page } = useRoute();
  const links = [
    { href: "#/", text: t("shell.rounds"), here: page === "rounds" || page === "round" },
    { href: "#/gifts", text: t("shell.gifts"), here: page === "gifts" },
    { href: "#/how", text: t("shell.how"), here: page === "how" },
    { href: "#/create", text: t("shell.create"), here: page === "create" },
  ];
  return (
    <header className="border-b border-line print:hidden">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-8 gap-y-1 px-5 py-3 sm:px-8">
        <a href="#/" className="flex items-center gap-2.5" aria-label={t("shell.home")}>
          <Mark />
          <span className="pt-[0.16em] font-display text-[1.5rem] leading-none tracking-tight">
            Tacit
          </span>
        </a>
        <nav
          aria-label={t("shell.nav")}
          className="order-3 -mx-1 flex w-full justify-between sm:order-none sm:mx-0 sm:w-auto"
        >
          {/* What does not fit breaks within its link, so that the row is as high in every font. */}
          {links.map(({ href, text, here }) => (
            <a
              key={href}
              href={href}
              aria-current={here ? "page" : undefined}
              className="inline-flex min-h-11 items-center px-1 text-[0.84rem] leading-tight text-soft sm:px-3 sm:text-[0.95rem] sm:whitespace-nowrap underline-offset-[7px] decoration-2 decoration-accent hover:text-ink aria-[current]:text-ink aria-[current]:underline"
            >
              {text}
            </a>
          ))}
        </nav>
        <div id={ACCOUNT_SLOT} className="ml-auto min-h-11" />
      </div>
    </header>
  );
}

/** A closed ring around one dot: something said, and kept. */
export function Mark() {
  return (
    <svg aria-hidden viewBox="0 0 32 32" className="size-7 text-accent">
      <circle
        cx="16"
        cy="16"
        r="13.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeDasharray="1.2 3.05"
      />
      <circle cx="16" cy="16" r="8.6" fill="none" stroke="currentColor" strokeWidth="2.2" />
      <circle cx="16" cy="16" r="3.1" fill="currentColor" />
    </svg>
  );
}
