import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { zeroAddress, type Address } from "viem";
import {
  useNow,
  useProgress,
  useRound,
  useRounds,
  useRoundText,
  type ListedRound,
} from "../../chain/reads.ts";
import { findStage } from "../../chain/phase.ts";
import { useSiteChain } from "../../config/site.ts";
import { amountText, countText, dateText, durationText, shortAddress } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { WordsAt } from "../../shell/words.tsx";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Figure, Notice, Placeholder, Section } from "../../ui/layout.tsx";
import { problemText } from "../../ui/problem.ts";
import { Caught } from "../../ui/caught.tsx";
import { Emblem } from "../../ui/emblem.tsx";

/** Cards at first and with each press: anybody may make rounds, and each card keeps asking the chain. */
const CARDS = 12;

export function RoundsPage() {
  const { t } = useTranslation();
  const [cards, setCards] = useState(CARDS);
  const { data, error, refetch, isFetching } = useRounds();
  return (
    <Section
      title={t("rounds.all")}
      aside={
        <a className="text-[0.95rem] text-accent underline underline-offset-4" href="#/how">
          {t("rounds.how")}
        </a>
      }
    >
      {error !== null && (
        <Notice tone="bad" live title={problemText(error, t).title}>
          <p>{problemText(error, t).help}</p>
          <Button look="outline" className="mt-3" busy={isFetching} onClick={() => void refetch()}>
            {t("common.retry")}
          </Button>
        </Notice>
      )}
      {data === undefined && error === null && (
        <Placeholder label={t("common.loading")} lines={6} />
      )}
      {data?.length === 0 && (
        <Notice title={t("rounds.none")}>
          <p className="mb-3">{t("rounds.noneHelp")}</p>
          <LinkButton href="#/create" look="outline">
            {t("shell.create")}
          </LinkButton>
        </Notice>
      )}
      <ul className="grid gap-5 md:grid-cols-2">
        {data?.slice(0, cards).map((one) => (
          <Caught key={one.round} otherwise={<Unread round={one.round} />}>
            <WordsAt round={one}>
              <RoundCard listed={one} />
            </WordsAt>
          </Caught>
        ))}
      </ul>
      {data !== undefined && data.length > cards && (
        <Button look="outline" className="mt-6" onClick={() => setCards(cards + CARDS)}>
          {t("rounds.more")}
        </Button>
      )}
    </Section>
  );
}

function Unread({ round, children }: { round: Address; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <li className="min-h-72 sm:min-h-64 rounded-card border border-line bg-raise p-7">
      <Notice tone="bad" title={t("rounds.unread", { round: shortAddress(round) })}>
        {children}
      </Notice>
    </li>
  );
}

function RoundCard({ listed }: { listed: ListedRound }) {
  const { t } = useTranslation();
  const { chainId, round } = listed;
  const chain = useSiteChain(chainId);
  const { data: facts, error: unknown } = useRound(chainId, round);
  const { data: progress, error: unread } = useProgress(chainId, round);
  const now = useNow(progress?.blockTime);
  const text = useRoundText(facts);
  const error = unknown ?? (progress === undefined ? unread : null);
  if (error !== null) {
    const { title, help } = problemText(error, t);
    return (
      <Unread round={round}>
        {title} {help}
      </Unread>
    );
  }
  if (facts === undefined || progress === undefined) {
    return (
      <li className="min-h-72 sm:min-h-64 rounded-card border border-line bg-raise p-7">
        <Placeholder label={t("common.loading")} />
      </li>
    );
  }
  const stage = findStage(facts, progress, now);
  const left = {
    upcoming: Number(facts.settings.start) - now,
    open: Number(facts.settings.end) - now,
  }[stage as "open"];
  return (
    <li>
      <a
        href={roundHref(chainId, round)}
        className="group flex min-h-72 sm:min-h-64 flex-col rounded-card border border-line bg-raise p-6 transition-colors hover:border-accent sm:p-7"
      >
        <div className="flex items-start gap-4">
          <Emblem of={round} size={60} className="text-accent" />
          <div className="min-w-0">
            <p className="eyebrow">
              {t(`stage.${stage}`)}
              {left !== undefined && (
                <>
                  {" · "}
                  {stage === "upcoming"
                    ? t("round.opensIn", { time: durationText(left) })
                    : t("round.left", { time: durationText(left) })}
                </>
              )}
            </p>
            {/* The name comes later than the rest: two lines, for which there is room, so that it moves no figure. */}
            <h3 className="mt-1 line-clamp-2 min-h-[2lh] sm:min-h-0 text-[1.45rem] leading-tight wrap-anywhere underline-offset-4 group-hover:underline">
              {text?.name ?? t("round.name", { date: dateText(facts.settings.start) })}
            </h3>
            <p className="mt-1 line-clamp-2 text-[0.85rem] text-soft wrap-anywhere">
              {chain?.name} · {shortAddress(round)}
              {text?.organiser !== undefined && (
                <> · {t("about.by", { name: text.organiser.name })}</>
              )}
            </p>
          </div>
        </div>
        <dl className="mt-auto grid grid-cols-2 gap-4 pt-6">
          {facts.settings.poolToken !== zeroAddress && (
            <Figure label={t("round.pool")}>{amountText(progress.pool, facts.poolToken)}</Figure>
          )}
          <Figure label={t("round.contributions")}>{countText(progress.contributions)}</Figure>
        </dl>
      </a>
    </li>
  );
}
