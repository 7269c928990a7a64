import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { isAddressEqual } from "viem";
import {
  askGate,
  giveMoney,
  handContribution,
  pendingStatus,
  type PayStep,
  type Pending,
  type ReadClient,
} from "../../../../src/index.ts";
import { gateDataFor } from "../../chain/gate.ts";
import { payBy } from "../../chain/pay.ts";
import { readClient } from "../../chain/read_client.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { amountText, shortAddress } from "../../format.ts";
import { Button, Spinner } from "../../ui/button.tsx";
import { Notice, Row } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { Here } from "./here.tsx";
import { Way } from "./way.tsx";
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
  const kinds = listKinds(facts);
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

  const [handed, setHanded] = useState(false);
  const gateDataNow = (read: ReadClient) =>
    gateDataFor(read, chain, {
      round: facts.address,
      gate: facts.settings.gate,
      payer: pending.payer,
      credits: BigInt(gift.amount) / facts.settings.unit,
      tag: BigInt(pending.tag),
      given,
    });
  const relaying = useAction(() => aloneAt(facts, relayAlone));
  async function relayAlone() {
    if ((await now()).contributed) return void (await status.refetch());
    const read = readClient(config, facts.chainId);
    const { gate, unit } = facts.settings;
    const gateData = await gateDataNow(read);
    const credits = BigInt(gift.amount) / unit;
    await askGate(read, {
      round: facts.address,
      gate,
      payer: pending.payer,
      credits,
      data: gateData,
      newTag: BigInt(pending.tag),
    });
    const key = { x: BigInt(gift.key.x), y: BigInt(gift.key.y) };
    const relay = new URL(chain.relay as string, location.href).href;
    await handContribution(relay, { round: facts.address, key, credits, gateData });
    setGiven({});
    setHanded(true);
  }
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
      gateData: isLater ? await gateDataNow(client.read) : gift.gateData,
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
        {status.data !== undefined && (
          <Here
            next={
              contributed
                ? t("give.settling")
                : published
                  ? t("here.sentNext")
                  : t("here.sealedNext")
            }
          >
            {contributed ? t("here.paid") : published ? t("here.sent") : t("here.sealed")}
          </Here>
        )}
        {kept === false && (
          <div className="mb-6">
            <Notice title={t("give.unkept.stay")} />
          </div>
        )}
        <Way of="first" at={contributed ? undefined : published ? "pay" : "publish"}>
          {{
            publish: (
              <>
                {!published && (
                  <Crowd inRound={view.progress.items - view.progress.contributions} />
                )}
                {status.data === undefined ? (
                  <Spinner />
                ) : (
                  <PublishStep
                    facts={facts}
                    payer={pending.payer}
                    strict
                    relayOnly={gift.byRelay === true}
                    messages={messages}
                    onPublished={async () => void (await status.refetch())}
                  />
                )}
              </>
            ),
            pay: (
              <>
                <dl>
                  <Row label={t("give.pay")}>{amountText(BigInt(gift.amount), facts.token, 6)}</Row>
                </dl>
                {published && !contributed && <Crowd since={others} />}
                {isLater && published && !contributed && (
                  <>
                    {kinds.some(({ id }) => id === "voucher") && (
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
                    )}
                    {!handed && (
                      <GateFields facts={facts} kinds={kinds} given={given} onGiven={setGiven} />
                    )}
                  </>
                )}
                {gift.byRelay === true ? (
                  handed ? (
                    !contributed && (
                      <>
                        <p role="status" className="flex items-center gap-3 text-soft">
                          <Spinner /> {t("give.relay.handed")}
                        </p>
                        <Button look="quiet" className="-ml-3" onClick={() => setHanded(false)}>
                          {t("give.relay.again")}
                        </Button>
                      </>
                    )
                  ) : (
                    <>
                      <p className="measure text-soft">{t("give.relay.explain")}</p>
                      <Button busy={relaying.busy} onClick={() => void relaying.run()}>
                        {relaying.busy ? t("give.relay.proving") : t("give.relay.do")}
                      </Button>
                    </>
                  )
                ) : isPayer ? (
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
                <ProblemNotice error={pay.error ?? relaying.error} />
                <WalletDialog open={choosing} onOpenChange={setChoosing} />
              </>
            ),
          }}
        </Way>
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
