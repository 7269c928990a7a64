import { Checkbox } from "radix-ui";
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
import { amountText, countText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { Step, Steps } from "../../ui/steps.tsx";
import { useAction } from "../../ui/use_action.ts";
import { useKeyKeeper } from "../../workers/use_key_keeper.ts";
import { Amounts } from "../../donor/amounts.tsx";
import type { CartLine } from "../../donor/cart.ts";
import { Passphrase, ShownKey } from "../../donor/passphrase.tsx";
import { aloneAt } from "../../donor/neighbours.ts";
import { findPending, keepPending } from "../../donor/pending_store.ts";
import { planCart } from "../../donor/plan.ts";
import type { RoundView } from "../../chain/round_view.ts";

/** A new ballot in place of the old one, and a new key in place of the old one if wanted. Says the same whatever passphrase was given. */
export function ChangeBallot({
  view,
  donor,
  contribution,
  onBegin,
  onEncrypted,
  onElsewhere,
}: {
  view: RoundView;
  donor: Address;
  contribution: OwnContribution;
  onBegin: () => void;
  onEncrypted: (pending: Pending) => void;
  /** Another tab has sealed a changed ballot of this round meanwhile. */
  onElsewhere: () => void;
}) {
  const { t } = useTranslation();
  const { facts, projects } = view;
  const { settings, token } = facts;
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const keeper = useKeyKeeper();
  const [key, setKey] = useState<Point>();
  const [lines, setLines] = useState<readonly CartLine[]>([]);
  const [rotating, setRotating] = useState(false);
  const [nextKey, setNextKey] = useState<Point>();
  const [waiting, setWaiting] = useState(false);
  const rotateId = useId();
  const plan = planCart(lines, {
    unit: settings.unit,
    decimals: token.decimals,
    credits: contribution.credits,
  });
  const total = plan.lines.reduce((sum, { amount }) => sum + amount, 0n);
  const over = total > contribution.credits * settings.unit;
  const cart = {
    lines,
    toggle: (project: number) => setLines((all) => all.filter((line) => line.project !== project)),
    setAmount: (project: number, amount: string) =>
      setLines((all) => all.map((line) => (line.project === project ? { project, amount } : line))),
    setAll: setLines,
  };
  const rest = projects.filter(
    ({ index, eligible }) => eligible && !lines.some(({ project }) => project === index),
  );

  const encrypt = useAction(() => aloneAt(facts, encryptAlone));
  async function encryptAlone() {
    if ((await findPending(facts, "change")) !== undefined) return onElsewhere();
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
    onEncrypted(pending);
  }

  const ready = plan.ready && !over && (!rotating || nextKey !== undefined);
  return (
    <Steps>
      <Step number={1} title={t("change.step.key")} state={key === undefined ? "current" : "done"}>
        <Passphrase
          facts={facts}
          account={donor}
          keeper={keeper.get}
          slot="current"
          first={false}
          label={t("passphrase.label")}
          onKey={(made) => (onBegin(), setKey(made))}
        />
      </Step>
      <Step
        number={2}
        title={t("change.step.ballot")}
        state={key === undefined ? "later" : "current"}
      >
        {key !== undefined && (
          <ShownKey point={key} first={false} onOther={() => setKey(undefined)} />
        )}
        <p className="text-soft">
          {t("change.budget", {
            amount: amountText(contribution.credits * settings.unit, token, 6),
            credits: countText(contribution.credits),
          })}
        </p>
        <SelectField
          label={t("change.add")}
          value=""
          onChange={(event) =>
            event.target.value !== "" &&
            setLines((all) => [...all, { project: Number(event.target.value), amount: "" }])
          }
        >
          <option value="">{t("change.addHint")}</option>
          {rest.map((project) => (
            <option key={project.index} value={project.index}>
              {describeProject(project).name || t("projects.unnamed", { index: project.index })}
            </option>
          ))}
        </SelectField>
        {lines.length > 0 && <Amounts facts={facts} projects={projects} cart={cart} plan={plan} />}
        {lines.length === 0 && <Notice>{t("change.empty")}</Notice>}
        {over && (
          <Notice
            tone="bad"
            live
            title={t("change.over", {
              amount: amountText(contribution.credits * settings.unit, token, 6),
            })}
          />
        )}
        <div className="flex items-start gap-3">
          <Checkbox.Root
            id={rotateId}
            checked={rotating}
            onCheckedChange={(checked) => (setRotating(checked === true), setNextKey(undefined))}
            className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-md border border-edge bg-raise data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=checked]:text-on-accent"
          >
            <Checkbox.Indicator>✓</Checkbox.Indicator>
          </Checkbox.Root>
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
            onKey={setNextKey}
          />
        )}
        <Button disabled={!ready} busy={encrypt.busy} onClick={() => void encrypt.run()}>
          {encrypt.busy ? t("give.sealing") : t("give.seal")}
        </Button>
        {waiting && (
          <p role="status" className="measure text-soft">
            {t("publish.settling")}
          </p>
        )}
        <ProblemNotice error={encrypt.error} />
      </Step>
      <Step number={3} title={t("change.step.publish")} state="later" />
    </Steps>
  );
}
