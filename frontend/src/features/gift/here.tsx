import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** Where somebody is with the round, in a plain sentence, and what follows from it. Both follow from device and chain, never from a ballot. */
export function Here({ children, next }: { children: ReactNode; next?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t("here.label")} className="mb-7 max-w-3xl border-l-4 border-accent pl-4">
      <div role="status">
        <p className="font-display text-[1.2rem] leading-snug wrap-anywhere">{children}</p>
        {next !== undefined && <p className="mt-1 measure text-[0.95rem] text-soft">{next}</p>}
      </div>
    </section>
  );
}
