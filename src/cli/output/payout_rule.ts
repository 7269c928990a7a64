import { formatUnits } from "viem";
import { payoutKind } from "../../payouts/index.ts";
import type { PayoutArgument, PayoutChoice, PayoutSetting } from "../../payouts/rule.ts";
import type { TokenFacts } from "../../chain/token.ts";
import { showAmount } from "../input/amounts.ts";
import { count } from "./output.ts";

/** A payout rule with its settings as they were understood: "capped: cap 5 %, floor 100 DAI, surplus back to the sponsors". */
export function showPayoutRule({ id, args, qualifier }: PayoutChoice, token: TokenFacts): string {
  const { settings, tell } = payoutKind(id);
  const told = tell(args);
  const parts = settings.flatMap((setting, i) => {
    const value = told[i] as PayoutArgument;
    return value === setting.neutral ? [] : [showSetting(setting, value, token)];
  });
  if (qualifier !== undefined) parts.push(`only what ${qualifier} finds good`);
  return parts.length === 0 ? id : `${id}: ${parts.join(", ")}`;
}

function showSetting(
  { name, form }: PayoutSetting,
  value: PayoutArgument,
  token: TokenFacts,
): string {
  if (form === "surplus")
    return value === true ? "surplus to the projects" : "surplus back to the sponsors";
  if (form === "percent") return `${name} ${formatUnits(value as bigint, 2)} %`;
  if (form === "amount") return `${name} ${showAmount(value as bigint, token)}`;
  if (form === "count") return `${name} ${count(value as bigint)}`;
  return (value as readonly bigint[])
    .flatMap((size, i, all) =>
      i % 2 === 0 ? [`${count(size)} × ${showAmount(all[i + 1] as bigint, token)}`] : [],
    )
    .join(", ");
}
