import { useState } from "react";
import { useTranslation } from "react-i18next";
import { describeProject } from "../chain/metadata.ts";
import type { ListedProject, RoundFacts } from "../chain/reads.ts";
import { amountText, countText, parseDecimal } from "../format.ts";
import { Button } from "../ui/button.tsx";
import { AmountField } from "./amount_field.tsx";
import { splitEvenly, typedText, type Plan } from "./plan.ts";
import type { CartLine } from "./cart.ts";

type Edits = {
  readonly lines: readonly CartLine[];
  readonly toggle: (project: number) => void;
  readonly setAmount: (project: number, amount: string) => void;
  readonly setAll: (lines: readonly CartLine[]) => void;
};

/** How much for whom, with the votes that it makes. */
export function Amounts({
  facts: { settings, token },
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
  const [total, setTotal] = useState("");
  const parsed = parseDecimal(total, token.decimals);
  return (
    <div>
      {cart.lines.length > 1 && (
        <form
          className="mb-6 flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (parsed === undefined) return;
            const { lines, given } = splitEvenly(cart.lines, parsed, token.decimals);
            cart.setAll(lines);
            setTotal(typedText(given, token.decimals)); // what does not come out even is not given
          }}
        >
          <div className="w-44 grow sm:grow-0">
            <AmountField
              token={token}
              label={t("amounts.total", { symbol: token.symbol })}
              value={total}
              onChange={(event) => setTotal(event.target.value)}
            />
          </div>
          <Button type="submit" look="outline" disabled={parsed === undefined || parsed === 0n}>
            {t("amounts.split")}
          </Button>
        </form>
      )}
      <ul className="divide-y divide-line border-y border-line">
        {cart.lines.map(({ project, amount }, i) => {
          const line = plan.lines[i];
          const listed = projects[project];
          const name =
            (listed === undefined ? "" : describeProject(listed).name) ||
            t("projects.unnamed", { index: project });
          return (
            <li
              key={project}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 py-4 sm:grid-cols-[minmax(0,1fr)_12rem_auto]"
            >
              <div className="min-w-0 sm:pt-2">
                <p className="font-display text-[1.1rem] leading-snug wrap-anywhere">{name}</p>
                <p className="text-[0.87rem] text-soft">
                  {line !== undefined && line.votes > 0n
                    ? t("amounts.line", {
                        amount: amountText(line.votes ** 2n * settings.unit, token, 6),
                        votes: countText(line.votes),
                        credits: countText(line.votes ** 2n),
                      })
                    : t("amounts.noVotes")}
                </p>
              </div>
              <div className="col-span-2 row-start-2 sm:col-span-1 sm:row-start-auto">
                <AmountField
                  token={token}
                  label={
                    <span className="sr-only">
                      {t("amounts.for", { name, symbol: token.symbol })}
                    </span>
                  }
                  placeholder={`0 ${token.symbol}`}
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
      <details className="mt-4 text-[0.93rem]">
        <summary className="min-h-11 cursor-pointer py-2 text-accent underline underline-offset-4">
          {t("amounts.why")}
        </summary>
        <p className="measure text-soft">
          {t("amounts.whyText", { unit: amountText(settings.unit, token, 6) })}{" "}
          {plan.credits < plan.needed && t("amounts.whyKept")}{" "}
          {plan.unspent > 0n && t("amounts.whyLeft", { left: countText(plan.unspent) })}
        </p>
      </details>
    </div>
  );
}
