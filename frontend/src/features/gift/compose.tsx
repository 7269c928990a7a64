import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { zeroAddress, type Address } from "viem";
import {
  askGate,
  ContractRefusedError,
  finalItems,
  payableBalance,
  createPending,
  relayAccount,
  type Pending,
  type Point,
} from "../../../../src/index.ts";
import { gateDataFor } from "../../chain/gate.ts";
import { isNative, payBy } from "../../chain/pay.ts";
import { useMoney } from "../../chain/price.ts";
import { readClient } from "../../chain/read_client.ts";
import { listForeign } from "../../chain/unproven.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { amountText, countText, durationText, heldText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { Notice, Row } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";
import { WalletDialog } from "../../wallet/account_button.tsx";
import { isKept } from "../../storage/vault.ts";
import { useKeyKeeper } from "../../workers/use_key_keeper.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { Amounts } from "../../donor/amounts.tsx";
import { emptyCart, useCart } from "../../donor/cart.ts";
import {
  asksLater,
  GateFields,
  isAnonymous,
  lacksList,
  listKinds,
  type Given,
} from "../../donor/gate_fields.tsx";
import { Honest } from "../../donor/honest.tsx";
import { Passphrase } from "../../donor/passphrase.tsx";
import { aloneAt } from "../../donor/neighbours.ts";
import { findPending, keepPending } from "../../donor/pending_store.ts";
import { useAskFirst } from "../../donor/use_stay.ts";
import { Refused } from "./refused.tsx";
import { Way } from "./way.tsx";
import { planCart } from "../../donor/plan.ts";

