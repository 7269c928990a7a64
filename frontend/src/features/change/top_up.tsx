import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import type { Address } from "viem";
import { addMoney, type OwnContribution, type PayStep } from "../../../../src/index.ts";
import { gateDataFor } from "../../chain/gate.ts";
import { payBy } from "../../chain/pay.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { amountText, parseDecimal } from "../../format.ts";
import { GateFields, listKinds, type Given } from "../../donor/gate_fields.tsx";
import { Button } from "../../ui/button.tsx";
import { AmountField } from "../../donor/amount_field.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

/** More credits for the same contribution; who votes for what does not come into it. */
export function TopUp({
  facts,
  donor,
  contribution,
  onDone,
}: {
  facts: RoundFacts;
  donor: Address;
  contribution: OwnContribution;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const { settings, token } = facts;
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const [text, setText] = useState("");
  const [step, setStep] = useState<PayStep>();
  const [done, setDone] = useState(false);
  const [given, setGiven] = useState<Given>({});
  const amount = parseDecimal(text, token.decimals);
  const credits = (amount ?? 0n) / settings.unit;
  const problem =
    amount === undefined
      ? t("amounts.problem.amount")
      : amount % settings.unit !== 0n
        ? t("topUp.unit", { unit: amountText(settings.unit, token, 6) })
        : credits < settings.minTopUp
          ? t("topUp.least", { least: amountText(settings.minTopUp * settings.unit, token, 6) })
          : undefined;
  const { run, busy, error } = useAction(async () => {
    setDone(false);
    const client = await writeClient(config, facts.chainId, donor);
    const gateData = await gateDataFor(client.read, chain, {
      round: facts.address,
      gate: settings.gate,
      payer: donor,
      credits: contribution.credits + credits,
      tag: contribution.tag,
      given,
    });
    const place = {
      round: facts.address,
      token: token.address,
      gate: settings.gate,
      unit: settings.unit,
      by: payBy(chain, token.address),
      onStep: setStep,
    };
    await addMoney(client, place, { contribution, amount: amount as bigint, gateData });
    setText("");
    setDone(true);
    onDone();
  });
  return (
    <form
      className="measure space-y-4"
      onSubmit={(event) => (event.preventDefault(), problem === undefined && void run())}
    >
      <p className="text-soft">
        {t("topUp.explain", { amount: amountText(contribution.credits * settings.unit, token, 6) })}
      </p>
      <AmountField
        token={token}
        label={t("topUp.amount", { symbol: token.symbol })}
        value={text}
        onChange={(event) => (setDone(false), setText(event.target.value))}
        error={text === "" ? undefined : problem}
      />
      <GateFields kinds={listKinds(facts)} given={given} onGiven={setGiven} />
      <Button type="submit" disabled={problem !== undefined} busy={busy}>
        {busy ? t(`pay.${step ?? "paying"}`) : t("topUp.do")}
      </Button>
      {done && (
        <Notice tone="good" live title={t("topUp.done")}>
          {t("topUp.doneText")}
        </Notice>
      )}
      <ProblemNotice error={error} />
    </form>
  );
}
