import { useTranslation } from "react-i18next";
import { PageTitle } from "../ui/layout.tsx";

/** What this is, in three sentences: the first thing to read, and the first to arrive. */
export function Hero() {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle lead={t("rounds.lead")}>{t("rounds.title")}</PageTitle>
      <ul className="mb-8 grid grid-cols-3 gap-x-4 border-y border-line py-3 sm:mb-12 sm:gap-x-10 sm:py-6">
        {(["give", "quiet", "check"] as const).map((promise) => (
          <li key={promise}>
            <p className="font-display text-[0.98rem] leading-snug sm:text-[1.2rem]">
              {t(`rounds.promise.${promise}.title`)}
            </p>
            <p className="mt-1 hidden text-[0.93rem] text-soft sm:block">
              {t(`rounds.promise.${promise}.text`)}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
