import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { zeroAddress, type Address } from "viem";
import { claimProjects, type SkippedProject } from "../../../../src/index.ts";
import { useAccountText } from "../../chain/account_text.ts";
import { useHistory, useRoundText } from "../../chain/reads.ts";
import { panelOf, reviewedIn } from "../../chain/reviews.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import {
  amountText,
  columnText,
  countText,
  dateText,
  plainTimeText,
  sumText,
  timeText,
} from "../../format.ts";
import { addWords } from "../../i18n/index.ts";
import { roundHref } from "../../router.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Choice } from "../../ui/bits.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { Figure, Notice, Placeholder, Row, Section } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { RoundAccounts } from "./accounts.tsx";
import { Bars } from "./bars.tsx";
import { Compare } from "./compare.tsx";
import { Flow } from "./flow.tsx";
import { halfOf, makeOutcome } from "./outcome.ts";
import { usePrintedWhole } from "./print.ts";
import { Said } from "./said.tsx";
import { sayResult } from "./say.ts";
import { Take } from "./take.tsx";
import { Skipped } from "./skipped.tsx";
import { Payees } from "./payees.tsx";
import { Steps } from "./steps.tsx";
import { TallyProgress } from "./tally_progress.tsx";
import { VoteResults } from "./vote_results.tsx";
import type { ResultRow } from "./read_results.ts";
import { useResults } from "./use_results.ts";

const Reviewed = lazy(() => import("../../donor/reviewed.tsx"));

await addWords("result");
await addWords("rules");

export default function ResultsPage(view: RoundView) {
  const { t } = useTranslation();
  const accountText = useAccountText();
  const { facts, progress, projects, recipients, stage } = view;
  const config = useConfig();
  const { address } = useAccount();
  const history = useHistory(facts, 10_000);
  const { data: results, error, refetch } = useResults(facts, projects);
  const name =
    useRoundText(facts)?.name ?? t("round.name", { date: dateText(facts.settings.start) });
  usePrintedWhole();
  const hasPanel = panelOf(facts) !== undefined;
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
          href={roundHref(facts.chainId, facts.address, stage === "overdue" ? "organise" : "gift")}
        >
          {stage === "overdue" ? t("views.organise") : t("views.gift")}
        </LinkButton>
      </Notice>
    );
  }
  if (stage === "counting")
    return <TallyProgress progress={progress} history={history.data?.history} />;
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (results === undefined) return <Placeholder label={t("common.loading")} lines={8} />;
  if (facts.settings.token === zeroAddress && facts.settings.poolToken === zeroAddress)
    return <VoteResults view={view} results={results} />;
  const { rows } = results;
  const outcome = makeOutcome(facts, progress, results);
  const half = halfOf(outcome);
  const unpaid = rows.filter((row) => row.eligible && !row.claimed && !paid.has(row.project));
  const { token, poolToken } = facts;
  const rule = facts.parts.payoutRule;
  const nameRow = (row: ResultRow) => row.name || t("projects.unnamed", { index: row.project });
  const isFree = facts.settings.token === zeroAddress;
  const sumRow = (row: ResultRow) =>
    isFree
      ? amountText(row.matched, poolToken, 6)
      : sumText(row.contributed + row.shared, token, row.matched, poolToken, 6);
  const { shown: sums } = results;
  const given = (amount: bigint) => columnText(amount, token, sums.places.token);
  const pooled = (amount: bigint) => columnText(amount, poolToken, sums.places.poolToken);
  const totalOf = ({ shown: { contributed, shared, matched } }: ResultRow) =>
    isFree
      ? pooled(matched)
      : token.address === poolToken.address
        ? given(contributed + shared + matched)
        : `${given(contributed + shared)} + ${pooled(matched)}`;
  const said = sayResult(t, outcome, nameRow);
  const ifStands = t("take.ifStands", { time: plainTimeText(progress.paymentsFrom) });
  return (
    <>
      {stage === "disputable" && (
        <div className="mb-8">
          <Notice title={t("guardian.disputable", { time: timeText(progress.paymentsFrom) })}>
            {t("guardian.disputableHelp", {
              guardian: accountText(facts.settings.guardian, "whole"),
            })}
          </Notice>
        </div>
      )}
      <Said said={said} stands={stage !== "disputable"} />
      <dl className="mb-8 grid grid-cols-2 gap-5 sm:grid-cols-5">
        <Figure label={t("results.projects")}>{countText(rows.length)}</Figure>
        {!isFree && (
          <Figure label={t("results.givenAll")}>
            {given(sums.contributions.projects + sums.shared)}
          </Figure>
        )}
        <Figure label={t("results.matched")}>{pooled(sums.pool.projects)}</Figure>
        <Figure label={t("results.surplus")}>{pooled(sums.pool.sponsors)}</Figure>
        {half !== undefined && (
          <Figure label={t("results.half")}>
            {t("results.halfOf", {
              half: countText(half),
              all: countText(outcome.eligible.length),
            })}
          </Figure>
        )}
      </dl>
      {rows.length === 0 ? (
        <Notice title={t("results.nobody")} />
      ) : (
        <Bars outcome={outcome} nameRow={nameRow} />
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
            places={sums.places.poolToken}
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
                  <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-5 gap-y-2 sm:grid-cols-[minmax(0,1fr)_auto_11rem_9.5rem]">
                    <p className="font-display text-[1.15rem] leading-snug wrap-anywhere">
                      {nameRow(row)}
                    </p>
                    <p className="text-right sm:order-none">
                      <span className="eyebrow block">{t("results.total")}</span>
                      <span className="figure text-[1.15rem] whitespace-nowrap">
                        {totalOf(row)}
                      </span>
                    </p>
                    <p className="text-[0.9rem] text-soft sm:text-right">
                      {!isFree && (
                        <span className="block">
                          {t("results.given")} {given(row.shown.contributed)}
                        </span>
                      )}
                      {row.shared > 0n && (
                        <span className="block">
                          {t("results.shared")} {given(row.shown.shared)}
                        </span>
                      )}
                      <span className="block text-accent">
                        {t("results.matched")} {pooled(row.shown.matched)}
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
                              <Payees
                                facts={facts}
                                project={row.project}
                                recipient={recipients[row.project]}
                              />
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
                  {row.eligible && hasPanel && (
                    <p className="mt-1.5 text-[0.9rem] text-soft">
                      <Suspense>
                        <Reviewed view={reviewedIn(view)} project={row.project} />
                      </Suspense>
                    </p>
                  )}
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
      <Section title={stage === "disputable" ? t("accounts.titleIfStands") : t("accounts.title")}>
        <div className="mb-8">
          <Flow outcome={outcome} nameRow={nameRow} />
        </div>
        <RoundAccounts facts={facts} results={results} />
      </Section>
      <p className="mt-8 print:hidden">
        <LinkButton href={roundHref(facts.chainId, facts.address, "verify")}>
          {t("views.verify")}
        </LinkButton>
      </p>
      <p className="mt-8 hidden text-[0.85rem] break-all print:block">
        {t("results.printed", { address: location.href })}
      </p>
      <Take
        facts={facts}
        outcome={outcome}
        name={name}
        said={stage === "disputable" ? [ifStands, ...said] : said}
        isFinal={stage === "finalized"}
        nameRow={nameRow}
      />
    </>
  );
}
