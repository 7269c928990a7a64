import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import type { Address } from "viem";
import { payIn, type PayStep } from "../../../../src/index.ts";
import { payBy } from "../../chain/pay.ts";
import type { RoundFacts } from "../../chain/reads.ts";
import { writeClient } from "../../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../../config/site.ts";
import { parseDecimal } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { AmountField } from "../../donor/amount_field.tsx";
import { Notice } from "../../ui/layout.tsx";
import { ProblemNotice } from "../../ui/problem_notice.tsx";
import { useAction } from "../../ui/use_action.ts";

/** Anyone may add to the pool; a surplus, or all of it without a result, goes back to whoever added it. */
export function FundPool({ facts, account }: { facts: RoundFacts; account: Address | undefined }) {
  const { t } = useTranslation();
  const { poolToken: token } = facts;
  const config = useConfig();
  const queries = useQueryClient();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const [text, setText] = useState("");
  const [step, setStep] = useState<PayStep>();
  const [done, setDone] = useState(false);
  const amount = parseDecimal(text, token.decimals);
  const { run, busy, error } = useAction(async () => {
    const client = await writeClient(config, facts.chainId, account as Address);
    await payIn(client, {
      round: facts.address,
      token: token.address,
      by: payBy(chain, token.address),
      amount: amount as bigint,
      call: { functionName: "fund", args: [amount as bigint] },
      onStep: setStep,
    });
    setText("");
    setDone(true);
    await queries.invalidateQueries({ queryKey: ["progress", facts.chainId, facts.address] });
  });
  return (
    <form
      className="max-w-md space-y-4"
      onSubmit={(event) => (
        event.preventDefault(), amount !== undefined && amount > 0n && void run()
      )}
    >
      <p className="text-soft">{t("fund.explain")}</p>
      <AmountField
        token={token}
        label={t("fund.amount", { symbol: token.symbol })}
        value={text}
        onChange={(event) => (setDone(false), setText(event.target.value))}
      />
      <Button
        type="submit"
        disabled={account === undefined || amount === undefined || amount === 0n}
        busy={busy}
      >
        {busy ? t(`pay.${step ?? "paying"}`) : t("fund.do")}
      </Button>
      {done && <Notice tone="good" live title={t("fund.done")} />}
      <ProblemNotice error={error} />
    </form>
  );
}
