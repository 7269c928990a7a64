import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { arriveAt } from "./arrive.ts";

export type StepState = "done" | "current" | "later";

/** Steps of one way, from top to bottom; the current one is open. */
export function Steps({ children }: { children: ReactNode }) {
  return <ol className="relative">{children}</ol>;
}

export function Step({
  number,
  title,
  state,
  children,
}: {
  number: number;
  title: ReactNode;
  state: StepState;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(number === 1 ? state : undefined); // whoever opens the page at its first step has come by the page's own title
  useEffect(() => {
    if (state === "current" && before.current !== "current") arriveAt(heading.current);
    before.current = state;
  }, [state]);
  return (
    <li
      aria-current={state === "current" ? "step" : undefined}
      className="relative flex gap-4 pb-7 last:pb-0 sm:gap-6"
    >
      <div className="flex flex-col items-center">
        <span
          className={`figure grid size-9 shrink-0 place-items-center rounded-full border text-[1rem] ${
            state === "done"
              ? "border-accent bg-accent text-on-accent"
              : state === "current"
                ? "border-accent text-accent"
                : "border-line text-soft"
          }`}
        >
          {state === "done" ? "✓" : number}
        </span>
        <span aria-hidden className="mt-2 w-px grow bg-line" />
      </div>
      <div className="min-w-0 grow pt-1">
        <h2
          ref={heading}
          tabIndex={-1}
          className={`scroll-mt-6 text-[1.22rem] leading-snug outline-none ${state === "later" ? "text-soft" : ""}`}
        >
          {title}
          {state === "done" && <span className="sr-only"> {t("common.done")}</span>}
        </h2>
        {state === "current" && <div className="mt-4 space-y-4">{children}</div>}
      </div>
    </li>
  );
}
