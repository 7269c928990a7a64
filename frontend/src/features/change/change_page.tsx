import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import type { Address } from "viem";
import { useHistory } from "../../chain/reads.ts";
import { listContributions } from "../../../../src/index.ts";
import { amountText } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Choice } from "../../ui/bits.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Notice, Placeholder } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { WalletDialog } from "../../wallet/account_button.tsx";
import type { RoundView } from "../../chain/round_view.ts";
import { Locked } from "../../donor/locked.tsx";
import { OtherTab } from "../../donor/other_tab.tsx";
import { useUnderWay } from "../../donor/under_way.ts";
import { ChangeBallot } from "./change_ballot.tsx";
import { OnItsWay } from "./on_its_way.tsx";
import { Refund } from "./refund.tsx";
import { TopUp } from "./top_up.tsx";

/** For a donor who comes back, on whatever device: account and passphrase are all that is needed, and nothing of the ballot is shown. */
export default function ChangePage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, stage } = view;
  const { address } = useAccount();
  const history = useHistory(facts, 15_000);
  const [choosing, setChoosing] = useState(false);
  const [tag, setTag] = useState<bigint>();
  const [doing, setDoing] = useState<"ballot" | "topUp">("ballot");
  // The account that came back stays the donor while another one publishes.
  const [donor, setDonor] = useState<Address>();
  const who = donor ?? address;
  const { state: pending, set: setPending, look, plan } = useUnderWay(facts, "change");

  if (pending === undefined) return <Placeholder label={t("common.loading")} />;
  if (pending === "done") {
    return (
      <Notice tone="good" live title={t("change.sent")}>
        <p>{t("change.sentText")}</p>
        <Button look="outline" className="mt-3" onClick={() => setPending("none")}>
          {t("change.again")}
        </Button>
      </Notice>
    );
  }
  const told = plan > 0 && <OtherTab />;
  if (pending === "locked")
    return (
      <div className="space-y-6">
        {told}
        <Locked facts={facts} onLook={look} />
      </div>
    );
  if (pending !== "none")
    return (
      <OnItsWay
        view={view}
        pending={pending}
        onDone={() => setPending("done")}
        onAbandoned={() => setPending("none")}
      />
    );
  if (who === undefined) {
    return (
      <div className="measure space-y-4">
        <p>{t("change.connect")}</p>
        <Button onClick={() => setChoosing(true)}>{t("wallet.connect")}</Button>
        <WalletDialog open={choosing} onOpenChange={setChoosing} />
      </div>
    );
  }
  if (history.data === undefined)
    return history.error === null ? (
      <Placeholder label={t("common.loading")} />
    ) : (
      <ProblemNotice error={history.error} onRetry={() => void history.refetch()} />
    );
  const own = listContributions(history.data.history, who);
  const chosen = own.find((one) => one.tag === tag) ?? own[0];
  if (chosen === undefined) {
    return (
      <Notice title={t("change.none")}>
        <p className="mb-3">{t("change.noneHelp")}</p>
        <LinkButton look="outline" href={roundHref(facts.chainId, facts.address)}>
          {t("views.projects")}
        </LinkButton>
      </Notice>
    );
  }
  if (stage === "aborted" || stage === "cancelled") return <Refund facts={facts} own={own} />;
  if (stage !== "open") return <Notice title={t("give.closed")}>{t("change.closedHelp")}</Notice>;
  return (
    <div className="max-w-3xl space-y-8">
      {told}
      <p className="measure text-soft">{t("change.explain")}</p>
      {own.length > 1 && (
        <SelectField
          label={t("change.which")}
          value={String(chosen.tag)}
          onChange={(event) => setTag(BigInt(event.target.value))}
        >
          {own.map((one, i) => (
            <option key={String(one.tag)} value={String(one.tag)}>
              {t("change.nth", {
                n: i + 1,
                amount: amountText(one.credits * facts.settings.unit, facts.token, 6),
              })}
            </option>
          ))}
        </SelectField>
      )}
      <Choice
        label={t("change.what")}
        value={doing}
        onChange={setDoing}
        options={[
          { value: "ballot", text: t("change.ballot") },
          { value: "topUp", text: t("change.topUp") },
        ]}
      />
      {doing === "ballot" ? (
        <ChangeBallot
          key={`${chosen.tag} ${plan}`}
          view={view}
          donor={who}
          contribution={chosen}
          onBegin={() => setDonor(who)}
          onEncrypted={setPending}
          onElsewhere={() => void look()}
        />
      ) : (
        <TopUp
          facts={facts}
          donor={who}
          contribution={chosen}
          onDone={() => void history.refetch()}
        />
      )}
    </div>
  );
}
