import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { isAddressEqual, type Address } from "viem";
import {
  abort,
  announceCancel,
  cancel,
  claimRest,
  dispute,
  iRoundAbi,
  MOST_REASON,
  refundSponsor,
  type Due,
} from "../../../../src/index.ts";
import { useAccountText } from "../../chain/account_text.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { writeClient } from "../../chain/writes.ts";
import { amountText, durationText, timeText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmButton } from "../../ui/confirm.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

/** A reason that the round takes. */
const fits = (reason: string): boolean =>
  reason.trim() !== "" && new TextEncoder().encode(reason.trim()).length <= MOST_REASON;

/** What can be done about a round's end at this moment, and by whom. */
export function EndRound({
  view: { facts, progress, stage, now },
  account,
  isOrganiser,
}: {
  view: RoundView;
  account: Address | undefined;
  isOrganiser: boolean;
}) {
  const { t } = useTranslation();
  const accountText = useAccountText();
  const config = useConfig();
  const queries = useQueryClient();
  const round = facts.address;
  const [reason, setReason] = useState("");
  const ended = stage === "finalized" || stage === "aborted" || stage === "cancelled";
  const dues = useQuery({
    queryKey: ["dues", facts.chainId, round, account],
    enabled: ended,
    queryFn: async () => {
      const read = readClient(config, facts.chainId);
      const at = { address: round, abi: iRoundAbi } as const;
      const [settlement, fees, sponsored] = await Promise.all([
        read.readContract({ ...at, functionName: "settlement" }),
        read.readContract({ ...at, functionName: "messageFees" }),
        account === undefined
          ? 0n
          : read.readContract({ ...at, functionName: "sponsors", args: [account] }),
      ]);
      const finalized = stage === "finalized";
      const list: readonly (readonly [Due, boolean])[] = [
        ["claimFee", finalized && settlement.fee > 0n],
        ["claimRemainder", finalized && settlement.remainder > 0n],
        ["claimMessageFees", fees > 0n],
      ];
      return {
        rest: list.filter(([, due]) => due).map(([name]) => name),
        sponsored: sponsored > 0n && (!finalized || settlement.surplusLeft > 0n),
      };
    },
  });
  const { run, busy, error } = useAction(
    async (what: "announce" | "cancel" | "abort" | "dispute" | "sponsor" | Due) => {
      const client = await writeClient(config, facts.chainId, account as Address);
      if (what === "announce") await announceCancel(client, { round });
      else if (what === "cancel") await cancel(client, { round });
      else if (what === "abort") await abort(client, { round });
      else if (what === "dispute") await dispute(client, { round, reason: reason.trim() });
      else if (what === "sponsor")
        await refundSponsor(client, { round, sponsor: account as Address });
      else await claimRest(client, { round, due: what });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["progress", facts.chainId, round] }),
        queries.invalidateQueries({ queryKey: ["dues", facts.chainId, round] }),
      ]);
    },
  );
  /** What ends a round, and what cannot be called back, is shown before it is done. */
  const reviewedButton = (what: "announce" | "cancel" | "abort", disabled = false) => (
    <ConfirmButton
      key={what}
      busy={busy}
      disabled={disabled || account === undefined}
      title={t(`end.sure.${what}.title`)}
      review={
        <p>
          {t(`end.sure.${what}.help`, {
            time: durationText(facts.settings.cancelNotice),
            given: amountText(progress.totalCredits * facts.settings.unit, facts.token),
            pool: amountText(progress.pool, facts.poolToken),
          })}
        </p>
      }
      confirm={t(`end.do.${what}`)}
      onConfirm={() => void run(what)}
    >
      {t(`end.do.${what}`)}
    </ConfirmButton>
  );
  const button = (what: Parameters<typeof run>[0]) => (
    <Button
      key={what}
      look="outline"
      busy={busy}
      disabled={account === undefined}
      onClick={() => void run(what)}
    >
      {t(`end.do.${what}`)}
    </Button>
  );
  const announced = progress.cancelFrom > 0n;
  const cancellable =
    progress.contributions === 0 || (announced && now >= Number(progress.cancelFrom));
  return (
    <div className="measure space-y-4">
      {(stage === "open" || stage === "upcoming") && (
        <>
          <p className="text-soft">{t("end.running")}</p>
          {announced && (
            <Notice>{t("end.announced", { time: timeText(progress.cancelFrom) })}</Notice>
          )}
          {isOrganiser && (
            <div className="flex flex-wrap gap-3">
              {cancellable ? reviewedButton("cancel") : !announced && reviewedButton("announce")}
            </div>
          )}
        </>
      )}
      {stage === "counting" && (
        <p className="text-soft">{t("end.counting", { time: timeText(progress.deadline) })}</p>
      )}
      {stage === "disputable" && (
        <>
          <p className="text-soft">
            {t("guardian.disputable", { time: timeText(progress.paymentsFrom) })}{" "}
            {t("guardian.disputableHelp", {
              guardian: accountText(facts.settings.guardian, "whole"),
            })}
          </p>
          {account !== undefined && isAddressEqual(account, facts.settings.guardian) && (
            <>
              <TextField
                label={t("guardian.reasonLabel")}
                hint={t("guardian.reasonHint")}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
              <ConfirmButton
                busy={busy}
                disabled={!fits(reason)}
                title={t("end.sure.dispute.title")}
                review={
                  <>
                    <p>{t("end.sure.dispute.help")}</p>
                    <p className="break-words">
                      <q>{reason.trim()}</q>
                    </p>
                  </>
                }
                confirm={t("end.do.dispute")}
                onConfirm={() => void run("dispute")}
              >
                {t("end.do.dispute")}
              </ConfirmButton>
            </>
          )}
        </>
      )}
      {stage === "overdue" && (
        <>
          <p className="text-soft">{t("end.overdue")}</p>
          {account === undefined && <p className="text-soft">{t("end.connect")}</p>}
          {reviewedButton("abort")}
        </>
      )}
      {ended && (
        <>
          <p className="text-soft">{t(`end.${stage}`)}</p>
          <div className="flex flex-wrap gap-3">
            {dues.data?.rest.map((due) => button(due))}
            {dues.data?.sponsored === true && button("sponsor")}
          </div>
        </>
      )}
      <ProblemNotice error={error} />
    </div>
  );
}
