import { useTranslation } from "react-i18next";
import { zeroAddress } from "viem";
import type { Progress, RoundFacts } from "../chain/reads.ts";
import type { Stage } from "../chain/phase.ts";
import { amountText, countText, dateText, durationText, timeText } from "../format.ts";
import { Figure } from "../ui/layout.tsx";
import { TokenLogo } from "../ui/token_logo.tsx";

/** How much, how many, how long: the numbers of a round that everybody can see. */
export function Clock({
  facts: { chainId, settings, token, poolToken },
  progress,
  stage,
  now,
}: {
  facts: RoundFacts;
  progress: Progress;
  stage: Stage;
  now: number;
}) {
  const { t } = useTranslation();
  const [start, end] = [Number(settings.start), Number(settings.end)];
  const passed = Math.min(1, Math.max(0, (now - start) / (end - start)));
  const until = {
    upcoming: start,
    open: end,
    counting: Number(progress.deadline),
    disputable: Number(progress.paymentsFrom),
  }[stage as "open"];
  return (
    <div className="mt-4 sm:mt-5">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-4 sm:gap-y-4">
        {settings.poolToken !== zeroAddress && (
          <Figure label={t("round.pool")}>
            <TokenLogo chainId={chainId} token={poolToken.address} />
            {amountText(progress.pool, poolToken)}
          </Figure>
        )}
        <Figure
          label={
            until === undefined || stage === "disputable" ? t("round.givenInAll") : t("round.given")
          }
        >
          <TokenLogo chainId={chainId} token={token.address} />
          {amountText(progress.totalCredits * settings.unit, token)}
        </Figure>
        <Figure label={t("round.contributions")}>{countText(progress.contributions)}</Figure>
        {until === undefined ? (
          <Figure
            label={
              stage === "cancelled" || stage === "aborted"
                ? t("round.plannedEnd")
                : t("round.ended")
            }
          >
            {dateText(end)}
          </Figure>
        ) : (
          <Figure label={t(`round.until.${stage as "open"}`)} note={timeText(until)}>
            {durationText(until - now)}
          </Figure>
        )}
      </dl>
      <div aria-hidden className="mt-3 h-1.5 sm:mt-4 overflow-hidden rounded-full bg-line">
        <div
          className="h-full rounded-full bg-accent"
          style={{ width: `${stage === "upcoming" ? 0 : passed * 100}%` }}
        />
      </div>
    </div>
  );
}
