import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { isAddressEqual, zeroAddress, type Address } from "viem";
import { projectRegistryAbi } from "../../../../src/index.ts";
import { readClient } from "../../chain/read_client.ts";
import { useHistory } from "../../chain/reads.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useSite } from "../../config/site.ts";
import {
  amountText,
  countText,
  durationText,
  plainTimeText,
  shortAddress,
  timeText,
} from "../../format.ts";
import { Figure, Notice, Section } from "../../ui/layout.tsx";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/field.tsx";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { roundHref } from "../../router.ts";
import { describeSettings } from "../../rules.ts";
import { EndRound } from "./end_round.tsx";
import { ExportRound } from "./export.tsx";
import { FundPool } from "./fund_pool.tsx";
import { ManageProjects } from "./manage_projects.tsx";
import { SandboxClock } from "./sandbox_clock.tsx";

/** Everything around a round that is not giving: projects, pool, what the public sees, and its end. Who may do what, the contracts say. */
export default function ManagePage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, progress, stage } = view;
  const { settings, token, poolToken } = facts;
  const config = useConfig();
  const { address } = useAccount();
  const { sandbox } = useSite();
  const [choosing, setChoosing] = useState(false);
  const history = useHistory(facts, 15_000);
  const owner = useQuery({
    queryKey: ["owner", facts.chainId, settings.registry],
    queryFn: () =>
      readClient(config, facts.chainId)
        .readContract({
          address: settings.registry,
          abi: projectRegistryAbi,
          functionName: "owner",
        })
        .catch(() => zeroAddress),
  });
  const rule = facts.parts.payoutRule;
  const is = (account: Address | undefined) =>
    address !== undefined && account !== undefined && isAddressEqual(address, account);
  const messages = history.data?.history.links.filter(({ kind }) => kind === "message").length ?? 0;
  const link = new URL(roundHref(facts.chainId, facts.address), location.href).href;
  const rows: readonly (readonly [string, string])[] = [
    [t("manage.organiser"), settings.organiser],
    [t("manage.coordinator"), settings.coordinator],
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
              guardian: settings.guardian,
              time: durationText(settings.disputeWindow),
            }),
          ] as const,
        ]),
    [t("manage.unit"), amountText(settings.unit, token, 6)],
    [t("manage.least"), amountText(settings.minContribution * settings.unit, token, 6)],
    [t("manage.fee"), amountText(settings.coordinatorFee, poolToken, 6)],
    [t("manage.gate"), settings.gate],
    [
      t("manage.rule"),
      rule.kind === "known"
        ? [t(`rules.${rule.id}.name`), ...describeSettings(t, rule, poolToken)].join(" · ")
        : settings.payoutRule,
    ],
    ...(settings.shareLeftovers
      ? [[t("manage.leftovers"), t("manage.leftoversShared")] as const]
      : []),
    [t("manage.remainder"), settings.remainderTo],
  ];
  return (
    <div>
      {sandbox?.chainId === facts.chainId && <SandboxClock view={view} />}
      {address === undefined ? (
        <Notice title={t("manage.connect")}>
          <Button className="mt-2" onClick={() => setChoosing(true)}>
            {t("wallet.connect")}
          </Button>
          <WalletDialog open={choosing} onOpenChange={setChoosing} />
        </Notice>
      ) : (
        <p className="mb-8 text-soft">
          {is(settings.organiser)
            ? t("manage.youOrganise")
            : t("manage.youVisit", { account: shortAddress(settings.organiser) })}
        </p>
      )}
      <Section title={t("manage.watch")}>
        <dl className="grid grid-cols-2 gap-5 sm:grid-cols-4">
          <Figure label={t("round.contributions")}>{countText(progress.contributions)}</Figure>
          <Figure label={t("manage.messages")} note={t("manage.messagesHelp")}>
            {countText(messages)}
          </Figure>
          <Figure label={t("round.given")}>
            {amountText(progress.totalCredits * settings.unit, token)}
          </Figure>
          <Figure label={t("round.pool")}>{amountText(progress.pool, poolToken)}</Figure>
        </dl>
        {history.data !== undefined && <ExportRound view={view} events={history.data.events} />}
      </Section>
      <Section title={t("views.projects")}>
        <ManageProjects view={view} owner={owner.data} isOwner={is(owner.data)} account={address} />
      </Section>
      {settings.poolToken !== zeroAddress && (stage === "open" || stage === "upcoming") && (
        <Section title={t("fund.title")}>
          <FundPool facts={facts} account={address} />
        </Section>
      )}
      <Section title={t("end.title")}>
        <EndRound view={view} account={address} isOrganiser={is(settings.organiser)} />
      </Section>
      {(stage === "open" || stage === "upcoming") && (
        <Section title={t("manage.announce")}>
          <TextArea
            label={t("manage.announceText")}
            readOnly
            rows={4}
            value={t("manage.announcement", {
              end: plainTimeText(settings.end),
              pool: amountText(progress.pool, poolToken),
              link,
            })}
            onFocus={(event) => event.target.select()}
            hint={t("manage.announceHelp")}
          />
        </Section>
      )}
      <Section title={t("manage.settings")}>
        <dl className="divide-y divide-line border-y border-line">
          {rows.map(([name, value]) => (
            <div key={name} className="grid gap-1 py-2.5 sm:grid-cols-[14rem_1fr]">
              <dt className="text-soft">{name}</dt>
              <dd className="break-all">{value}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </div>
  );
}
