import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import { isAddressEqual, zeroAddress, type Address } from "viem";
import { useAccountText } from "../../chain/account_text.ts";
import { useHistory, useQuestions, useRoundText } from "../../chain/reads.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useShareAddress } from "../../config/share.ts";
import { useSite, type SiteChain } from "../../config/site.ts";
import {
  amountText,
  countText,
  dateText,
  durationText,
  plainTimeText,
  timeText,
} from "../../format.ts";
import { Figure, Notice, Section } from "../../ui/layout.tsx";
import { addWords } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/field.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { navigate } from "../../router.ts";
import { describeSettings } from "../../rules.ts";
import { AfterRound, listEntries, listUnpaid } from "./after_round.tsx";
import { Balances } from "./balances.tsx";
import { CoOrganisers } from "./co_organisers.tsx";
import { isListOpen, roleOf, useEditors } from "./editors.ts";
import { EndRound } from "./end_round.tsx";
import { ExportRound } from "./export.tsx";
import { FundPool } from "./fund_pool.tsx";
import { Givers } from "./givers.tsx";
import { Health } from "./health.tsx";
import { keepDraft, recallDraft } from "./kept_draft.ts";
import { Instalments } from "./instalments.tsx";
import { Juries } from "./jury.tsx";
import { ManageProjects } from "./manage_projects.tsx";
import { NextSteps } from "./next_steps.tsx";
import { SandboxClock } from "./sandbox_clock.tsx";
import { draftLike } from "./wizard/draft.ts";

// Whoever gives never loads what only organisers read; whoever organises waits for it here.
await addWords("organise");
await addWords("rules");
await addWords("apply");

