import { Checkbox } from "radix-ui";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import type { Address } from "viem";
import type { Point } from "../../../../src/index.ts";
import { readMetadata } from "../../chain/metadata.ts";
import { readClient } from "../../chain/read_client.ts";
import { settledItems } from "../../chain/settle.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { amountText, countText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Notice } from "../../ui/layout.tsx";
import { Step, Steps } from "../../ui/steps.tsx";
import { useKeyKeeper } from "../../workers/use_key_keeper.ts";
import { Amounts } from "../../donor/amounts.tsx";
import type { CartLine } from "../../donor/cart.ts";
import { Passphrase, ShownKey } from "../../donor/passphrase.tsx";
import { planOf } from "../../donor/plan.ts";
import { PublishStep } from "../../donor/publish_step.tsx";
import type { RoundView } from "../../chain/round_view.ts";
import type { OwnContribution } from "./change_page.tsx";

/** A new ballot in place of the old one, and a new key in place of the old one if wanted. Says the same whatever passphrase was given. */
export function ChangeBallot({ view, donor, contribution, onBegin }: { view: RoundView; donor: Address; contribution: OwnContribution; onBegin: () => void }) {
  const { t } = useTranslation();
  const { facts, projects } = view;
  const { settings, token } = facts;
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const keeper = useKeyKeeper();
  const [key, setKey] = useState<Point>();
  const [lines, setLines] = useState<readonly CartLine[]>([]);
  const [composed, setComposed] = useState(false);
  const [rotating, setRotating] = useState(false);
  const [nextKey, setNextKey] = useState<Point>();
  const [sent, setSent] = useState(false);
  const rotateId = useId();
  const plan = planOf(lines, { unit: settings.unit, decimals: token.decimals, credits: contribution.credits });
  const total = plan.lines.reduce((sum, { amount }) => sum + amount, 0n);
  const over = total > contribution.credits * settings.unit;
  const cart = {
    lines,
    toggle: (project: number) => setLines((all) => all.filter((line) => line.project !== project)),
    setAmount: (project: number, amount: string) => setLines((all) => all.map((line) => (line.project === project ? { project, amount } : line))),
    setAll: setLines,
  };
  const rest = projects.filter(({ index, eligible }) => eligible && !lines.some(({ project }) => project === index));

  const messages = async (onWait: () => void) => {
    const itemsSeen = await settledItems(readClient(config, facts.chainId), facts.address, chain, onWait);
    if (!rotating) await keeper.get().ask({ ask: "forgetNext" });
    return keeper.get().ask({
      ask: "change", tag: contribution.tag, itemsSeen, ballot: plan.ballot,
      round: { chainId: BigInt(facts.chainId), address: facts.address },
      coordinatorKey: { x: settings.coordinatorKeyX, y: settings.coordinatorKeyY },
    });
  };
  const forget = () => {
    keeper.end();
    setLines([]);
    setKey(undefined);
    setNextKey(undefined);
    setSent(true);
  };

  if (sent) {
    return (
      <Notice tone="good" live title={t("change.sent")}>
        <p>{t("change.sentText")}</p>
        <Button look="outline" className="mt-3" onClick={() => (setSent(false), setComposed(false), setRotating(false))}>{t("change.again")}</Button>
      </Notice>
    );
  }
  const ready = plan.ready && !over && (!rotating || nextKey !== undefined);
  return (
    <Steps>
      <Step number={1} title={t("change.step.key")} state={key === undefined ? "current" : "done"}>
        <Passphrase facts={facts} account={donor} keeper={keeper.get} slot="current" first={false} label={t("passphrase.label")} onKey={(made) => (onBegin(), setKey(made))} />
      </Step>
      <Step number={2} title={t("change.step.ballot")} state={key === undefined ? "later" : composed ? "done" : "current"}>
        {key !== undefined && <ShownKey point={key} first={false} onOther={() => setKey(undefined)} />}
        <p className="text-soft">{t("change.budget", { amount: amountText(contribution.credits * settings.unit, token, 6), credits: countText(contribution.credits) })}</p>
        <SelectField label={t("change.add")} value="" onChange={(event) => event.target.value !== "" && setLines((all) => [...all, { project: Number(event.target.value), amount: "" }])}>
          <option value="">{t("change.addHint")}</option>
          {rest.map(({ index, metadataURI }) => <option key={index} value={index}>{readMetadata(metadataURI).name || t("projects.unnamed", { index })}</option>)}
        </SelectField>
        {lines.length > 0 && <Amounts facts={facts} projects={projects} cart={cart} plan={plan} />}
        {lines.length === 0 && <Notice>{t("change.empty")}</Notice>}
        {over && <Notice tone="bad" live title={t("change.over", { amount: amountText(contribution.credits * settings.unit, token, 6) })} />}
        <div className="flex items-start gap-3">
          <Checkbox.Root id={rotateId} checked={rotating} onCheckedChange={(checked) => (setRotating(checked === true), setNextKey(undefined))} className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-md border border-edge bg-raise data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=checked]:text-on-accent">
            <Checkbox.Indicator>✓</Checkbox.Indicator>
          </Checkbox.Root>
          <label htmlFor={rotateId}><span className="font-medium">{t("change.rotate")}</span><span className="block text-[0.9rem] text-soft">{t("change.rotateHelp")}</span></label>
        </div>
        {rotating && <Passphrase facts={facts} account={donor} keeper={keeper.get} slot="next" first label={t("change.newPassphrase")} onKey={setNextKey} />}
        <Button disabled={!ready} onClick={() => setComposed(true)}>{t("common.continue")}</Button>
      </Step>
      <Step number={3} title={t("change.step.publish")} state={composed ? "current" : "later"}>
        <PublishStep facts={facts} payer={donor} strict={false} messages={messages} onPublished={forget} />
        <Button look="quiet" className="-ml-3" onClick={() => setComposed(false)}>{t("common.back")}</Button>
      </Step>
    </Steps>
  );
}
