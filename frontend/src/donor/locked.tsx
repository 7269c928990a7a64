import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import type { Address } from "viem";
import type { RoundFacts } from "../chain/reads.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/layout.tsx";
import { ProblemNotice } from "../ui/problem_notice.tsx";
import { useAction } from "../ui/use_action.ts";
import { WalletDialog } from "../wallet/account_button.tsx";
import { useKeySource, useSourceProblem } from "./key_source.tsx";
import { settleLocked, unlockPending } from "./pending_store.ts";

/** The device keeps something sealed for this round: what sealed it opens it again. `onLook` looks whether it did. */
export function Locked({
  facts,
  onLook,
}: {
  facts: RoundFacts;
  onLook: () => Promise<"locked" | "other">;
}) {
  const { t } = useTranslation();
  const { address } = useAccount();
  const [choosing, setChoosing] = useState(false);
  const [sure, setSure] = useState(false);
  const settle = useAction(async (by: "delete" | "leave") => {
    await settleLocked(facts, by);
    await onLook();
  });
  return (
    <div className="max-w-3xl space-y-6">
      <Notice title={t("locked.title")}>{t("locked.explain")}</Notice>
      {address === undefined ? (
        <Button onClick={() => setChoosing(true)}>{t("wallet.connect")}</Button>
      ) : (
        <Opening key={address} facts={facts} account={address} onLook={onLook} />
      )}
      <WalletDialog open={choosing} onOpenChange={setChoosing} />
      <div className="border-t border-line pt-4 text-[0.93rem]">
        {sure ? (
          <div className="space-y-3">
            <p className="measure">{t("locked.forgetSure")}</p>
            <div className="flex flex-wrap gap-3">
              <Button look="outline" onClick={() => void settle.run("delete")}>
                {t("give.forget")}
              </Button>
              <Button look="quiet" onClick={() => setSure(false)}>
                {t("common.cancel")}
              </Button>
            </div>
          </div>
        ) : (
          <div className="-ml-3 flex flex-wrap gap-3">
            <Button look="quiet" onClick={() => void settle.run("leave")}>
              {t("locked.leave")}
            </Button>
            <Button look="quiet" onClick={() => setSure(true)}>
              {t("give.forget")}
            </Button>
          </div>
        )}
        <ProblemNotice error={settle.error} />
      </div>
    </div>
  );
}

function Opening({
  facts,
  account,
  onLook,
}: {
  facts: RoundFacts;
  account: Address;
  onLook: () => Promise<"locked" | "other">;
}) {
  const { t } = useTranslation();
  const source = useKeySource({ facts, account, use: "open" });
  const { run, busy, error } = useAction(async () => {
    await unlockPending(facts, await source.read());
    if ((await onLook()) === "locked") throw new OtherKeyError();
  });
  const unusable = useSourceProblem(error);
  return (
    <form
      className="space-y-4"
      autoComplete="off"
      onSubmit={(event) => (event.preventDefault(), source.ready && void run())}
    >
      {source.fields}
      <Button type="submit" disabled={!source.ready} busy={busy}>
        {busy ? t("locked.opening") : t("locked.open")}
      </Button>
      {unusable ??
        (error instanceof OtherKeyError ? (
          <Notice tone="bad" live title={t("locked.other")}>
            {t("locked.otherHelp")}
          </Notice>
        ) : (
          <ProblemNotice error={error} />
        ))}
    </form>
  );
}

class OtherKeyError extends Error {
  override readonly name = "OtherKeyError";
}
