import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { Notice } from "./layout.tsx";

export function StartFailed({ reason }: { reason: string }) {
  const { t } = useTranslation();
  return (
    <div className="measure">
      <Notice tone="bad" title={t("start.failed")} live>
        <p>{t("start.failedHelp")}</p>
        <p className="mt-2 text-soft">{reason}</p>
      </Notice>
      <Button className="mt-5" onClick={() => location.reload()}>
        {t("common.retry")}
      </Button>
    </div>
  );
}
