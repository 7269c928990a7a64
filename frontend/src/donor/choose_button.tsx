import { useTranslation } from "react-i18next";
import { Button } from "../ui/button.tsx";

/** Takes a project into the plan, or out of it. */
export function ChooseButton({
  name,
  chosen,
  onToggle,
}: {
  name: string;
  chosen: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Button
      look={chosen ? "solid" : "outline"}
      aria-pressed={chosen}
      onClick={onToggle}
      aria-label={chosen ? t("projects.removeNamed", { name }) : t("projects.addNamed", { name })}
    >
      {chosen ? t("projects.chosen") : t("projects.add")}
    </Button>
  );
}

/** Marks a project to come back to, in this open page alone. */
export function MarkButton({
  name,
  marked,
  onToggle,
}: {
  name: string;
  marked: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      aria-pressed={marked}
      aria-label={t("projects.markNamed", { name })}
      title={t("projects.mark")}
      onClick={onToggle}
      className="grid size-11 shrink-0 place-items-center rounded-full text-soft hover:bg-wash hover:text-ink aria-pressed:text-accent"
    >
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <path
          d="M6.500 4h11v16.500l-5.500-4-5.500 4z"
          fill={marked ? "currentColor" : "none"}
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinejoin="round"
        />
      </svg>
    </button>
  );
}
