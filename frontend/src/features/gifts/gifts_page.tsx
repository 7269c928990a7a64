import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import { zeroAddress, type Address } from "viem";
import { useOwnPayments, type RoundPayments } from "../../chain/own_gifts.ts";
import { findStage } from "../../chain/phase.ts";
import { useProgress, useRound, useRoundText, useNow } from "../../chain/reads.ts";
import { amountText, dateText, shortAddress } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { WordsAt } from "../../shell/words.tsx";
import { Explain } from "../../donor/explain.tsx";
import { Button, LinkButton } from "../../ui/button.tsx";
import { ExplorerLink } from "../../ui/explorer_link.tsx";
import { Notice, PageTitle, Placeholder } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { balanceOf } from "./balance.ts";
import { Receipt } from "./receipt.tsx";
import { addWords } from "../../i18n/index.ts";

await addWords("gifts");
await addWords("learn");

/** All that an account has given in any round of this site, read from the chain alone. What it was given for stands nowhere. */
export default function GiftsPage() {
  const { t } = useTranslation();
  const { address } = useAccount();
  const [choosing, setChoosing] = useState(false);
  return (
    <>
      <div className="print:hidden">
        <PageTitle lead={t("gifts.lead")}>{t("gifts.title")}</PageTitle>
      </div>
      {address === undefined ? (
        <div className="measure space-y-4">
          <p>{t("gifts.connect")}</p>
          <Button onClick={() => setChoosing(true)}>{t("wallet.connect")}</Button>
          <WalletDialog open={choosing} onOpenChange={setChoosing} />
        </div>
      ) : (
        <Gifts key={address} account={address} />
      )}
      <div className="mt-10 print:hidden">
        <Explain what="receipt" />
        <Explain what="refund" />
      </div>
    </>
  );
}

function Gifts({ account }: { account: Address }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useOwnPayments(account);
  if (error !== null) return <ProblemNotice error={error} onRetry={refetch} />;
  if (data === undefined) return <Placeholder label={t("common.loading")} lines={6} />;
  if (data.length === 0)
    return (
      <Notice title={t("gifts.none", { account: shortAddress(account) })}>
        <p className="mb-3">{t("gifts.noneHelp")}</p>
        <LinkButton look="outline" href="#/">
          {t("shell.rounds")}
        </LinkButton>
      </Notice>
    );
  return (
    <ul className="space-y-6">
      {data.map((one) => (
        <WordsAt key={`${one.chainId} ${one.round}`} round={one}>
          <GiftsOfRound account={account} {...one} />
        </WordsAt>
      ))}
    </ul>
  );
}

function GiftsOfRound({ account, chainId, round, payments }: RoundPayments & { account: Address }) {
  const { t } = useTranslation();
  const facts = useRound(chainId, round);
  const progress = useProgress(chainId, round);
  const now = useNow(progress.data?.blockTime);
  const text = useRoundText(facts.data);
  const [receipt, setReceipt] = useState(false);
  if (facts.error !== null || (progress.data === undefined && progress.error !== null))
    return (
      <li>
        <ProblemNotice
          error={facts.error ?? progress.error}
          onRetry={() => void Promise.all([facts.refetch(), progress.refetch()])}
        />
      </li>
    );
  if (facts.data === undefined || progress.data === undefined)
    return (
      <li>
        <Placeholder label={t("common.loading")} />
      </li>
    );
  const { settings, token } = facts.data;
  const name = text?.name ?? t("round.name", { date: dateText(settings.start) });
  const stage = findStage(facts.data, progress.data, now);
  const { lines, given, back, ...balance } = balanceOf(payments, settings.unit, stage);
  // Where votes cost nothing, nothing is owed back.
  const next =
    balance.next === "refund" && settings.token === zeroAddress ? undefined : balance.next;
  return (
    <li
      className={`rounded-card border border-line bg-raise p-5 sm:p-7 ${receipt ? "" : "print:hidden"}`}
    >
      <div className={receipt ? "print:hidden" : ""}>
        <p className="eyebrow">{t(`stage.${stage}`)}</p>
        <h2 className="mt-1 text-[1.4rem] leading-tight wrap-anywhere">
          <a href={roundHref(chainId, round)} className="underline-offset-4 hover:underline">
            {name}
          </a>
        </h2>
        <table className="mt-4 w-full text-left text-[0.93rem]">
          <caption className="sr-only">{t("gifts.table", { name })}</caption>
          <thead className="text-[0.82rem] text-soft">
            <tr>
              <th scope="col" className="pb-1.5 font-medium">
                {t("gifts.when")}
              </th>
              <th scope="col" className="pb-1.5 font-medium">
                {t("gifts.what")}
              </th>
              <th scope="col" className="pb-1.5 text-right font-medium">
                {t("gifts.amount")}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ kind, amount, transaction, time }) => (
              <tr key={`${transaction} ${kind}`} className="border-t border-line align-baseline">
                <td className="py-2.5 pr-3">{dateText(time)}</td>
                <td className="py-2.5 pr-3">
                  {t(`gifts.kind.${kind}`)}
                  <span className="block font-mono text-[0.8rem] whitespace-nowrap text-soft">
                    <ExplorerLink chainId={chainId} of={transaction}>
                      {`${transaction.slice(0, 10)}…`}
                    </ExplorerLink>
                  </span>
                </td>
                <td className="figure py-2.5 text-right whitespace-nowrap">
                  {amountText(amount, token, 6)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="border-t-2 border-edge">
              <th scope="row" colSpan={2} className="py-2.5 font-medium">
                {back > 0n ? t("gifts.balance") : t("gifts.total")}
              </th>
              <td className="figure py-2.5 text-right whitespace-nowrap">
                {amountText(given - back, token, 6)}
              </td>
            </tr>
          </tfoot>
        </table>
        {next === "refund" && <p className="mt-3">{t("gifts.refundWaits")}</p>}
        <div className="mt-4 flex flex-wrap gap-3">
          {next !== undefined && (
            <LinkButton look="outline" href={roundHref(chainId, round, "gift")}>
              {next === "refund" ? t("refund.do") : t("gifts.change")}
            </LinkButton>
          )}
          {settings.token !== zeroAddress && (
            <Button look="outline" aria-expanded={receipt} onClick={() => setReceipt(!receipt)}>
              {t("receipt.show")}
            </Button>
          )}
        </div>
      </div>
      {receipt && (
        <Receipt
          state={
            stage === "aborted" || stage === "cancelled"
              ? "void"
              : stage === "finalized"
                ? "ended"
                : "open"
          }
          facts={facts.data}
          name={name}
          organiser={text?.organiser?.name}
          account={account}
          lines={lines}
          net={given - back}
        />
      )}
    </li>
  );
}
