import { useTranslation } from "react-i18next";

/** Words that a donor meets first here, and questions that donors have; all of them stand together on the page "How it works". */
export const QUESTIONS = [
  "change",
  "public",
  "coordinator",
  "relay",
  "credits",
  "picture",
  "forget",
  "phone",
  "cost",
  "refund",
  "receipt",
] as const;
export type Question = (typeof QUESTIONS)[number];

/** A word or a question, with its answer behind one press. */
export function Explain({ what }: { what: Question }) {
  const { t } = useTranslation();
  return (
    <details className="text-[0.93rem]">
      <summary className="min-h-11 w-fit cursor-pointer py-2 text-accent underline underline-offset-4">
        {t(`faq.${what}.title`)}
      </summary>
      <p className="measure pb-2 text-soft">{t(`faq.${what}.text`)}</p>
    </details>
  );
}