/** The first half: how much for whom, may I, which key; at its end the ballot is sealed and the plan forgotten. */
export function Compose({
  view,
  onEncrypted,
  onElsewhere,
}: {
  view: RoundView;
  onEncrypted: (pending: Pending) => void;
  /** Another tab has sealed a ballot of this round meanwhile. */
  onElsewhere: () => void;
}) {
  const { t } = useTranslation();
  const { facts, projects } = view;
  const { settings, token } = facts;
  const { gate } = facts.parts;
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const { address } = useAccount();
  const cart = useCart(facts);
  const money = useMoney(facts.chainId, token);
  // Where everybody has the same credits, they are had in full, and what no vote takes stays unused.
  const exact = gate.kind === "clauses" ? gate.exactCredits : 0n;
  const plan = planCart(cart.lines, {
    unit: settings.unit,
    decimals: token.decimals,
    least: settings.minContribution,
    ...(exact === 0n ? {} : { credits: exact }),
  });
  const isExceeded = exact !== 0n && plan.needed > exact;
  const [key, setKey] = useState<Point>();
  const [choosing, setChoosing] = useState(false);
  const [given, setGiven] = useState<Given>({});
  const [amountsDone, setAmountsDone] = useState(false);
  const keeper = useKeyKeeper();
  const kept = useQuery({ queryKey: ["kept"], queryFn: isKept, gcTime: 0 }).data;
  useAskFirst(cart.lines.some(({ amount }) => amount !== ""));
  // In a round without money a relay can be the payer, so that no account of the donor's appears.
  const canRelay =
    settings.token === zeroAddress && chain.relay !== undefined && isAnonymous(facts);
  const relayed = useQuery({
    queryKey: ["relay's account", facts.chainId, facts.address],
    enabled: canRelay,
    gcTime: 0,
    queryFn: () =>
      relayAccount(new URL(chain.relay as string, location.href).href, facts.address).catch(
        () => null,
      ),
  });
  const byRelay = canRelay && relayed.data !== null;
  const payer = byRelay ? (relayed.data ?? undefined) : address;
  const check = useQuery({
    queryKey: ["may I", facts.chainId, facts.address, payer, String(plan.credits), given],
    enabled: address !== undefined && payer !== undefined && plan.ready && plan.credits > 0n,
    retry: false,
    gcTime: 0,
    queryFn: async () => {
      const read = readClient(config, facts.chainId);
      const account = payer as Address;
      const balance = await payableBalance(read, {
        token: token.address,
        account,
        by: payBy(chain, token.address),
      });
      const data = await gateDataFor(read, chain, {
        round: facts.address,
        gate: settings.gate,
        payer: account,
        credits: plan.credits,
        given,
      });
      try {
        await askGate(read, {
          round: facts.address,
          gate: settings.gate,
          payer: account,
          credits: plan.credits,
          data,
        });
      } catch (error) {
        // What names the tag cannot be had yet: it is asked for before the money goes.
        if (!(error instanceof ContractRefusedError && asksLater(facts))) throw error;
        return { balance, gateData: data, isLater: true };
      }
      return { balance, gateData: data, isLater: false };
    },
  });
  const worth = plan.pay === 0n ? undefined : money(plan.pay);
  const enough = plan.credits >= settings.minContribution;
  const balance = check.data?.balance;
  const covered = check.data !== undefined && (balance === undefined || balance.held >= plan.pay);
  const poor =
    balance !== undefined &&
    !covered &&
    heldText(balance.held, balance.coin ? chain.currency : token);

  const encrypt = useAction(() => aloneAt(facts, encryptAlone));
  async function encryptAlone() {
    if ((await findPending(facts)) !== undefined) {
      emptyCart(facts);
      return onElsewhere();
    }
    const read = readClient(config, facts.chainId);
    const sinceBlock = await read.getBlockNumber();
    const itemsSeen = await finalItems(read, { round: facts.address, finality: chain.finality });
    const round = { chainId: facts.chainId, address: facts.address };
    const coordinatorKey = { x: settings.coordinatorKeyX, y: settings.coordinatorKeyY };
    const {
      key: first,
      tag,
      messages,
    } = await keeper.get().ask({
      ask: "first",
      payer: payer as Address,
      itemsSeen,
      ballot: plan.ballot,
      round,
      coordinatorKey,
    });
    keeper.end();
    const gift = {
      key: { x: String(first.x), y: String(first.y) },
      amount: String(plan.pay),
      gateData: check.data?.gateData ?? "0x",
      byRelay,
    } as const;
    const pending = createPending(
      { messages },
      { round, payer: payer as Address, tag, sinceBlock, gift },
    );
    await keepPending(pending);
    emptyCart(facts);
    onEncrypted(pending);
  }

  const ready = plan.ready && enough && covered && plan.ballot.length > 0;
  return (
    <div className="grid gap-10 lg:grid-cols-[1fr_20rem]">
      <Way of="first" at={amountsDone && ready ? "key" : "amounts"}>
        {{
          amounts: (
            <>
              <Amounts facts={facts} projects={projects} cart={cart} plan={plan} />
              <dl className="space-y-1.5">
                <Row label={t("give.pay")}>
                  {amountText(plan.pay, token, 6)}
                  {worth !== undefined && <span className="text-soft"> ≈ {worth}</span>}
                </Row>
              </dl>
              <p className="measure text-[0.9rem] text-soft">{t("give.planStays")}</p>
              {settings.disputeWindow !== 0 && (
                <p className="measure text-[0.9rem] text-soft">
                  {t("guardian.rule", { time: durationText(settings.disputeWindow) })}
                </p>
              )}
              {exact !== 0n && (isExceeded || plan.ballot.length === 0) && (
                <Notice
                  title={t("give.exact", {
                    credits: countText(exact),
                    amount: amountText(exact * settings.unit, token, 6),
                  })}
                />
              )}
              {listForeign(facts).map((name) => (
                <p key={name} className="measure text-[0.9rem] font-medium">
                  {t(`verify.not.${name}`)}
                </p>
              ))}
              {isNative(chain, token.address) && (
                <p className="measure text-[0.9rem] text-soft">
                  {t("give.native", { coin: chain.currency.symbol, token: token.symbol })}
                </p>
              )}
              {plan.credits > 0n && !enough && (
                <Notice
                  tone="bad"
                  live
                  title={t("give.tooLittle", {
                    least: amountText(settings.minContribution * settings.unit, token, 6),
                  })}
                />
              )}
              {address === undefined ? (
                <Button onClick={() => setChoosing(true)}>{t("wallet.connect")}</Button>
              ) : (
                <>
                  <GateFields
                    facts={facts}
                    kinds={listKinds(facts).filter(({ bindsTag }) => !bindsTag)}
                    given={given}
                    onGiven={setGiven}
                  />
                  {check.error instanceof ContractRefusedError && (
                    <Refused error={check.error} isKnown={!lacksList(facts, chain, given)} />
                  )}
                  {check.error !== null && !(check.error instanceof ContractRefusedError) && (
                    <ProblemNotice error={check.error} onRetry={() => void check.refetch()} />
                  )}
                  {covered && (
                    <p role="status" className="text-[0.93rem] text-soft">
                      {check.data?.isLater === true
                        ? isAnonymous(facts)
                          ? t("give.laterMember")
                          : t("give.later")
                        : `✓ ${t("give.eligible")}`}
                    </p>
                  )}
                  {poor !== false && (
                    <Notice tone="bad" live title={t("give.poor", { held: poor })}>
                      {t("give.poorHelp")}
                    </Notice>
                  )}
                  <Button disabled={!ready} onClick={() => setAmountsDone(true)}>
                    {t("common.continue")}
                  </Button>
                </>
              )}
              <WalletDialog open={choosing} onOpenChange={setChoosing} />
            </>
          ),
          key: address !== undefined && (
            <>
              <p className="measure text-soft">{t("passphrase.explain")}</p>
              <Passphrase
                facts={facts}
                account={address}
                keeper={keeper.get}
                slot="current"
                first
                label={t("passphrase.label")}
                made={key}
                onKey={setKey}
              />
              {key !== undefined && (
                <>
                  {kept === false && (
                    <Notice tone="bad" live title={t("give.unkept.title")}>
                      {t("give.unkept.help")}
                    </Notice>
                  )}
                  <Button busy={encrypt.busy} onClick={() => void encrypt.run()}>
                    {encrypt.busy ? t("give.sealing") : t("give.seal")}
                  </Button>
                  <p className="text-[0.9rem] text-soft">{t("give.sealHelp")}</p>
                  <ProblemNotice error={encrypt.error} />
                </>
              )}
              <Button look="quiet" className="-ml-3" onClick={() => setAmountsDone(false)}>
                {t("give.editAmounts")}
              </Button>
            </>
          ),
        }}
      </Way>
      <Honest />
    </div>
  );
}
