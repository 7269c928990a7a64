import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { Notice } from "./layout.tsx";
import { problemText } from "./problem.ts";

/** `onRetry` where nothing else on the page tries again. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  if (error === undefined || error === null) return null;
  const { title, help } = problemText(error, t);
  return (
    <Notice tone="bad" live title={title}>
      <p>{help}</p>
      {onRetry !== undefined && (
        <Button look="outline" className="mt-3" onClick={onRetry}>
          {t("common.retry")}
        </Button>
      )}
    </Notice>
  );
}
