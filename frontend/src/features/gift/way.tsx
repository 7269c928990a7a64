import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Step, Steps } from "../../ui/steps.tsx";

/** Each way through a round, by its steps: a first gift, a new ballot in place of an old one, and that with more money before it. */
const WAYS = {
  first: ["amounts", "key", "publish", "pay"],
  change: ["ballot", "key", "publish"],
  more: ["ballot", "topUp", "key", "publish"],
} as const;

type WayStep = (typeof WAYS)[keyof typeof WAYS][number];

/**
 * The steps of a way, those before and after sealing alike. What `children` has for a step stands there while it is the current one; without one all
 * are done.
 */
export function Way({
  of,
  at,
  done = [],
  children = {},
}: {
  of: keyof typeof WAYS;
  /** The current step; undefined once all are done. */
  at: WayStep | undefined;
  /** What is done already although a step before it has been taken up again. */
  done?: readonly WayStep[];
  children?: Partial<Record<WayStep, ReactNode>>;
}) {
  const { t } = useTranslation();
  const titles: Readonly<Record<WayStep, string>> = {
    amounts: t("give.step.amounts"),
    ballot: t("change.ballot"),
    topUp: t("topUp.title"),
    key: t("give.step.key"),
    publish: t("give.step.publish"),
    pay: t("give.step.pay"),
  };
  const steps: readonly WayStep[] = WAYS[of];
  const current = at === undefined ? steps.length : steps.indexOf(at);
  return (
    <Steps>
      {steps.map((step, i) => (
        <Step
          key={step}
          number={i + 1}
          title={titles[step]}
          state={i === current ? "current" : i < current || done.includes(step) ? "done" : "later"}
        >
          {children[step]}
        </Step>
      ))}
    </Steps>
  );
}
