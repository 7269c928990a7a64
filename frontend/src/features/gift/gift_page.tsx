import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import { zeroAddress } from "viem";
import { useOwnContributions } from "../../chain/own_gifts.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useCart } from "../../donor/cart.ts";
import { isAnonymous } from "../../donor/gate_fields.tsx";
import { Locked } from "../../donor/locked.tsx";
import { OtherTab } from "../../donor/other_tab.tsx";
import { useUnderWay, type UnderWay } from "../../donor/under_way.ts";
import { shortAddress } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { arriveAt } from "../../ui/arrive.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { Notice, Placeholder } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { Compose } from "./compose.tsx";
import { FindMember } from "./find_member.tsx";
import { Given, MemberGiven } from "./given.tsx";
import { Here } from "./here.tsx";
import { OnItsWay } from "./on_its_way.tsx";
import { findPlace, type Place } from "./place.ts";
import { Refund } from "./refund.tsx";
import { Send } from "./send.tsx";

/**
 * The one way of a donor through a round: a gift, a change of it, more money. Where she is device and chain say, so it can be left and taken up
 * again anywhere.
 */
export default function GiftPage(view: RoundView) {
  const { t } = useTranslation();
  const { facts, stage } = view;
  const { address } = useAccount();
  const { state, set, look, plan } = useUnderWay(facts);
  const own = useOwnContributions(facts, address, { asks: true });
  const place = findPlace({
    stage,
    underWay: state,
    isConnected: address !== undefined,
    own: own.data,
  });
  if (place.at === "unknown")
    return own.error !== null && own.data === undefined ? (
      <ProblemNotice error={own.error} onRetry={() => void own.refetch()} />
    ) : (
      <Placeholder label={t("common.loading")} />
    );
  const goOn = (next: UnderWay) => (void own.refetch(), set(next));
  return (
    <>
      {plan > 0 && place.at !== "underWay" && place.at !== "done" && (
        <div className="mb-6">
          <OtherTab />
        </div>
      )}
      <At
        view={view}
        place={place}
        goOn={goOn}
        look={look}
        plan={plan}
        refetch={async () => void (await own.refetch())}
      />
    </>
  );
}

