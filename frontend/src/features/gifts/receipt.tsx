import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "viem";
import type { Payment } from "../../chain/own_gifts.ts";
import type { PlainFacts } from "../../chain/reads.ts";
import { useSiteChain } from "../../config/site.ts";
import { amountText, plainTimeText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";

/** A paper for the tax office: what one account paid to one round, and got back. It is public all the same, and says nothing of projects. */
export function Receipt({
  facts: { chainId, address, token },
  name,
  organiser,
  account,
  state,
  lines,
  net,
}: {
  facts: PlainFacts;
  name: string;
  organiser: string | undefined;
  account: Address;
  state: "open" | "ended" | "void";
  lines: readonly (Payment & { readonly amount: bigint })[];
  net: bigint;
}) {
  const { t } = useTranslation();
  const chain = useSiteChain(chainId);
  const [person, setPerson] = useState("");
  const facts = [
    ...(person.trim() === "" ? [] : [[t("receipt.person"), person.trim()] as const]),
    [t("receipt.account"), account] as const,
    [t("receipt.round"), name] as const,
    ...(organiser === undefined ? [] : [[t("receipt.organiser"), organiser] as const]),
    [t("receipt.contract"), `${address} · ${chain?.name} (${chainId})`] as const,
    [t("receipt.issued"), plainTimeText(Date.now() / 1000)] as const,
    [t("receipt.state"), t(`receipt.${state}`)] as const,
    [t("receipt.token"), `${token.symbol} · ${token.address}`] as const,
  ];
  return (
    <section className="mt-6 border-t border-line pt-5 print:mt-0 print:border-0 print:pt-0">
      <div className="measure mb-6 space-y-4 print:hidden">
        <TextField
          label={t("receipt.person")}
          hint={t("receipt.personHint")}
          autoComplete="off"
          value={person}
          onChange={(event) => setPerson(event.target.value)}
        />
        <Button onClick={() => print()}>{t("receipt.print")}</Button>
      </div>
      <h3 className="text-[1.35rem]">{t("receipt.title")}</h3>
      <dl className="mt-4 space-y-2 text-[0.93rem]">
        {facts.map(([label, value]) => (
          <div
            key={label}
            className="grid gap-x-4 sm:grid-cols-[11rem_1fr] print:grid-cols-[11rem_1fr]"
          >
            <dt className="text-soft">{label}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <ul className="mt-5 space-y-3 text-[0.93rem]">
        {lines.map(({ kind, amount, transaction, time }) => (
          <li key={`${transaction} ${kind}`} className="border-t border-line pt-2.5">
            <div className="flex flex-wrap gap-x-4">
              <span>
                {plainTimeText(time)} · {t(`gifts.kind.${kind}`)}
              </span>
              <span className="figure ml-auto">{amountText(amount, token, token.decimals)}</span>
            </div>
            <p className="font-mono text-[0.8rem] break-all text-soft">{transaction}</p>
          </li>
        ))}
      </ul>
      <p className="mt-3 flex justify-between border-t-2 border-edge pt-2.5 font-medium">
        <span>{t("receipt.net")}</span>
        <span className="figure">{amountText(net, token, token.decimals)}</span>
      </p>
      <p className="measure mt-5 text-[0.87rem] text-soft">{t("receipt.says")}</p>
    </section>
  );
}
