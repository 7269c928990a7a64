import { useTranslation } from "react-i18next";
import { panelOf } from "../chain/reviews.ts";
import type { RoundView } from "../chain/round_view.ts";
import { countText, timeText } from "../format.ts";
import { addWords } from "../i18n/index.ts";
import { roundHref } from "../router.ts";

await addWords("panel");

/** Who decides which projects can have a match, above a list of projects. */
export default function PanelSummary({
  view: { facts, now },
}: {
  view: Pick<RoundView, "facts" | "now">;
}) {
  const { t } = useTranslation();
  const panel = panelOf(facts);
  if (panel === undefined) return null;
  const told = {
    quorum: countText(panel.quorum),
    count: countText(panel.reviewers.length),
    time: timeText(panel.freezeTime),
  };
  return (
    <p className="measure mb-4 text-[0.93rem] text-soft">
      {BigInt(now) < panel.freezeTime ? t("panel.summary", told) : t("panel.summaryOver", told)}{" "}
      <a
        href={roundHref(facts.chainId, facts.address, "review")}
        className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
      >
        {t("panel.toPage")}
      </a>
    </p>
  );
}
