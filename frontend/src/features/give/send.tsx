import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { isAddressEqual } from "viem";
import { giveMoney, pendingStatus, type PayStep, type Pending } from "../../../../src/index.ts";
import { gateDataFor } from "../../chain/gate.ts";
import { payBy } from "../../chain/pay.ts";
import { readClient } from "../../chain/read_client.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { amountText, shortAddress } from "../../format.ts";
import { Button, Spinner } from "../../ui/button.tsx";
import { Notice, Row } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { Step, Steps } from "../../ui/steps.tsx";
import { useAction } from "../../ui/use_action.ts";
import { WalletDialog } from "../../wallet/account_button.tsx";
import type { RoundView } from "../../chain/round_view.ts";
import { Abandon } from "../../donor/abandon.tsx";
import { Crowd } from "../../donor/crowd.tsx";
import { asksLater, GateFields, listKinds, type Given } from "../../donor/gate_fields.tsx";
import { Honest } from "../../donor/honest.tsx";
import { aloneAt } from "../../donor/neighbours.ts";
import { wipePending } from "../../donor/pending_store.ts";
import { PublishStep } from "../../donor/publish_step.tsx";
import { useStay } from "../../donor/use_stay.ts";

const POLL_MS = 2_000;

/** The second half: the sealed ballot goes out, then the money, then everything here is forgotten. */
export function Send({
  view,
  pending,
  onDone,
  onAbandoned,
}: {
  view: RoundView;
  pending: Pending;
  onDone: () => void;
  onAbandoned: () => void;
}) {
  const { t } = useTranslation();
  const { facts, stage } = view;
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const { address } = useAccount();
  const [step, setStep] = useState<PayStep>();
  const [choosing, setChoosing] = useState(false);
  const [given, setGiven] = useState<Given>({});
  const isLater = asksLater(facts);
  const gift = pending.gift as NonNullable<Pending["gift"]>;
  const now = () => pendingStatus(readClient(config, facts.chainId), chain.finality, pending);
  const status = useQuery({
    queryKey: ["on its way", facts.chainId, facts.address],
    refetchInterval: POLL_MS,
    gcTime: 0,
    queryFn: now,
  });
  const { unsent, contributed = false, final = false, others } = status.data ?? {};
  const published = unsent?.length === 0;
  const wiping = useAction(() => wipePending(pending).then(onDone));
  useEffect(() => {
    if (final) void wiping.run();
  }, [final]);
  const kept = useStay();

  const pay = useAction(() => aloneAt(facts, payAlone));
  async function payAlone() {
    // An earlier press, here or in another tab, may have come through although the page could not see it.
    if ((await now()).contributed) return void (await status.refetch());
    const client = await writeClient(config, facts.chainId, pending.payer);
    const { unit, gate } = facts.settings;
    const place = {
      round: facts.address,
      token: facts.token.address,
      gate,
      unit,
      by: payBy(chain, facts.token.address),
      onStep: setStep,
    };
    const amount = BigInt(gift.amount);
    await giveMoney(client, place, {
      key: { x: BigInt(gift.key.x), y: BigInt(gift.key.y) },
      amount,
      gateData: isLater
        ? await gateDataFor(client.read, chain, {
            round: facts.address,
            gate,
            payer: pending.payer,
            credits: amount / unit,
            tag: BigInt(pending.tag),
            given,
          })
        : gift.gateData,
    });
    await status.refetch();
  }
  const abandoning = useAction(() => wipePending(pending).then(onAbandoned));
  const messages = async () => (await now()).unsent;
  const isPayer = address !== undefined && isAddressEqual(address, pending.payer);

  if (stage !== "open" && status.data !== undefined && !contributed) {
    return (
      <div className="measure space-y-4">
        <Notice tone="bad" live title={t("give.closed")}>
          <p>{t("give.closedHelp")}</p>
          <p className="mt-1.5">{t("give.abandonSure")}</p>
        </Notice>
        <Button look="outline" busy={abandoning.busy} onClick={() => void abandoning.run()}>
          {t("give.forget")}
        </Button>
        <ProblemNotice error={abandoning.error} />
      </div>
    );
  }
  return (
    <div className="grid gap-10 lg:grid-cols-[1fr_20rem]">
      <div>
        {kept === false && (
          <div className="mb-6">
            <Notice title={t("give.unkept.stay")} />
          </div>
        )}
        <Steps>
          <Step number={1} title={t("give.step.amounts")} state="done" />
          <Step number={2} title={t("give.step.key")} state="done" />
          <Step number={3} title={t("give.step.publish")} state={published ? "done" : "current"}>
            {!published && <Crowd inRound={view.progress.items - view.progress.contributions} />}
            {status.data === undefined ? (
              <Spinner />
            ) : (
              <PublishStep
                facts={facts}
                payer={pending.payer}
                strict
                messages={messages}
                onPublished={async () => void (await status.refetch())}
              />
            )}
          </Step>
          <Step
            number={4}
            title={t("give.step.pay")}
            state={contributed ? "done" : published ? "current" : "later"}
          >
            <dl>
              <Row label={t("give.pay")}>{amountText(BigInt(gift.amount), facts.token, 6)}</Row>
            </dl>
            {published && !contributed && <Crowd since={others} />}
            {isLater && published && !contributed && (
              <>
                <p className="measure">
                  {t("give.tag")}{" "}
                  <span className="break-all font-medium">
                    {t("give.tagFacts", {
                      tag: pending.tag,
                      round: facts.address,
                      chain: facts.chainId,
                    })}
                  </span>
                </p>
                <GateFields kinds={listKinds(facts)} given={given} onGiven={setGiven} />
              </>
            )}
            {isPayer ? (
              <Button busy={pay.busy} onClick={() => void pay.run()}>
                {pay.busy
                  ? t(`pay.${step ?? "paying"}`)
                  : t("pay.do", { account: shortAddress(pending.payer) })}
              </Button>
            ) : (
              <Notice title={t("pay.switch", { account: shortAddress(pending.payer) })}>
                <Button className="mt-1" onClick={() => setChoosing(true)}>
                  {t("pay.choose")}
                </Button>
              </Notice>
            )}
            <ProblemNotice error={pay.error} />
            <WalletDialog open={choosing} onOpenChange={setChoosing} />
          </Step>
        </Steps>
        {contributed && !final && (
          <div role="status" className="mt-8 flex items-center gap-3 text-soft">
            <Spinner /> {t("give.settling")}
          </div>
        )}
        <div className="mt-6 empty:hidden">
          <ProblemNotice error={status.error ?? wiping.error} />
        </div>
        {!contributed && (
          <Abandon pending={pending} sure={t("give.abandonSure")} onAbandoned={onAbandoned} />
        )}
      </div>
      <Honest />
    </div>
  );
}
