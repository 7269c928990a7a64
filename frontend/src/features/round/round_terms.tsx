import { useTranslation } from "react-i18next";
import { zeroAddress } from "viem";
import { findChecker, type Parts } from "../../../../src/index.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { amountText, countText, durationText, timeText, zoneName } from "../../format.ts";
import { addWords } from "../../i18n/index.ts";
import { describeSettings } from "../../rules.ts";

await addWords("rules");
await addWords("terms");

type Condition = Extract<Parts["gate"], { kind: "clauses" }>["clauses"][number][number];

/** Kinds of checkers with words of their own. */
const TOLD = [
  "merkle",
  "not-listed",
  "plain-account",
  "voucher",
  "erc721",
  "votes",
  "sortition",
  "semaphore",
  "eas",
  "erc20-at-block",
] as const;

/** What a round's settings mean for who takes part: of what is established of its contracts, so that nothing of it is the organiser's word. */
export default function RoundTerms({ facts, progress, stage }: RoundView) {
  const { t, i18n } = useTranslation();
  const { settings, token, poolToken, parts } = facts;
  const { gate, payoutRule } = parts;
  const isFree = settings.token === zeroAddress;
  const amount = (credits: bigint) => amountText(credits * settings.unit, token, 6);
  const exact = gate.kind === "clauses" ? gate.exactCredits : 0n;
  const condition = ({ id, settings: values }: Condition): string => {
    const place = findChecker(id)?.settings.indexOf("creditsEach") ?? -1;
    const most = exact === 0n ? values[place] : undefined;
    const told = TOLD.find((one) => one === id);
    const words = told === undefined ? t("terms.way.other") : t(`terms.way.${told}`);
    return typeof most === "bigint"
      ? `${words} (${t("terms.most", { amount: amount(most) })})`
      : words;
  };
  const conjunction = new Intl.ListFormat(i18n.language, { type: "unit", style: "long" });
  const ways =
    gate.kind === "clauses"
      ? gate.clauses.map((all) => conjunction.format(all.map(condition)))
      : [];
  const who =
    gate.kind === "open"
      ? t("terms.who.open")
      : gate.kind === "foreign"
        ? t("terms.who.foreign")
        : ways.length === 1
          ? t("terms.who.one", { way: ways[0] })
          : t("terms.who.several");
  const price = isFree
    ? exact === 0n
      ? t("terms.free")
      : t("terms.credits", { credits: countText(exact) })
    : exact === 0n
      ? t("terms.price", {
          unit: amountText(settings.unit, token, token.decimals),
          least: amount(settings.minContribution),
        })
      : t("terms.exact", { amount: amount(exact), credits: countText(exact) });
  const rule =
    settings.poolToken === zeroAddress
      ? []
      : payoutRule.kind === "known"
        ? [
            t(`rules.${payoutRule.id}.help`),
            ...describeSettings(t, payoutRule, poolToken).map((one) => `${one}.`),
          ]
        : [t("terms.foreignRule")];
  const sentences = [
    price,
    settings.allowSigns && t("terms.against"),
    t("terms.open", {
      start: timeText(settings.start),
      end: timeText(settings.end),
      zone: zoneName(settings.start, settings.end),
    }),
    (stage === "upcoming" || stage === "open" || stage === "counting") &&
      t("terms.result", { deadline: timeText(progress.deadline) }),
    settings.poolToken !== zeroAddress &&
      t("terms.pool", { pool: amountText(progress.pool, poolToken, 6) }),
    settings.poolToken === zeroAddress && !isFree && t("terms.noPool"),
    ...rule,
    settings.disputeWindow !== 0 &&
      t("guardian.rule", { time: durationText(settings.disputeWindow) }),
  ].filter((one) => one !== false);
  return (
    <ul className="measure list-disc space-y-1.5 pl-5 text-[0.95rem] wrap-anywhere">
      <li>
        {who}
        {ways.length > 1 && (
          <ul className="mt-1 list-disc space-y-1 pl-5">
            {ways.map((way) => (
              <li key={way}>{way}</li>
            ))}
          </ul>
        )}
      </li>
      {sentences.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}