/** Everything around a round that is not giving: projects, pool, what the public sees, and its end. Who may do what, the contracts say. */
export default function ManagePage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, progress, stage } = view;
  const { settings, token, poolToken } = facts;
  const { address } = useAccount();
  const { sandbox, chains } = useSite();
  const chain = chains.find(({ id }) => id === facts.chainId) as SiteChain;
  const text = useRoundText(facts);
  const account = useAccountText();
  const questions = useQuestions(facts);
  const [choosing, setChoosing] = useState(false);
  const history = useHistory(facts, 15_000);
  const editors = useEditors(view);
  const rule = facts.parts.payoutRule;
  const isVote = settings.token === zeroAddress && settings.poolToken === zeroAddress;
  const entries = listEntries(history.data?.history);
  const isOver = stage === "finalized" || stage === "disputable";
  const isRunning = stage === "open" || stage === "upcoming";
  const name = text?.name ?? t("round.name", { date: dateText(settings.start) });
  const another = () => {
    keepDraft(
      facts.chainId,
      draftLike(facts, text, { chain, now: view.now, questions: questions ?? [] }),
    );
    navigate("#/create");
  };
  const is = (one: Address | undefined) =>
    address !== undefined && one !== undefined && isAddressEqual(address, one);
  const messages = history.data?.history.links.filter(({ kind }) => kind === "message").length ?? 0;
  const link = useShareAddress(facts.chainId, facts.address)();
  const told = {
    name,
    start: plainTimeText(settings.start),
    end: plainTimeText(settings.end),
    pool: amountText(progress.pool, poolToken),
    link,
  };
  const rows: readonly (readonly [string, string])[] = [
    [t("manage.organiser"), account(settings.organiser, "whole")],
    [t("manage.coordinator"), account(settings.coordinator, "whole")],
    [t("manage.opens"), timeText(settings.start)],
    [t("manage.closes"), timeText(settings.end)],
    [t("manage.countBy"), timeText(progress.deadline)],
    ...(settings.tallyMost === 0
      ? []
      : [[t("manage.countMost"), timeText(settings.end + BigInt(settings.tallyMost))] as const]),
    ...(settings.disputeWindow === 0
      ? []
      : [
          [
            t("manage.guardian"),
            t("guardian.setting", {
              guardian: account(settings.guardian, "whole"),
              time: durationText(settings.disputeWindow),
            }),
          ] as const,
        ]),
    ...(settings.token === zeroAddress
      ? []
      : [[t("manage.unit"), amountText(settings.unit, token, 6)] as const]),
    [t("manage.least"), amountText(settings.minContribution * settings.unit, token, 6)],
    [t("manage.gate"), settings.gate],
    ...(settings.poolToken === zeroAddress
      ? []
      : [
          [t("manage.fee"), amountText(settings.coordinatorFee, poolToken, 6)] as const,
          [
            t("manage.rule"),
            rule.kind === "known"
              ? [t(`rules.${rule.id}.name`), ...describeSettings(t, rule, poolToken)].join(" · ")
              : settings.payoutRule,
          ] as const,
        ]),
    ...(settings.shareLeftovers
      ? [[t("manage.leftovers"), t("manage.leftoversShared")] as const]
      : []),
    ...(isVote ? [] : [[t("manage.remainder"), account(settings.remainderTo, "whole")] as const]),
  ];
  return (
    <div>
      <WalletDialog open={choosing} onOpenChange={setChoosing} />
      {sandbox?.chainId === facts.chainId && <SandboxClock view={view} />}
      {address === undefined ? (
        <div className="mb-8">
          <Notice title={t("manage.connect")}>
            <Button className="mt-2" onClick={() => setChoosing(true)}>
              {t("wallet.connect")}
            </Button>
          </Notice>
        </div>
      ) : (
        <p className="mb-8 text-soft">
          {is(settings.organiser)
            ? t("manage.youOrganise")
            : editors !== undefined && roleOf(editors, address) === "editor"
              ? isListOpen(view)
                ? t("coorg.youHelp", { account: account(settings.organiser) })
                : t("coorg.youHelped", { account: account(settings.organiser) })
              : t("manage.youVisit", { account: account(settings.organiser) })}
        </p>
      )}
      {is(settings.organiser) && (
        <NextSteps view={view} account={address} unpaid={listUnpaid(view, entries).length} />
      )}
      {isOver && entries !== undefined && history.data !== undefined && (
        <Section title={t("manage.after.title")}>
          <AfterRound
            view={view}
            name={name}
            entries={entries}
            events={history.data.events}
            account={address}
            onConnect={() => setChoosing(true)}
          />
        </Section>
      )}
      <Section title={t("manage.watch")}>
        <dl className="grid grid-cols-2 gap-5 sm:grid-cols-4">
          <Figure label={t("round.contributions")}>{countText(progress.contributions)}</Figure>
          <Figure label={t("manage.messages")} note={t("manage.messagesHelp")}>
            {countText(messages)}
          </Figure>
          <Figure label={isRunning ? t("round.given") : t("manage.given")}>
            {amountText(progress.totalCredits * settings.unit, token)}
          </Figure>
          {settings.poolToken !== zeroAddress && (
            <Figure label={t("round.pool")}>{amountText(progress.pool, poolToken)}</Figure>
          )}
        </dl>
        {history.data !== undefined && (
          <>
            <Givers facts={facts} events={history.data.events} />
            <ExportRound view={view} events={history.data.events} />
          </>
        )}
      </Section>
      {(isRunning || stage === "counting" || stage === "overdue") && (
        <Section title={t("manage.health.title")}>
          <Health view={view} history={history.data?.history} />
        </Section>
      )}
      {isRunning && <Juries view={view} account={address} />}
      {isRunning && <Balances view={view} account={address} />}
      <Section title={t("views.projects")}>
        <ManageProjects view={view} editors={editors} account={address} />
      </Section>
      {facts.parts.registry.kind === "owned" && editors !== undefined && (
        <Section title={t("coorg.title")}>
          <CoOrganisers view={view} editors={editors} account={address} />
        </Section>
      )}
      {settings.poolToken !== zeroAddress && (
        <Instalments view={view} account={address} onConnect={() => setChoosing(true)} />
      )}
      {settings.poolToken !== zeroAddress && isRunning && (
        <Section title={t("fund.title")}>
          <FundPool facts={facts} account={address} />
        </Section>
      )}
      <Section title={t("end.title")}>
        <EndRound view={view} account={address} isOrganiser={is(settings.organiser)} />
      </Section>
      {isRunning && (
        <Section title={t("manage.announce")}>
          <TextArea
            label={t("manage.announceText")}
            readOnly
            rows={4}
            value={[
              stage === "upcoming"
                ? t("manage.share.upcoming", told)
                : t("manage.share.open", told),
              progress.pool > 0n && t("manage.share.pool", told),
              settings.token === zeroAddress
                ? t("manage.share.secretVote", told)
                : t("manage.share.secret", told),
            ]
              .filter((line) => line !== false)
              .join(" ")}
            onFocus={(event) => event.target.select()}
            hint={t("manage.announceHelp")}
          />
          <div className="mt-6">
            <TextArea
              label={t("manage.remindLabel")}
              readOnly
              rows={4}
              value={t("manage.remind", told)}
              onFocus={(event) => event.target.select()}
              hint={t("manage.after.projectsHint")}
            />
          </div>
        </Section>
      )}
      <Section title={t("manage.another.title")}>
        <p className="measure mb-4 text-soft">{t("manage.another.help")}</p>
        {recallDraft(facts.chainId) === undefined ? (
          <Button look="outline" disabled={isVote && questions === undefined} onClick={another}>
            {t("manage.another.do")}
          </Button>
        ) : (
          <ConfirmButton
            disabled={isVote && questions === undefined}
            title={t("manage.another.do")}
            review={<p>{t("manage.another.sure")}</p>}
            confirm={t("manage.another.do")}
            onConfirm={another}
          >
            {t("manage.another.do")}
          </ConfirmButton>
        )}
        <p className="measure mt-4 text-soft">{t("manage.oneOrganiser")}</p>
      </Section>
      <Section title={t("manage.settings")}>
        <dl className="divide-y divide-line border-y border-line">
          {rows.map(([name, value]) => (
            <div key={name} className="grid gap-1 py-2.5 sm:grid-cols-[14rem_1fr]">
              <dt className="text-soft">{name}</dt>
              <dd className="wrap-anywhere">{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </div>
  );
}
