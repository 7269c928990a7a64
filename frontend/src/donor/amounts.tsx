import { useState } from "react";
import { useTranslation } from "react-i18next";
import { describeProject } from "../chain/metadata.ts";
import { useMoney } from "../chain/price.ts";
import type { ListedProject, RoundFacts } from "../chain/reads.ts";
import { amountText, countText, parseDecimal, symbolText } from "../format.ts";
import { Choice } from "../ui/bits.tsx";
import { Button } from "../ui/button.tsx";
import { AmountField } from "./amount_field.tsx";
import { Unused } from "./unused.tsx";
import { splitEvenly, typedText, type Plan } from "./plan.ts";
import type { CartLine } from "./cart.ts";

type Edits = {
  readonly lines: readonly CartLine[];
  readonly toggle: (project: number) => void;
  readonly setAmount: (project: number, amount: string) => void;
  readonly setAgainst: (project: number, isAgainst: boolean) => void;
  readonly setAll: (lines: readonly CartLine[]) => void;
};

/** How much for whom, in the token; how many votes that makes is told to whoever asks. */
export function Amounts({
  facts,
  projects,
  cart,
  plan,
}: {
  facts: RoundFacts;
  projects: readonly ListedProject[];
  cart: Edits;
  plan: Plan;
}) {
  const { t } = useTranslation();
  const { chainId, settings, token } = facts;
  const [total, setTotal] = useState("");
  const [split, setSplit] = useState<{ readonly share: bigint; readonly given: bigint }>();
  const parsed = parseDecimal(total, token.decimals);
  const money = useMoney(chainId, token);
  const nameOf = (project: number) => {
    const listed = projects[project];
    const name = listed === undefined ? "" : describeProject(listed).name;
    return name || t("projects.unnamed", { index: project });
  };
  const voteText = (project: number, votes: bigint) => {
    const many = votes < 0n ? -votes : votes;
    const told = {
      name: nameOf(project),
      count: Number(many),
      votes: countText(many),
      credits: countText(many ** 2n),
    };
    return votes < 0n ? t("amounts.votesAgainst", told) : t("amounts.votes", told);
  };
  const worth = (amount: bigint) => {
    const text = money(amount);
    return text === undefined ? "" : ` (≈ ${text})`;
  };
  return (
    <div>
      {cart.lines.length > 1 && (
        <form
          className="mb-2 flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (parsed === undefined) return;
            const { lines, ...made } = splitEvenly(cart.lines, parsed, {
              unit: settings.unit,
              decimals: token.decimals,
            });
            setSplit(made);
            if (made.share === 0n) return;
            cart.setAll(lines);
            setTotal(typedText(made.given, token.decimals)); // what does not come out even is not given
          }}
        >
          <div className="w-44 grow sm:grow-0">
            <AmountField
              token={token}
              label={t("amounts.total", { symbol: symbolText(token) })}
              value={total}
              onChange={(event) => (setTotal(event.target.value), setSplit(undefined))}
            />
          </div>
          <Button type="submit" look="outline" disabled={parsed === undefined || parsed === 0n}>
            {t("amounts.split")}
          </Button>
        </form>
      )}
      <p role="status" className="mb-5 text-[0.87rem] text-soft empty:hidden">
        {split !== undefined &&
          (split.share === 0n
            ? t("amounts.tooLittle", {
                least: amountText(settings.unit * BigInt(cart.lines.length), token, 6),
              })
            : t("amounts.even", {
                count: countText(cart.lines.length),
                share: amountText(split.share, token, 6),
                given: amountText(split.given, token, 6),
              }))}
      </p>
      <ul className="divide-y divide-line border-y border-line">
        {cart.lines.map(({ project, amount, isAgainst = false }, i) => {
          const line = plan.lines[i];
          const name = nameOf(project);
          const counts = (line?.votes ?? 0n) ** 2n * settings.unit;
          return (
            <li
              key={project}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 py-4 sm:grid-cols-[minmax(0,1fr)_12rem_auto]"
            >
              <div className="min-w-0 sm:pt-2">
                <p className="font-display text-[1.1rem] leading-snug wrap-anywhere">{name}</p>
                <p className="text-[0.87rem] text-soft">
                  {counts > 0n
                    ? (isAgainst
                        ? t("amounts.lineAgainst", { amount: amountText(counts, token, 6) })
                        : t("amounts.line", { amount: amountText(counts, token, 6) })) +
                      worth(counts) +
                      (line?.amount === counts ? "" : ` · ${t("amounts.rounded")}`)
                    : (amount === "" || line?.problem === undefined) && t("amounts.noVotes")}
                </p>
              </div>
              <div className="col-span-2 row-start-2 sm:col-span-1 sm:row-start-auto">
                {settings.allowSigns && (
                  <div className="mb-2">
                    <Choice
                      label={t("amounts.side", { name })}
                      value={isAgainst ? "against" : "for"}
                      onChange={(side) => cart.setAgainst(project, side === "against")}
                      options={[
                        { value: "for", text: t("amounts.pro") },
                        { value: "against", text: t("amounts.contra") },
                      ]}
                    />
                  </div>
                )}
                <AmountField
                  token={token}
                  label={
                    <span className="sr-only">
                      {t("amounts.for", { name, symbol: symbolText(token) })}
                    </span>
                  }
                  placeholder={`0 ${symbolText(token)}`}
                  value={amount}
                  onChange={(event) => cart.setAmount(project, event.target.value)}
                  error={
                    amount !== "" && line?.problem !== undefined
                      ? t(`amounts.problem.${line.problem}`, {
                          unit: amountText(settings.unit, token, 6),
                        })
                      : undefined
                  }
                />
              </div>
              <button
                type="button"
                onClick={() => cart.toggle(project)}
                aria-label={t("amounts.remove", { name })}
                className="grid size-11 place-items-center rounded-full text-xl text-soft hover:bg-wash hover:text-ink"
              >
                ×
              </button>
            </li>
          );
        })}
      </ul>
      <Unused facts={facts} credits={plan.unspent} />
      <details className="mt-4 text-[0.93rem]">
        <summary className="min-h-11 cursor-pointer py-2 text-accent underline underline-offset-4">
          {t("amounts.why")}
        </summary>
        <p className="measure mb-2 text-soft">{t("faq.credits.text")}</p>
        <p className="measure text-soft">
          {t("amounts.whyText", { unit: amountText(settings.unit, token, 6) })}{" "}
          {plan.credits < plan.needed && t("amounts.whyKept")}
        </p>
        <ul className="mt-2 space-y-1 text-soft">
          {plan.lines.map(({ project, votes }) => (
            <li key={project} className="wrap-anywhere">
              {voteText(project, votes)}
            </li>
          ))}
          <li>
            {t("amounts.credits", {
              count: Number(plan.credits),
              credits: countText(plan.credits),
            })}
          </li>
        </ul>
      </details>
    </div>
  );
}
