import { useTranslation } from "react-i18next";
import { PageTitle } from "../ui/layout.tsx";

/** What this is, in three sentences: the first thing to read, and the first to arrive. */
export function Hero() {
  const { t } = useTranslation();
  return (
    <>
      <PageTitle lead={t("rounds.lead")}>{t("rounds.title")}</PageTitle>
      <ul className="mb-12 grid gap-x-10 gap-y-4 border-y border-line py-6 sm:grid-cols-3">
        {(["give", "quiet", "check"] as const).map((promise) => (
          <li key={promise}>
            <p className="font-display text-[1.2rem]">{t(`rounds.promise.${promise}.title`)}</p>
            <p className="mt-1 text-[0.93rem] text-soft">{t(`rounds.promise.${promise}.text`)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
