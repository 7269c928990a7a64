import { useTranslation } from "react-i18next";
import { RATIO_DECIMALS } from "../../../src/index.ts";
import { panelOf, useReviews, type ReviewedIn, type RoundPanel } from "../chain/reviews.ts";
import { countText, decimalText } from "../format.ts";
import { addWords } from "../i18n/index.ts";

// Rounds without reviewers do without these words.
await addWords("panel");

/** "1.25". */
export const ratioText = (milli: bigint): string =>
  decimalText(milli, RATIO_DECIMALS, RATIO_DECIMALS);

type Of = { view: Pick<ReviewedIn, "facts" | "projects">; project: number };

/** What the reviewers that decide about matches say of one project, where the round has any. */
export default function Reviewed(of: Of & { view: ReviewedIn }) {
  const panel = panelOf(of.view.facts);
  return panel === undefined ? null : (
    <ReviewedBy {...of} panel={panel} decides="match" isFinal={of.view.isFinal} />
  );
}

/** What a panel says of one project, and what follows: whether it can have a match, or gets the rest of it. */
export function ReviewedBy({
  view: { facts, projects },
  project,
  panel,
  decides,
  isFinal,
}: Of & {
  panel: RoundPanel;
  decides: "match" | "rest";
  /** Whether the panel's last word is spoken. */
  isFinal: boolean;
}): string | undefined {
  const { t } = useTranslation();
  const { data } = useReviews(facts, panel, projects.length);
  const said = data?.[project];
  if (said === undefined) return undefined;
  const given = said.ratios.filter((ratio) => ratio !== undefined).length;
  const told = {
    given: countText(given),
    count: countText(panel.reviewers.length),
    quorum: countText(panel.quorum),
    median: said.median === undefined ? "" : ratioText(said.median),
  };
  if (decides === "rest") {
    if (BigInt(given) < panel.quorum)
      return isFinal ? t("panel.rest.finalFew", told) : t("panel.rest.few", told);
    if (said.qualified)
      return isFinal ? t("panel.rest.finalGood", told) : t("panel.rest.good", told);
    return isFinal ? t("panel.rest.finalBad", told) : t("panel.rest.bad", told);
  }
  if (BigInt(given) < panel.quorum)
    return isFinal ? t("panel.final.few", told) : t("panel.line.few", told);
  if (said.qualified) return isFinal ? t("panel.final.good", told) : t("panel.line.good", told);
  return isFinal ? t("panel.final.bad", told) : t("panel.line.bad", told);
}
