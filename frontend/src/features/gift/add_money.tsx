import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import type { Address } from "viem";
import {
  addMoney,
  askGate,
  ContractRefusedError,
  payableBalance,
  type OwnContribution,
  type PayStep,
} from "../../../../src/index.ts";
import { gateDataFor } from "../../chain/gate.ts";
import { readOwnContributions } from "../../chain/own_gifts.ts";
import { payBy } from "../../chain/pay.ts";
import { useMoney } from "../../chain/price.ts";
import { readClient } from "../../chain/read_client.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { amountText, heldText, shortAddress } from "../../format.ts";
import { GateFields, lacksList, listKinds, type Given } from "../../donor/gate_fields.tsx";
import { aloneAt } from "../../donor/neighbours.ts";
import { Button } from "../../ui/button.tsx";
import { Notice, Row } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { Refused } from "./refused.tsx";

/** The credits that a plan takes beyond those that were given: asked for at the gate first, then paid. What they are for does not come into it. */
export function AddMoney({
  facts,
  donor,
  contribution,
  add,
  onAdded,
  onLess,
}: {
  facts: RoundFacts;
  donor: Address;
  contribution: OwnContribution;
  /** Credits. */
  add: bigint;
  /** The contribution on the chain is another than the one here. */
  onAdded: () => Promise<void>;
  /** Back to the amounts. */
  onLess: () => void;
}) {
  const { t } = useTranslation();
  const { settings, token } = facts;
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const money = useMoney(facts.chainId, token);
  const [step, setStep] = useState<PayStep>();
  const [given, setGiven] = useState<Given>({});
  const amount = add * settings.unit;
  const worth = money(amount);
  const by = payBy(chain, token.address);
  const { tag } = contribution;
  const question = {
    round: facts.address,
    gate: settings.gate,
    payer: donor,
    credits: contribution.credits + add,
    tag,
  };
  const check = useQuery({
    queryKey: [
      "may add",
      facts.chainId,
      facts.address,
      String(tag),
      String(question.credits),
      given,
    ],
    retry: false,
    gcTime: 0,
    queryFn: async () => {
      const read = readClient(config, facts.chainId);
      const balance = await payableBalance(read, { token: token.address, account: donor, by });
      const data = await gateDataFor(read, chain, { ...question, given });
      await askGate(read, { ...question, data });
      return { balance, data };
    },
  });
  const balance = check.data?.balance;
  const isPoor = balance !== undefined && balance.held < amount;
  const pay = useAction(() => aloneAt(facts, payAlone));
  async function payAlone() {
    const client = await writeClient(config, facts.chainId, donor);
    // An earlier press, here or in another tab, may have come through although the page could not see it.
    const own = await readOwnContributions(client.read, donor, {
      address: facts.address,
      from: facts.block,
    });
    if (own.some((one) => one.tag === tag && one.credits === contribution.credits))
      await addMoney(
        client,
        {
          round: facts.address,
          token: token.address,
          gate: settings.gate,
          unit: settings.unit,
          by,
          onStep: setStep,
        },
        { contribution, amount, gateData: check.data?.data ?? "0x" },
      );
    await onAdded();
  }
  return (
    <>
      <dl className="space-y-1.5">
        <Row label={t("topUp.given")}>
          {amountText(contribution.credits * settings.unit, token, 6)}
        </Row>
        <Row label={t("topUp.add")}>
          {amountText(amount, token, 6)}
          {worth !== undefined && <span className="text-soft"> ≈ {worth}</span>}
        </Row>
      </dl>
      <p className="measure text-soft">{t("topUp.explain")}</p>
      <GateFields facts={facts} kinds={listKinds(facts)} given={given} onGiven={setGiven} />
      {check.error instanceof ContractRefusedError && (
        <Refused error={check.error} isKnown={!lacksList(facts, chain, given)} />
      )}
      {check.error !== null && !(check.error instanceof ContractRefusedError) && (
        <ProblemNotice error={check.error} onRetry={() => void check.refetch()} />
      )}
      {isPoor && (
        <Notice
          tone="bad"
          live
          title={t("give.poor", {
            held: heldText(balance.held, balance.coin ? chain.currency : token),
          })}
        >
          {t("give.poorHelp")}
        </Notice>
      )}
      <Button
        disabled={check.data === undefined || isPoor}
        busy={pay.busy}
        onClick={() => void pay.run()}
      >
        {pay.busy
          ? t(`pay.${step ?? "paying"}`)
          : t("topUp.do", {
              amount: amountText(amount, token, 6),
              account: shortAddress(donor),
            })}
      </Button>
      <ProblemNotice error={pay.error} />
      <Button look="quiet" className="-ml-3" disabled={pay.busy} onClick={onLess}>
        {t("give.editAmounts")}
      </Button>
    </>
  );
}
