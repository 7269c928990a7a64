import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Notice, Placeholder } from "../../ui/layout.tsx";
import { arriveAt } from "../../ui/arrive.ts";
import { LinkButton } from "../../ui/button.tsx";
import { roundHref } from "../../router.ts";
import type { Pending } from "../../../../src/index.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useCart } from "../../donor/cart.ts";
import { Compose } from "./compose.tsx";
import { findPending } from "../../donor/pending_store.ts";
import { Send } from "./send.tsx";

/** One way from the plan to the end, that can be left and taken up again anywhere: the chain says how far it has come. */
export default function GivePage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, stage } = view;
  const cart = useCart(facts);
  const [pending, setPending] = useState<Pending | "none" | "done">();
  useEffect(
    () =>
      void findPending(facts, "gift").then(
        (found) => setPending(found ?? "none"),
        () => setPending("none"),
      ),
    [facts],
  );
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
      <Notice title={t("cart.empty")}>
        <p className="mb-3">{t("cart.emptyHelp")}</p>
        <LinkButton href={back}>{t("cart.choose")}</LinkButton>
      </Notice>
    );
  }
  return <Compose view={view} onEncrypted={setPending} />;
}
