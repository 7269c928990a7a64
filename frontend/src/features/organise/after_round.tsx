import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { zeroAddress, type Address } from "viem";
import {
  claimDues,
  claimProjects,
  decodeResult,
  iRoundAbi,
  wasEligible,
  type ProjectResult,
  type RoundConfig,
  type RoundEvent,
  type RoundHistory,
  type SkippedProject,
} from "../../../../src/index.ts";
import { useEscrowed } from "../../chain/escrows.ts";
import { describeProject } from "../../chain/metadata.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { useShareAddress } from "../../config/share.ts";
import { amountText, countText, plainTimeText } from "../../format.ts";
import { Progress } from "../../ui/bits.tsx";
import { Button } from "../../ui/button.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { saveOtherRules, saveRecipients, saveTransactions } from "./result_files.ts";

/** A project of a finished round, at its place in the list that claims refer to. */
export type Entry = ProjectResult & {
  readonly place: number;
  readonly eligible: boolean;
  readonly paid: boolean;
};

/** The result list with what was paid of it; undefined while there is no result. */
export function listEntries(history: RoundHistory | undefined): readonly Entry[] | undefined {
  const tally = history?.tally;
  if (history === undefined || tally?.finalized === undefined) return undefined;
  const paid = new Set(history.claims.map(({ project }) => Number(project)));
  return tally.entries.map((entry, place) => {
    const result = decodeResult(entry);
    return {
      ...result,
      place,
      eligible: wasEligible(tally, result.project),
      paid: paid.has(result.project),
    };
  });
}

const paysNothing = ({ token, poolToken }: RoundConfig): boolean =>
  token === zeroAddress && poolToken === zeroAddress;

/** Those that somebody could pay now. A round without any money owes nobody. */
export const listUnpaid = (
  { facts: { settings } }: Pick<RoundView, "facts">,
  entries: readonly Entry[] | undefined,
): readonly Entry[] =>
  paysNothing(settings) ? [] : (entries ?? []).filter(({ eligible, paid }) => eligible && !paid);