function At({
  view,
  place,
  goOn,
  look,
  plan,
  refetch,
}: {
  view: RoundView;
  place: Place;
  goOn: (next: UnderWay) => void;
  look: () => Promise<"locked" | "other">;
  plan: number;
  /** Reads what the account has given anew. */
  refetch: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const { facts, stage } = view;
  const { chainId, address: round, settings } = facts;
  switch (place.at) {
    case "locked":
      return <Locked facts={facts} onLook={look} />;
    case "underWay": {
      const both = {
        view,
        pending: place.pending,
        onAbandoned: () => goOn("none"),
      };
      return place.pending.gift === undefined ? (
        <OnItsWay {...both} onDone={() => goOn("changed")} />
      ) : (
        <Send {...both} onDone={() => goOn("given")} />
      );
    }
    case "done":
      return <Done view={view} what={place.what} onAgain={() => goOn("none")} />;
    case "upcoming":
      return <Here next={t("round.notYetHelp")}>{t("round.notYet")}</Here>;
    case "closed":
      return (
        <Here next={stage === "overdue" ? t("round.overdueHelp") : t("change.closedHelp")}>
          {stage === "overdue" ? t("round.over.overdue") : t("give.closed")}
        </Here>
      );
    case "result":
      return (
        <>
          <Here next={t("change.closedHelp")}>{t("here.result")}</Here>
          <LinkButton href={roundHref(chainId, round, "results")}>{t("views.results")}</LinkButton>
        </>
      );
    case "void":
      if (settings.token === zeroAddress)
        return <Here next={t("refund.explain")}>{t("refund.title")}</Here>;
      if (place.own !== undefined && place.own.length > 0)
        return <Refund facts={facts} own={place.own} />;
      return (
        <>
          <Nothing view={view} isKnown={place.own !== undefined} />
          <p>{t("give.closed")}</p>
        </>
      );
    case "stranger":
    case "first":
      return <First view={view} goOn={goOn} look={look} isKnown={place.at === "first"} />;
    case "given":
      return (
        <Given
          view={view}
          own={place.own}
          plan={plan}
          onSealed={goOn}
          onElsewhere={() => void look()}
          onAdded={refetch}
        />
      );
    case "unknown":
      return null;
  }
}

/** Said of an account that has given nothing, and where none is connected. */
function Nothing({
  view: { facts },
  isKnown,
  connects = true,
}: {
  view: RoundView;
  isKnown: boolean;
  /** Not where what follows asks for the wallet itself. */
  connects?: boolean;
}) {
  const { t } = useTranslation();
  const { address } = useAccount();
  const [choosing, setChoosing] = useState(false);
  if (isKnown && address !== undefined)
    // Whose account is nowhere in the round, may have come in by a relay.
    return isAnonymous(facts) ? null : (
      <Here next={t("here.firstNext")}>{t("here.first", { account: shortAddress(address) })}</Here>
    );
  return (
    <>
      <Here next={t("here.strangerNext")}>{t("here.stranger")}</Here>
      {connects && (
        <div className="mb-8">
          <Button look="outline" onClick={() => setChoosing(true)}>
            {t("wallet.connect")}
          </Button>
          <WalletDialog open={choosing} onOpenChange={setChoosing} />
        </div>
      )}
    </>
  );
}

/** Nothing given yet, as far as can be known: the plan, or the way to one. */
function First({
  view,
  goOn,
  look,
  isKnown,
}: {
  view: RoundView;
  goOn: (next: UnderWay) => void;
  look: () => Promise<"locked" | "other">;
  isKnown: boolean;
}) {
  const { t } = useTranslation();
  const { facts } = view;
  const { address } = useAccount();
  const cart = useCart(facts);
  const [member, setMember] = useState<bigint>();
  if (member !== undefined && address !== undefined)
    return (
      <MemberGiven
        view={view}
        tag={member}
        onSealed={goOn}
        onElsewhere={() => void look()}
        onOther={() => setMember(undefined)}
      />
    );
  return (
    <>
      <Nothing view={view} isKnown={isKnown} connects={cart.lines.length === 0} />
      {isKnown && isAnonymous(facts) && (
        <div className="mb-8 border-b border-line pb-6">
          <FindMember facts={facts} onFound={setMember} />
        </div>
      )}
      {cart.lines.length === 0 ? (
        <Notice title={t("cart.empty")}>
          <p className="mb-3">{t("cart.emptyHelp")}</p>
          <LinkButton href={roundHref(facts.chainId, facts.address)}>{t("cart.choose")}</LinkButton>
        </Notice>
      ) : (
        // A key is of one account: another one's ballot under it could never be changed.
        <Compose key={address} view={view} onEncrypted={goOn} onElsewhere={() => void look()} />
      )}
    </>
  );
}

function Done({
  view: { facts, stage },
  what,
  onAgain,
}: {
  view: RoundView;
  what: "given" | "changed";
  onAgain: () => void;
}) {
  const { t } = useTranslation();
  const goOn = useEffectEvent(onAgain);
  useEffect(() => {
    // A link to this very page changes no address, and leads on all the same.
    const follow = ({ target }: MouseEvent) => {
      if (target instanceof Element && target.closest("a")?.href === location.href) goOn();
    };
    document.addEventListener("click", follow);
    return () => document.removeEventListener("click", follow);
  }, []);
  return (
    <div className="measure space-y-5">
      <h2
        ref={arriveAt}
        tabIndex={-1}
        className="scroll-mt-6 text-[1.9rem] leading-tight outline-none"
      >
        {what === "given" ? t("give.done") : t("change.sent")}
      </h2>
      <p>{what === "given" ? t("give.doneText") : t("change.sentText")}</p>
      {what === "given" && <p className="text-soft">{t("give.doneForgot")}</p>}
      <div className="flex flex-wrap gap-3">
        <LinkButton href={roundHref(facts.chainId, facts.address, "projects")}>
          {t("give.back")}
        </LinkButton>
        {stage === "open" && (
          <Button look="outline" onClick={onAgain}>
            {t("cart.change")}
          </Button>
        )}
      </div>
    </div>
  );
}
