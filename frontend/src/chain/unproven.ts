import { zeroAddress } from "viem";
import type { RoundFacts } from "./reads.ts";

const FOREIGN: ReadonlySet<string> = new Set([
  "gate_foreign",
  "registry",
  "payoutRule",
  "qualifier_foreign",
  "qualifier_late",
]);

/** The foreign parts alone: what a donor must know before giving. */
export const listForeign = (facts: Pick<RoundFacts, "settings" | "parts">): readonly string[] =>
  listUnproven(facts).filter((name) => FOREIGN.has(name));

/** Of what the organiser chose, what nobody can vouch for: names of the catalogue's sentences (PROV-3 to PROV-6). */
export function listUnproven({
  settings,
  parts: { gate, registry, payoutRule },
}: Pick<RoundFacts, "settings" | "parts">): readonly string[] {
  return [
    ...(gate.kind === "clauses"
      ? [
          ...new Set(gate.clauses.flat().map(({ id }) => `checker_${id}`)),
          ...(gate.clauses.length > 1 ? ["gate_ways"] : []),
        ]
      : [`gate_${gate.kind}`]),
    registry.kind === "foreign" ? "registry" : `projects_${registry.kind}`,
    ...(payoutRule.kind === "foreign" ? ["payoutRule"] : []),
    ...(payoutRule.kind === "known" && payoutRule.condition !== undefined
      ? [
          `qualifier_${payoutRule.condition.kind}`,
          ...((payoutRule.condition.freezeTime ?? settings.end + 1n) > settings.end
            ? ["qualifier_late"]
            : []),
        ]
      : []),
    ...(settings.token === zeroAddress && settings.poolToken === zeroAddress ? [] : ["token"]),
  ];
}
