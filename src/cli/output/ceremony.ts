import { printable } from "../../proofs/ceremony.ts";
import type { Contribution } from "../../proofs/contributions.ts";

/** The steps of a key for people: kind, name and hash of each, and of a beacon all that there is to look up. */
export function showContributions(contributions: readonly Contribution[]): string[] {
  if (contributions.length === 0)
    return ["There is no contribution yet: anybody can forge proofs for this key."];
  const beacons = contributions.filter(({ kind }) => kind === "beacon").length;
  const last = contributions.at(-1);
  return [
    "Steps, in order:",
    ...contributions.flatMap((step) => [
      `  ${step.place}. ${step.kind}${step.kind === "contribution" ? `, named "${printable(step.name)}"` : ""}`,
      `     hash    ${step.hash}`,
      ...(step.kind === "beacon"
        ? [
            `     value   ${step.value}, ${2 ** step.iterationsPower} iterations`,
            `     source  "${printable(step.name)}", as the organiser says`,
            "     Look the value up there. It must have been announced, and unknown, when the step before was published.",
          ]
        : []),
    ]),
    last?.kind !== "beacon"
      ? "It has no beacon at its end: it is not final."
      : beacons > 1
        ? "It has more than one beacon: `tacit setup finish` refuses it."
        : "It is final: it ends with a beacon.",
  ];
}

/** What no program can check. */
export const WHAT_TO_COMPARE: readonly string[] = [
  "Names are labels that nobody has checked. Compare each hash with what its maker published, signed: the key is sound if one of",
  "those people was honest and threw the secret away.",
];
