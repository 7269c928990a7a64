import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import type { Address } from "viem";
import {
  createPending,
  settledItems,
  type OwnContribution,
  type Pending,
  type Point,
} from "../../../../src/index.ts";
import { describeProject } from "../../chain/metadata.ts";
import { readClient } from "../../chain/read_client.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { amountText } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { Button, LinkButton } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { useKeyKeeper } from "../../workers/use_key_keeper.ts";
import { Unused } from "../../donor/unused.tsx";
import { Amounts } from "../../donor/amounts.tsx";
import { emptyCart, useCart } from "../../donor/cart.ts";
import { Passphrase } from "../../donor/passphrase.tsx";
import { aloneAt } from "../../donor/neighbours.ts";
import { findPending, keepPending } from "../../donor/pending_store.ts";
import { planChange } from "../../donor/plan.ts";
import { useAskFirst } from "../../donor/use_stay.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { AddMoney } from "./add_money.tsx";
import type { NoMore } from "./given.tsx";
import { Way } from "./way.tsx";

/**
 * A new ballot in place of the old one, with more money before it where it takes more, and a new key in place of the old one if wanted. Says the
 * same whatever passphrase was given.
 */
export function ChangeBallot({
  view,
  donor,
  contribution,
  noMore,
  onSealed,
  onElsewhere,
  onAdded,
}: {
  view: RoundView;
  donor: Address;
  contribution: OwnContribution;
  /** Why no credits can be added; undefined where they can, or where that is not known. */
  noMore: NoMore | undefined;
  onSealed: (pending: Pending) => void;
  /** Another tab has sealed a ballot of this round meanwhile. */
  onElsewhere: () => void;
  onAdded: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const { facts, projects } = view;
  const { settings, token } = facts;
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const keeper = useKeyKeeper();
  const cart = useCart(facts);
  const [planned, setPlanned] = useState(false);
  const [added, setAdded] = useState(false);
  const [key, setKey] = useState<Point>();
  const [rotating, setRotating] = useState(false);
  const [nextKey, setNextKey] = useState<Point>();
  const [waiting, setWaiting] = useState(false);
  const rotateId = useId();
  useAskFirst(cart.lines.some(({ amount }) => amount !== ""));
  const plan = planChange(cart.lines, {
    unit: settings.unit,
    decimals: token.decimals,
    credits: contribution.credits,
    minTopUp: settings.minTopUp,
  });
  const owned = amountText(contribution.credits * settings.unit, token, 6);
  const isOver = plan.add > 0n && noMore !== undefined;
  const ready = (cart.lines.length === 0 || plan.ready) && !isOver;
  const isPlanned = planned && ready;
  const adds = plan.add > 0n && !isOver;
  const rest = projects.filter(
    ({ index, eligible }) => eligible && !cart.lines.some(({ project }) => project === index),
  );

  const encrypt = useAction(() => aloneAt(facts, encryptAlone));
  async function encryptAlone() {
    if ((await findPending(facts)) !== undefined) {
      emptyCart(facts);
      return onElsewhere();
    }
    setWaiting(false);
    const read = readClient(config, facts.chainId);
    const sinceBlock = await read.getBlockNumber();
    const itemsSeen = await settledItems(
      read,
      { round: facts.address, finality: chain.finality },
      () => setWaiting(true),
    ).finally(() => setWaiting(false));
    if (!rotating) await keeper.get().ask({ ask: "forgetNext" });
    const round = { chainId: facts.chainId, address: facts.address };
    const coordinatorKey = { x: settings.coordinatorKeyX, y: settings.coordinatorKeyY };
    const { messages } = await keeper.get().ask({
      ask: "change",
      tag: contribution.tag,
      itemsSeen,
      ballot: plan.ballot,
      round,
      coordinatorKey,
    });
    keeper.end();
    const pending = createPending(
      { messages },
      { round, payer: donor, tag: contribution.tag, sinceBlock },
    );
    await keepPending(pending);
    emptyCart(facts);
    onSealed(pending);
  }

  return (
    <Way
      of={adds || added ? "more" : "change"}
      at={!isPlanned ? "ballot" : adds ? "topUp" : "key"}
      done={added && !adds ? ["topUp"] : []}
    >
      {{
        ballot: (
          <>
            <p className="text-soft">{t("change.budget", { amount: owned })}</p>
            {cart.lines.length > 0 && (
              <Amounts facts={facts} projects={projects} cart={cart} plan={plan} />
            )}
            <SelectField
              label={t("change.add")}
              value=""
              onChange={(event) =>
                event.target.value !== "" && cart.toggle(Number(event.target.value))
              }
            >
              <option value="">{t("change.addHint")}</option>
              {rest.map((project) => (
                <option key={project.index} value={project.index}>
                  {describeProject(project).name || t("projects.unnamed", { index: project.index })}
                </option>
              ))}
            </SelectField>
            {cart.lines.length === 0 && (
              <>
                <Notice title={t("change.empty")}>
                  <p className="mb-3">{t("change.emptyHelp")}</p>
                  <LinkButton
                    look="outline"
                    href={roundHref(facts.chainId, facts.address, "projects")}
                  >
                    {t("cart.choose")}
                  </LinkButton>
                </Notice>
                <Unused facts={facts} credits={contribution.credits} />
              </>
            )}
            {isOver && (
              <Notice tone="bad" live title={t("change.over", { amount: owned })}>
                {t(`here.noMore.${noMore}`)}
              </Notice>
            )}
            {adds && plan.ready && (
              <Notice
                live
                title={t("change.more", { amount: amountText(plan.add * settings.unit, token, 6) })}
              >
                {t("change.moreHelp")}
              </Notice>
            )}
            <p className="measure text-[0.9rem] text-soft">{t("give.planStays")}</p>
            <Button disabled={!ready} onClick={() => setPlanned(true)}>
              {t("common.continue")}
            </Button>
          </>
        ),
        topUp: (
          <AddMoney
            facts={facts}
            donor={donor}
            contribution={contribution}
            add={plan.add}
            onAdded={() => onAdded().then(() => setAdded(true))}
            onLess={() => setPlanned(false)}
          />
        ),
        key: (
          <>
            {added && (
              <Notice tone="good" live title={t("topUp.done")}>
                {t("topUp.doneText")}
              </Notice>
            )}
            <Passphrase
              facts={facts}
              account={donor}
              keeper={keeper.get}
              slot="current"
              first={false}
              label={t("passphrase.label")}
              made={key}
              onKey={setKey}
            />
            {key !== undefined && (
              <>
                <div className="flex items-start gap-3">
                  <input
                    type="checkbox"
                    id={rotateId}
                    checked={rotating}
                    onChange={({ target }) => (setRotating(target.checked), setNextKey(undefined))}
                    className="mt-0.5 size-6 shrink-0 accent-accent"
                  />
                  <label htmlFor={rotateId}>
                    <span className="font-medium">{t("change.rotate")}</span>
                    <span className="block text-[0.9rem] text-soft">{t("change.rotateHelp")}</span>
                  </label>
                </div>
                {rotating && (
                  <Passphrase
                    facts={facts}
                    account={donor}
                    keeper={keeper.get}
                    slot="next"
                    first
                    label={t("change.newPassphrase")}
                    made={nextKey}
                    onKey={setNextKey}
                  />
                )}
                <Button
                  disabled={rotating && nextKey === undefined}
                  busy={encrypt.busy}
                  onClick={() => void encrypt.run()}
                >
                  {encrypt.busy ? t("give.sealing") : t("give.seal")}
                </Button>
                <p className="text-[0.9rem] text-soft">{t("give.sealHelp")}</p>
                {waiting && (
                  <p role="status" className="measure text-soft">
                    {t("publish.settling")}
                  </p>
                )}
                <ProblemNotice error={encrypt.error} />
              </>
            )}
            <Button
              look="quiet"
              className="-ml-3"
              disabled={encrypt.busy}
              onClick={() => setPlanned(false)}
            >
              {t("give.editAmounts")}
            </Button>
          </>
        ),
      }}
    </Way>
  );
}
