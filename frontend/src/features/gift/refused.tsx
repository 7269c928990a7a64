import { useTranslation } from "react-i18next";
import type { ContractRefusedError } from "../../../../src/index.ts";
import { Notice } from "../../ui/layout.tsx";
import { problemText } from "../../ui/problem.ts";

/** What the gate refuses. Without the list that it goes by, this says nothing of the account. */
export function Refused({ error, isKnown }: { error: ContractRefusedError; isKnown: boolean }) {
  const { t } = useTranslation();
  if (!isKnown) return <Notice live title={t("give.notShown")} />;
  const { title, help } = problemText(error, t);
  return (
    <Notice tone="bad" live title={title}>
      {help}
    </Notice>
  );
}
