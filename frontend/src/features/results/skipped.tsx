import { useTranslation } from "react-i18next";
import type { SkippedProject } from "../../../../src/index.ts";
import { Notice } from "../../ui/layout.tsx";
import type { ResultRow } from "./read_results.ts";

/** Whom a press of "pay out all" did not pay, and why; by reason, as a token may refuse many. */
export function Skipped({
  skipped,
  rows,
  nameRow,
}: {
  skipped: readonly SkippedProject[];
  rows: readonly ResultRow[];
  nameRow: (row: ResultRow) => string;
}) {
  const { t } = useTranslation();
  const listNames = (projects: readonly SkippedProject[]) =>
    projects
      .flatMap(({ project }) => rows.filter((row) => BigInt(row.project) === project).map(nameRow))
      .join(", ");
  return (
    <Notice live title={t("results.skipped", { names: listNames(skipped) })}>
      {[...Map.groupBy(skipped, ({ reason }) => reason)].map(([reason, projects]) => (
        <p key={reason}>
          {reason === "NotClaimable"
            ? t("results.skippedPaid", { names: listNames(projects) })
            : t("results.skippedRefused", { names: listNames(projects), reason })}
        </p>
      ))}
    </Notice>
  );
}
