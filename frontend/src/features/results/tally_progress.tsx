import { useTranslation } from "react-i18next";
import type { RoundHistory } from "../../../../src/index.ts";
import type { Progress as RoundProgress } from "../../chain/reads.ts";
import { countText, timeText } from "../../format.ts";
import { Progress } from "../../ui/bits.tsx";
import { Notice } from "../../ui/layout.tsx";

/** How far the count is, as the chain shows it: nothing about the result is public before its proof. */
export function TallyProgress({
  progress,
  history,
}: {
  progress: RoundProgress;
  history: RoundHistory | undefined;
}) {
  const { t } = useTranslation();
  const { tally, items, deadline } = progress;
  const committed = history?.tally !== undefined;
  const replayed = committed && items > 0 ? (items - tally.replayItems) / items : 0;
  const step = !committed ? "waiting" : tally.resultsCount > 0 ? "closing" : "proving";
  return (
    <div className="measure space-y-5">
      <h2 className="text-[1.7rem]">{t("tally.title")}</h2>
      <Progress
        value={step === "waiting" ? 0 : step === "closing" ? 0.95 : 0.1 + replayed * 0.8}
        label={t("tally.title")}
      />
      <p role="status">
        {t(`tally.${step}`, { proofs: countText(history?.tally?.folds.length ?? 0) })}
      </p>
      <Notice>{t("tally.deadline", { time: timeText(deadline) })}</Notice>
    </div>
  );
}
