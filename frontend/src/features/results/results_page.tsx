import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import type { Address } from "viem";
import { claimProjects, type SkippedProject } from "../../../../src/index.ts";
import { useHistory } from "../../chain/reads.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { amountText, countText, sumText, timeText } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Choice } from "../../ui/bits.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { Figure, Notice, Placeholder, Row, Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { ResultsChart } from "./chart.tsx";
import { Compare } from "./compare.tsx";
import { exportCsv, exportJson } from "./export.ts";
import { Skipped } from "./skipped.tsx";
import { Steps } from "./steps.tsx";
import { TallyProgress } from "./tally_progress.tsx";
import { useResults, type ResultRow } from "./use_results.ts";

export default function ResultsPage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, progress, projects, stage } = view;
  const config = useConfig();
  const { address } = useAccount();
  const history = useHistory(facts, 10_000);
  const { data: results, error, refetch } = useResults(facts, projects);
  const [shown, setShown] = useState<"table" | "compare">("table");
  const [choosing, setChoosing] = useState(false);
  // What was paid here is paid, whatever block the node shows next.
  const [paid, setPaid] = useState<ReadonlySet<number>>(new Set());
  const [payingFor, setPayingFor] = useState<number | "all">();
  const [skipped, setSkipped] = useState<readonly SkippedProject[]>([]);
  const paying = useAction(async (rows: readonly ResultRow[], what: number | "all") => {
    setPayingFor(what);
    setSkipped([]);
    const client = await writeClient(config, facts.chainId, address as Address);
    try {
      const outcome = await claimProjects(client, {
        round: facts.address,
        results: results?.list ?? [],
        places: rows.map(({ place }) => place),
        skipPaid: true, // somebody else may have been faster
        onPaid: ({ project }) => setPaid((all) => new Set([...all, Number(project)])),
      });
      setSkipped(outcome.skipped);
    } finally {
      // Of several transactions some may have been made before one failed.
      await history.refetch();
    }
  });

  if (stage === "open" || stage === "upcoming")
    return <Notice title={t("results.sealed")}>{t("results.sealedHelp")}</Notice>;
  if (stage === "aborted" || stage === "cancelled" || stage === "overdue") {
    return (
      <Notice
        title={t(
          `round.over.${history.data?.history.disputeReason === undefined ? stage : "disputed"}`,
        )}
      >
        {history.data?.history.disputeReason !== undefined && (
          <p className="mb-3 break-words">
            {t("guardian.reason")} <q>{history.data.history.disputeReason}</q>
          </p>
        )}
        <p className="mb-3">{stage === "overdue" ? t("round.overdueHelp") : t("round.overHelp")}</p>
        <LinkButton
          look="outline"
          href={roundHref(
            facts.chainId,
            facts.address,
            stage === "overdue" ? "organise" : "change",
          )}
        >
          {stage === "overdue" ? t("views.organise") : t("views.change")}
        </LinkButton>
      </Notice>
    );
  }
  if (stage === "counting")
    return <TallyProgress progress={progress} history={history.data?.history} />;
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (results === undefined) return <Placeholder label={t("common.loading")} lines={8} />;
  const { rows } = results;
  const unpaid = rows.filter((row) => row.eligible && !row.claimed && !paid.has(row.project));
  const { token, poolToken } = facts;
  const rule = facts.parts.payoutRule;
  const nameRow = (row: ResultRow) => row.name || t("projects.unnamed", { index: row.project });
  const sumRow = (row: ResultRow) =>
    sumText(row.contributed + row.shared, token, row.matched, poolToken, 6);
  return (
    <>
      {stage === "disputable" && (
        <div className="mb-8">
          <Notice title={t("guardian.disputable", { time: timeText(progress.paymentsFrom) })}>
            {t("guardian.disputableHelp", { guardian: facts.settings.guardian })}
          </Notice>
        </div>
      )}
      <dl className="mb-8 grid grid-cols-2 gap-5 sm:grid-cols-4">
        <Figure label={t("results.projects")}>{countText(rows.length)}</Figure>
        <Figure label={t("results.given")}>
          {amountText(
            rows.reduce((sum, row) => sum + row.contributed, 0n),
            token,
          )}
        </Figure>
        <Figure label={t("results.matched")}>
          {amountText(
            rows.reduce((sum, row) => sum + row.matched, 0n),
            poolToken,
          )}
        </Figure>
        <Figure label={t("results.surplus")}>{amountText(results.surplus, poolToken)}</Figure>
      </dl>
      {rows.length === 0 ? (
        <Notice title={t("results.nobody")} />
      ) : (
        <ResultsChart rows={rows} token={token} poolToken={poolToken} />
      )}
      <Section
        title={shown === "table" ? t("results.table") : t("compare.title")}
        aside={
          <Choice
            label={t("results.show")}
            value={shown}
            onChange={setShown}
            options={[
              { value: "table", text: t("results.table") },
              { value: "compare", text: t("compare.title") },
            ]}
          />
        }
      >
        {shown === "compare" ? (
          <Compare
            rows={rows}
            token={poolToken}
            unit={facts.settings.unit}
            available={results.available}
            own={rule.kind === "known" ? rule : undefined}
          />
        ) : (
          <>
            <ProblemNotice error={paying.error} />
            {skipped.length > 0 && (
              <div className="mb-5">
                <Skipped skipped={skipped} rows={rows} nameRow={nameRow} />
              </div>
            )}
            {unpaid.length > 1 && stage !== "disputable" && (
              <p className="mb-5">
                <ConfirmButton
                  look="solid"
                  busy={paying.busy && payingFor === "all"}
                  disabled={paying.busy}
                  title={t("results.payAll", { number: unpaid.length })}
                  review={
                    <>
                      <p>{t("results.payAllSure")}</p>
                      <dl>
                        {unpaid.map((row) => (
                          <Row key={row.project} label={nameRow(row)}>
                            {sumRow(row)}
                          </Row>
                        ))}
                      </dl>
                    </>
                  }
                  confirm={address === undefined ? t("wallet.connect") : t("results.pay")}
                  onConfirm={() =>
                    address === undefined ? setChoosing(true) : void paying.run(unpaid, "all")
                  }
                >
                  {t("results.payAll", { number: unpaid.length })}
                </ConfirmButton>
              </p>
            )}
            <ul className="divide-y divide-line border-y border-line">
              {rows.map((row) => (
                <li key={row.project} className="py-4">
                  <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-5 gap-y-2 sm:grid-cols-[minmax(0,1fr)_9rem_9rem_9.5rem]">
                    <p className="font-display text-[1.15rem] leading-snug wrap-anywhere">
                      {nameRow(row)}
                    </p>
                    <p className="text-right sm:order-none">
                      <span className="eyebrow block">{t("results.total")}</span>
                      <span className="figure text-[1.15rem]">
                        {sumText(row.contributed + row.shared, token, row.matched, poolToken)}
                      </span>
                    </p>
                    <p className="text-[0.9rem] text-soft sm:text-right">
                      <span className="block">
                        {t("results.given")} {amountText(row.contributed, token)}
                      </span>
                      <span className="block text-accent">
                        {t("results.matched")} {amountText(row.matched, poolToken)}
                      </span>
                    </p>
                    <div className="text-right">
                      {!row.eligible ? (
                        <span className="text-[0.9rem] text-soft">{t("projects.delisted")}</span>
                      ) : row.claimed || paid.has(row.project) ? (
                        <span className="text-[0.95rem] text-accent">✓ {t("results.paid")}</span>
                      ) : stage === "disputable" ? (
                        <span className="text-[0.9rem] text-soft">{t("guardian.notYetPaid")}</span>
                      ) : (
                        <ConfirmButton
                          busy={paying.busy && payingFor === row.project}
                          disabled={paying.busy}
                          label={t("results.payOut", { name: nameRow(row) })}
                          title={t("results.payOut", { name: nameRow(row) })}
                          review={
                            <>
                              <p>{t("results.paySure")}</p>
                              <dl>
                                <Row label={t("results.total")}>{sumRow(row)}</Row>
                              </dl>
                              <p className="break-all">{projects[row.project]?.recipient}</p>
                            </>
                          }
                          confirm={address === undefined ? t("wallet.connect") : t("results.pay")}
                          onConfirm={() =>
                            address === undefined
                              ? setChoosing(true)
                              : void paying.run([row], row.project)
                          }
                        >
                          {t("results.pay")}
                        </ConfirmButton>
                      )}
                    </div>
                  </div>
                  {row.eligible && (
                    <Steps
                      row={row}
                      results={results}
                      rule={rule}
                      unit={facts.settings.unit}
                      token={token}
                      poolToken={poolToken}
                    />
                  )}
                </li>
              ))}
            </ul>
            <WalletDialog open={choosing} onOpenChange={setChoosing} />
          </>
        )}
      </Section>
      <div className="mt-8 flex flex-wrap gap-3">
        <LinkButton href={roundHref(facts.chainId, facts.address, "verify")}>
          {t("views.verify")}
        </LinkButton>
        <Button look="outline" onClick={() => exportCsv(facts, results, nameRow)}>
          {t("results.csv")}
        </Button>
        <Button look="outline" onClick={() => exportJson(facts, results, nameRow)}>
          {t("results.json")}
        </Button>
      </div>
    </>
  );
}
