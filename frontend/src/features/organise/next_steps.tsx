import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { zeroAddress, type Address } from "viem";
import { useEscrowed } from "../../chain/escrows.ts";
import { panelOf, useReviews } from "../../chain/reviews.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { CHECKERS, type Parts } from "../../../../src/index.ts";
import { listFiles } from "../../chain/gate.ts";
import { useSiteChain } from "../../config/site.ts";
import { amountText, countText, durationText, timeText } from "../../format.ts";
import { missingForPrizes, prizesOf, sumPrizes } from "../../prizes.ts";
import { roundHref } from "../../router.ts";
import { Notice } from "../../ui/layout.tsx";
import { INSTALMENTS_FORM } from "./instalments.tsx";
import { ownPayeeSetter } from "./payee_setter.ts";

/** Whether people prove from a list that they may come in. */
const needsLists = (gate: Parts["gate"]): boolean =>
  gate.kind === "clauses" &&
  gate.clauses
    .flat()
    .some(({ id }) =>
      CHECKERS.some(
        (kind) => kind.id === id && (kind.fromList !== undefined || kind.fromMembers !== undefined),
      ),
    );

/** Opens the form further down, and goes there. */
function openInstalments(): void {
  const form = document.getElementById(INSTALMENTS_FORM);
  if (!(form instanceof HTMLDetailsElement)) return;
  form.open = true;
  form.scrollIntoView({ block: "start" });
  form.querySelector("summary")?.focus({ preventScroll: true });
}

/** What whoever runs the round does at this moment, and what he waits for. */
export function NextSteps({
  view,
  account,
  unpaid,
}: {
  view: RoundView;
  account: Address | undefined;
  /** Projects that could be paid and are not. */
  unpaid: number;
}) {
  const { t } = useTranslation();
  const { facts, progress, projects, stage, now } = view;
  const { settings } = facts;
  const chain = useSiteChain(facts.chainId);
  const eligible = useMemo(
    () => projects.filter((one) => one.eligible).map(({ index }) => index),
    [projects],
  );
  const listed = eligible.length;
  const setter = ownPayeeSetter(view, account);
  // Settled once there are some, and once it is too late.
  const mayBeInstalments = useEscrowed(facts, eligible).data?.length === 0 && listed > 0;
  const isRunning = stage === "upcoming" || stage === "open";
  const rule = facts.parts.payoutRule;
  const [prizes, missing] =
    rule.kind === "known"
      ? [
          sumPrizes(prizesOf(rule) ?? []).amount,
          missingForPrizes(rule, { pool: progress.pool, fee: settings.coordinatorFee }),
        ]
      : [0n, 0n];
  const panel = panelOf(facts);
  const reviews = useReviews(facts, panel, projects.length);
  const unreviewed = projects.filter(
    ({ index, eligible }) =>
      eligible &&
      (reviews.data?.[index]?.ratios.filter((ratio) => ratio !== undefined).length ?? 0) <
        (panel?.quorum ?? 0n),
  ).length;
  const lacking = {
    all: amountText(prizes, facts.poolToken, 6),
    fee: amountText(settings.coordinatorFee, facts.poolToken, 6),
    missing: amountText(missing, facts.poolToken, 6),
  };
  const times = {
    start: timeText(settings.start),
    end: timeText(settings.end),
    left: durationText(Number(settings.end) - now),
    deadline: timeText(progress.deadline),
    countLeft: durationText(Number(progress.deadline) - now),
    payments: timeText(progress.paymentsFrom),
  };
  const lines = [
    isRunning &&
      listed === 0 &&
      (facts.parts.registry.kind === "optimistic"
        ? t("manage.next.apply")
        : t("manage.next.projects")),
    isRunning &&
      settings.poolToken !== zeroAddress &&
      progress.pool === 0n &&
      missing === 0n &&
      t("manage.next.pool"),
    isRunning &&
      missing > 0n &&
      (settings.coordinatorFee > 0n
        ? t("manage.next.prizesFee", lacking)
        : t("manage.next.prizes", lacking)),
    isRunning &&
      needsLists(facts.parts.gate) &&
      chain !== undefined &&
      listFiles(chain, settings.gate).length === 0 &&
      t("manage.next.lists"),
    panel !== undefined &&
      BigInt(now) < panel.freezeTime &&
      reviews.data !== undefined &&
      t("manage.next.reviews", {
        number: countText(unreviewed),
        all: countText(listed),
        time: timeText(panel.freezeTime),
        link: new URL(roundHref(facts.chainId, facts.address, "review"), location.href).href,
      }),
    stage === "upcoming" && t("manage.next.upcoming", times),
    stage === "open" && t("manage.next.open", times),
    stage === "counting" && t("manage.next.counting", times),
    stage === "overdue" && t("manage.next.overdue"),
    stage === "disputable" && t("manage.next.disputable", times),
    stage === "finalized" &&
      (unpaid > 0 ? t("manage.next.unpaid", { count: unpaid }) : t("manage.next.finalized")),
    (stage === "aborted" || stage === "cancelled") && t("manage.next.ended"),
  ].filter((line) => line !== false);
  return (
    <div className="mb-8">
      <Notice title={t("manage.next.title")}>
        <ul className="list-disc space-y-1 pl-5">
          {lines.map((line) => (
            <li key={line} className="wrap-anywhere">
              {line}
            </li>
          ))}
          {setter !== undefined && mayBeInstalments && (
            <li>
              {t("manage.next.instalments", { time: timeText(setter.until) })}{" "}
              <button
                type="button"
                className="inline-flex min-h-8 items-center text-accent underline underline-offset-4"
                onClick={openInstalments}
              >
                {t("manage.next.toInstalments")}
              </button>
            </li>
          )}
        </ul>
      </Notice>
    </div>
  );
}
