import { useTranslation } from "react-i18next";
import { Notice } from "../ui/layout.tsx";

/** Said where a plan was, once another tab has sealed a ballot of the round. */
export function OtherTab() {
  const { t } = useTranslation();
  return (
    <Notice live title={t("otherTab.title")}>
      {t("otherTab.help")}
    </Notice>
  );
}
