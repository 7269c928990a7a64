import { useTranslation } from "react-i18next";
import { Explain } from "./explain.tsx";

/** What this protects, what it does not, and what everyone can see: said before anything is sent. */
export function Honest() {
  const { t } = useTranslation();
  const part = (name: "does" | "doesNot" | "chain", count: number) => (
    <div>
      <h3 className="text-[1.1rem]">{t(`honest.${name}.title`)}</h3>
      <ul className="mt-2 space-y-2 text-[0.9rem] text-soft">
        {Array.from({ length: count }, (_, i) => (
          <li key={i} className="flex gap-2.5">
            <span aria-hidden className="mt-[0.55em] size-1.5 shrink-0 rounded-full bg-accent" />
            <span>{t(`honest.${name}.${i + 1}`)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
  return (
    <aside
      aria-label={t("honest.label")}
      className="h-fit space-y-6 border-t border-line pt-6 lg:border-l lg:border-t-0 lg:pl-8 lg:pt-0"
    >
      {part("does", 3)}
      {part("doesNot", 4)}
      {part("chain", 3)}
      <Explain what="coordinator" />
    </aside>
  );
}
