import { useTranslation } from "react-i18next";
import { useRoundText, type RoundFacts } from "../../chain/reads.ts";

/** What the organiser says about the round; fixed when it was created, and checked against the round's own address. */
export function RoundAbout({ facts }: { facts: RoundFacts }) {
  const { t } = useTranslation();
  const text = useRoundText(facts);
  if (text === undefined) return null;
  const { description, rules, organiser, url } = text;
  if (description === "" && rules === "" && organiser === undefined && url === undefined)
    return null;
  return (
    <div className="mb-8 max-w-3xl">
      {description !== "" && (
        <p className="measure whitespace-pre-line wrap-anywhere">{description}</p>
      )}
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-[0.93rem] text-soft">
        {organiser !== undefined && (
          <span className="wrap-anywhere">
            {t("about.by", { name: organiser.name })}
            {organiser.contact === "" ? "" : ` · ${organiser.contact}`}
          </span>
        )}
        {[url, organiser?.url].map(
          (link, i) =>
            link !== undefined && (
              <a
                key={i}
                href={link}
                target="_blank"
                rel="noopener noreferrer"
                className="text-accent underline underline-offset-4 break-all"
              >
                {new URL(link).host}
              </a>
            ),
        )}
      </p>
      {rules !== "" && (
        <details className="mt-2">
          <summary className="min-h-11 cursor-pointer py-2.5 text-accent underline underline-offset-4">
            {t("about.rules")}
          </summary>
          <p className="measure whitespace-pre-line wrap-anywhere">{rules}</p>
        </details>
      )}
    </div>
  );
}
