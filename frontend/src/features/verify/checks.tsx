import { useTranslation } from "react-i18next";
import type { Check } from "../../../../src/index.ts";
import { Finding } from "./finding.tsx";

/** Checks of src/verify/verify_round.ts, by their ids. */
const CHECKS = [
  "PROV-2",
  "LINK-1",
  "KEY-7",
  "TALLY-1",
  "MSG-1",
  "FOLD-1",
  "TALLY-8",
  "CLOSE-4",
  "MONEY-8",
  "VOTE-4",
] as const;
/** Made only where a round asks something: not shown before it is. */
const ONLY_OF_VOTES = "VOTE-4";

/** What was found; of a check that was not made it says so, and nothing else. */
export function Checks({ checks, running }: { checks: readonly Check[]; running: boolean }) {
  const { t } = useTranslation();
  return (
    <section>
      <h2 className="mb-3 text-[1.4rem]">{t("verify.checked")}</h2>
      <ul className="divide-y divide-line border-y border-line">
        {CHECKS.map((id) => {
          const check = checks.find((one) => one.id === id);
          if (check === undefined && id === ONLY_OF_VOTES) return null;
          return (
            <li key={id} className="flex gap-4 py-3.5">
              <span
                aria-hidden
                className={`figure w-5 shrink-0 text-center text-[1.2rem] ${check === undefined ? "text-edge" : check.ok ? "text-accent" : "text-bad"}`}
              >
                {check === undefined ? "·" : check.ok ? "✓" : "✗"}
              </span>
              <div className="min-w-0">
                <p className="font-medium">
                  {t(`verify.check.${id}`)}
                  {check !== undefined && (
                    <span className="sr-only">
                      {" "}
                      {check.ok ? t("verify.holds") : t("verify.fails")}
                    </span>
                  )}
                </p>
                {check === undefined ? (
                  <p className="text-[0.85rem] text-soft">
                    {running ? t("verify.waiting") : t("verify.notMade")}
                  </p>
                ) : (
                  <div className="text-[0.85rem] break-words text-soft">
                    <Finding check={check} />
                  </div>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