/** Everything after a result: payments in one press, texts to send, files to keep. */
export function AfterRound({
  view,
  name,
  entries,
  events,
  account,
  onConnect,
}: {
  view: RoundView;
  /** The round's. */
  name: string;
  entries: readonly Entry[];
  events: readonly RoundEvent[];
  account: Address | undefined;
  onConnect: () => void;
}) {
  const { t } = useTranslation();
  const { facts, projects, progress, stage } = view;
  const { settings, token, poolToken } = facts;
  const listed = useMemo(
    () => projects.filter((one) => one.eligible).map(({ index }) => index),
    [projects],
  );
  const escrowed = useEscrowed(facts, listed);
  const config = useConfig();
  const queries = useQueryClient();
  const [paid, setPaid] = useState<{ readonly done: number; readonly all: number }>();
  const [skipped, setSkipped] = useState<readonly SkippedProject[]>([]);
  const settlement = useQuery({
    queryKey: ["settlement", facts.chainId, facts.address],
    queryFn: () =>
      readClient(config, facts.chainId).readContract({
        address: facts.address,
        abi: iRoundAbi,
        functionName: "settlement",
      }),
  });
  const unpaid = listUnpaid(view, entries);
  const isVote = paysNothing(settings);
  const nameOf = (project: number) =>
    (projects[project] === undefined ? "" : describeProject(projects[project]).name) ||
    t("projects.unnamed", { index: project });
  const pay = useAction(async () => {
    const all = unpaid.length;
    setPaid({ done: 0, all });
    setSkipped([]);
    const client = await writeClient(config, facts.chainId, account as Address);
    let done = 0;
    try {
      const outcome = await claimProjects(client, {
        round: facts.address,
        results: entries.map(({ project, votes, credits }) => ({ project, votes, credits })),
        places: unpaid.map(({ place }) => place),
        skipPaid: true, // somebody else may have been faster
        onPaid: () => setPaid({ done: ++done, all }),
      });
      setSkipped(outcome.skipped);
      await claimDues(client, facts.address, ["claimFee", "claimRemainder", "claimMessageFees"]);
    } finally {
      // Of several transactions some may have been made before one failed.
      await Promise.all(
        ["history", "dues", "progress"].map((key) =>
          queries.invalidateQueries({ queryKey: [key, facts.chainId, facts.address] }),
        ),
      );
      setPaid(undefined);
    }
  });
  const given = entries
    .filter(({ eligible }) => eligible)
    .reduce((sum, { credits }) => sum + credits, 0n);
  const shareAddress = useShareAddress(facts.chainId, facts.address);
  const voted = entries
    .filter(({ eligible, votes }) => eligible && votes > 0n)
    .toSorted((a, b) => Number(b.votes - a.votes) || a.project - b.project);
  const first = voted.slice(0, 3).map(({ project }) => nameOf(project));
  const told = {
    name,
    gifts: t("manage.after.gifts", {
      count: progress.contributions,
      number: countText(progress.contributions),
    }),
    people: t("manage.after.people", {
      count: progress.contributions,
      number: countText(progress.contributions),
    }),
    projects: t("manage.after.projects", {
      count: entries.length,
      number: countText(entries.length),
    }),
    payments: plainTimeText(progress.paymentsFrom),
    given: amountText(given * settings.unit, token),
    matched: amountText(settlement.data?.budget ?? 0n, poolToken),
    first: first.join(", "),
    link: shareAddress(), // which opens on the result
  };
  const resultText = [
    settings.token === zeroAddress
      ? t("manage.after.textFree", told)
      : t("manage.after.text", told),
    stage === "disputable" && t("manage.after.textIfStands", told),
    settings.poolToken !== zeroAddress && t("manage.after.textPool", told),
    first.length > 0 &&
      (voted.length > first.length
        ? t("manage.after.textFirst", told)
        : t("manage.after.textVoted", told)),
    t("manage.after.textProof", told),
  ]
    .filter((line) => line !== false)
    .join(" ");
  const apart = (escrowed.data ?? []).map(({ project }) => nameOf(project));
  const projectsText = [
    stage === "disputable"
      ? t("manage.after.projectsTextIfStands", told)
      : t("manage.after.projectsText", told),
    ...(apart.length === 0
      ? []
      : apart.length === listed.length
        ? [t("manage.after.projectsInAll")]
        : [t("manage.after.projectsInSome", { projects: apart.join(", ") })]),
  ].join("\n\n");
  return (
    <div className="space-y-8">
      {stage === "disputable" ? (
        <p className="text-soft">
          {t("manage.after.notYet", { time: plainTimeText(progress.paymentsFrom) })}
        </p>
      ) : (
        <div className="space-y-4">
          {unpaid.length > 0 ? (
            account === undefined ? (
              <>
                <p className="text-soft">{t("manage.after.connect", { count: unpaid.length })}</p>
                <Button onClick={onConnect}>{t("wallet.connect")}</Button>
              </>
            ) : (
              <ConfirmButton
                look="solid"
                busy={pay.busy}
                title={t("manage.after.pay", { count: unpaid.length })}
                review={<p>{t("manage.after.payHelp")}</p>}
                confirm={t("manage.after.payDo")}
                onConfirm={() => void pay.run()}
              >
                {t("manage.after.pay", { count: unpaid.length })}
              </ConfirmButton>
            )
          ) : isVote ? (
            <p className="text-soft">{t("manage.after.nothingToPay")}</p>
          ) : (
            <Notice tone="good" title={t("manage.after.allPaid")} />
          )}
          {paid !== undefined && (
            <div className="measure">
              <Progress
                value={paid.all === 0 ? 1 : paid.done / paid.all}
                label={t("manage.after.paying")}
              />
              <p role="status" className="mt-2 text-soft">
                {t("manage.after.paidSoFar", {
                  done: countText(paid.done),
                  all: countText(paid.all),
                })}
              </p>
            </div>
          )}
          {skipped.length > 0 && (
            <Notice live title={t("manage.after.skipped")}>
              {skipped.map(({ project, reason }) => (
                <p key={String(project)}>
                  {t("manage.after.skippedOne", { name: nameOf(Number(project)), reason })}
                </p>
              ))}
            </Notice>
          )}
          <ProblemNotice error={pay.error} />
          {pay.error !== undefined && <p className="text-soft">{t("manage.after.again")}</p>}
        </div>
      )}
      <TextArea
        readOnly
        rows={5}
        label={t("manage.after.textLabel")}
        hint={t("manage.announceHelp")}
        value={resultText}
        onFocus={(event) => event.target.select()}
      />
      {/* Not before it is known what it has to say: somebody may copy it at once. */}
      {!escrowed.isLoading && (
        <>
          <ProblemNotice error={escrowed.error} />
          {(escrowed.data !== undefined || settings.poolToken === zeroAddress) && (
            <TextArea
              readOnly
              rows={apart.length === 0 ? 4 : 7}
              label={t("manage.after.projectsLabel")}
              hint={t("manage.after.projectsHint")}
              value={projectsText}
              onFocus={(event) => event.target.select()}
            />
          )}
        </>
      )}
      {!isVote && (
        <div className="space-y-3">
          <p className="text-[0.9rem] text-soft">{t("manage.after.files")}</p>
          <div className="flex flex-wrap gap-3">
            <Button
              look="outline"
              onClick={() => saveRecipients(view, { entries, events, nameOf })}
            >
              {t("manage.after.recipients")}
            </Button>
            <Button look="outline" onClick={() => saveTransactions(view, { events, nameOf })}>
              {t("manage.after.transactions")}
            </Button>
            {settings.poolToken !== zeroAddress && settlement.data !== undefined && (
              <Button
                look="outline"
                onClick={() =>
                  saveOtherRules(view, { entries, available: settlement.data.available, nameOf })
                }
              >
                {t("manage.after.rules")}
              </Button>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
