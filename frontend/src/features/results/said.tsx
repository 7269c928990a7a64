import { useTranslation } from "react-i18next";

/** The result in sentences, before all numbers. Of a result that a guardian may still make void they say so. */
export function Said({ said, stands }: { said: readonly string[]; stands: boolean }) {
  const { t } = useTranslation();
  return (
    <section className="mb-8">
      <h2 className="mb-2 text-[1.5rem]">
        {stands ? t("results.said.title") : t("results.said.titleIfStands")}
      </h2>
      <ul className="measure space-y-1.5 text-[1.08rem]">
        {said.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
