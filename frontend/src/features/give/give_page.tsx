import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import { Notice, Placeholder } from "../../ui/layout.tsx";
import { arriveAt } from "../../ui/arrive.ts";
import { LinkButton } from "../../ui/button.tsx";
import { roundHref } from "../../router.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useCart } from "../../donor/cart.ts";
import { OtherTab } from "../../donor/other_tab.tsx";
import { Compose } from "./compose.tsx";
import { Locked } from "../../donor/locked.tsx";
import { useUnderWay } from "../../donor/under_way.ts";
import { Send } from "./send.tsx";

/** One way from the plan to the end, that can be left and taken up again anywhere: the chain says how far it has come. */
export default function GivePage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, stage } = view;
  const { address } = useAccount();
  const cart = useCart(facts);
  const { state: pending, set: setPending, look, plan } = useUnderWay(facts, "gift");
  const back = roundHref(facts.chainId, facts.address);

  if (pending === undefined) return <Placeholder label={t("common.loading")} />;
  if (pending === "done") {
    return (
      <div className="measure space-y-5">
        <h2
          ref={arriveAt}
          tabIndex={-1}
          className="scroll-mt-6 text-[1.9rem] leading-tight outline-none"
        >
          {t("give.done")}
        </h2>
        <p>{t("give.doneText")}</p>
        <p className="text-soft">{t("give.doneForgot")}</p>
        <div className="flex flex-wrap gap-3">
          <LinkButton href={back}>{t("give.back")}</LinkButton>
          <LinkButton look="outline" href={roundHref(facts.chainId, facts.address, "change")}>
            {t("views.change")}
          </LinkButton>
        </div>
      </div>
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
      <Send
        view={view}
        pending={pending}
        onDone={() => setPending("done")}
        onAbandoned={() => setPending("none")}
      />
    );
  if (stage !== "open")
    return (
      <Notice title={stage === "upcoming" ? t("round.notYet") : t("give.closed")}>
        {stage === "upcoming" ? t("round.notYetHelp") : t("give.closedHelp")}
      </Notice>
    );
  if (cart.lines.length === 0) {
    return (
      <div className="space-y-6">
        {told}
        <Notice title={t("cart.empty")}>
          <p className="mb-3">{t("cart.emptyHelp")}</p>
          <LinkButton href={back}>{t("cart.choose")}</LinkButton>
        </Notice>
      </div>
    );
  }
  // A key is of one account: another one's ballot under it could never be changed.
  return (
    <Compose key={address} view={view} onEncrypted={setPending} onElsewhere={() => void look()} />
  );
}
