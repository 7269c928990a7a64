import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Escrow } from "../../../src/index.ts";
import { useEscrowed } from "../chain/escrows.ts";
import type { RoundView } from "../chain/round_view.ts";
import { amountText, numberText, shortAddress, timeText } from "../format.ts";
import { addWords } from "../i18n/index.ts";
import { roundHref } from "../router.ts";
import { Row } from "../ui/layout.tsx";

// Rounds that pay at once do without these words.
await addWords("instalments");

/** "40%". */
export const partText = (bps: bigint): string => `${numberText(String(Number(bps) / 100))} %`;

/** What a project's escrow has paid, holds, and waits for, where its match is paid in instalments. */
export default function Escrowed({
  view: { facts, now, projects, recipients },
  project,
}: {
  view: Pick<RoundView, "facts" | "now" | "projects" | "recipients">;
  project: number;
}) {
  const { t } = useTranslation();
  // Of all projects: a question for one alone would tell the node at which one a donor looks.
  const all = useMemo(() => projects.map(({ index }) => index), [projects]);
  const escrowed = useEscrowed(facts, all, recipients).data;
  const escrow = escrowed?.find((one) => one.project === project)?.escrow;
  if (escrow === undefined) return null;
  const { poolToken, chainId, address } = facts;
  const { paid, back, held, duePayee } = escrow;
  return (
    <section className="mt-8">
      <h3 className="mb-3 text-[1.3rem]">{t("instalments.title")}</h3>
      <p className="measure">{tellTerms(t, escrow, now)}</p>
      <dl className="mt-3 max-w-sm">
        <Row label={t("instalments.paid")}>{amountText(paid, poolToken, 6)}</Row>
        <Row label={t("instalments.held")}>{amountText(held, poolToken, 6)}</Row>
        {back > 0n && <Row label={t("instalments.back")}>{amountText(back, poolToken, 6)}</Row>}
        {duePayee > 0n && (
          <Row label={t("instalments.due")}>{amountText(duePayee, poolToken, 6)}</Row>
        )}
      </dl>
      <p className="mt-2 text-[0.93rem] text-soft">
        {duePayee > 0n ? t("instalments.anyoneDue") : t("instalments.anyone")}{" "}
        <a
          href={roundHref(chainId, address, "organise")}
          className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
        >
          {t("views.organise")}
        </a>
      </p>
    </section>
  );
}

/** What an escrow pays when, as it stands at this second. */
export function tellTerms(
  t: ReturnType<typeof useTranslation>["t"],
  { terms: { firstBps, deadline, fallbackTo }, passed }: Pick<Escrow, "terms" | "passed">,
  now: number,
): string {
  const told = {
    first: partText(firstBps),
    time: timeText(deadline),
    account: shortAddress(fallbackTo),
  };
  if (passed) return t("instalments.passed", told);
  return BigInt(now) < deadline ? t("instalments.waits", told) : t("instalments.missed", told);
}
