import { useTranslation } from "react-i18next";
import { Notice } from "./layout.tsx";
import { problemText } from "./problem.ts";

export function ProblemNotice({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (error === undefined || error === null) return null;
  const { title, help } = problemText(error, t);
  return <Notice tone="bad" live title={title}>{help}</Notice>;
}
