import { divideBy, ruleFrom, type PayoutRule } from "./rule.ts";

/** Another rule, for those projects only that fulfil a condition (PAYOUT-4); they keep their numbers, and the others have no match. */
export function qualifiedRule(
  inner: PayoutRule,
  isQualified: (project: number) => boolean,
): PayoutRule {
  return ruleFrom((round) => {
    const kept = {
      ...round,
      projects: round.projects.filter(({ project }) => isQualified(project)),
    };
    const { budget, matches } = divideBy(inner)(kept);
    const byProject = new Map(
      kept.projects.map(({ project }, place) => [project, matches[place] as bigint]),
    );
    return {
      hint: inner.hint(kept),
      budget,
      matches: round.projects.map(({ project }) => byProject.get(project) ?? 0n),
    };
  });
}
