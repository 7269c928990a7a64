import { useTranslation } from "react-i18next";
import { plainText, type Check } from "../../../../src/index.ts";
import { countText, numberText } from "../../format.ts";

/** What a check has compared, in the visitor's language; where it fails, what that means, and the exact finding for whoever looks into it. */
export function Finding({ check: { id, ok, detail, values } }: { check: Check }) {
  const { t } = useTranslation();
  const text = (value: unknown) => {
    if (typeof value === "number") return countText(value);
    return typeof value === "string" && /^\d+$/.test(value) ? countText(BigInt(value)) : value;
  };
  const shown = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, text(value)]),
  );
  /** Amounts come as plain decimals, each list with its token's own word for itself. */
  const amounts = (value: Check["values"][string] | undefined) =>
    (typeof value === "object" ? value : []).map((one) =>
      Object.fromEntries(
        Object.entries(one).map(([name, it]) => [
          name,
          name === "symbol" ? plainText(it, 12) : numberText(it),
        ]),
      ),
    );
  if (!ok)
    return (
      <>
        <p>
          {typeof values["reason"] === "string"
            ? t(`problem.foreign.why.${values["reason"]}`)
            : t(`verify.wrongIn.${id}`)}
        </p>
        <p>
          {t("verify.finding")} <q lang="en">{detail}</q>
        </p>
      </>
    );
  const parts =
    id !== "MONEY-8"
      ? [t(`verify.found.${id}`, shown)]
      : values["spent"] !== undefined
        ? [t("verify.foundCredits", shown)]
        : [
            t("verify.found.MONEY-8", shown),
            ...amounts(values["pool"]).map((one) => t("verify.foundPool", one)),
            ...amounts(values["given"]).map((one) => t("verify.foundGiven", one)),
            ...amounts(values["matched"]).map((one) => t("verify.foundMatched", one)),
            ...amounts(values["held"]).map((one) =>
              one["due"] === numberText("0")
                ? t("verify.foundHeldAll", one)
                : t("verify.foundHeld", one),
            ),
          ];
  if (id === "VOTE-4" && values["described"] === "no") parts.push(t("verify.foundNoText"));
  if (id === "FOLD-1" && values["proofs"] !== values["usual"])
    parts.push(t("verify.foundFolds", shown));
  return <p>{parts.join(" ")}</p>;
}
