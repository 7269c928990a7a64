import { useTranslation } from "react-i18next";
import { findChecker, type CheckerKind } from "../../../src/index.ts";
import type { RoundFacts } from "../chain/reads.ts";
import { TextArea, TextField } from "../ui/field.tsx";

/** What a donor types for a gate, by kind of checker. */
export type Given = Readonly<Record<string, string>>;

/** The kinds of checkers of a round's gate, each once; none where nothing is established of it. */
export function listKinds({ parts: { gate } }: Pick<RoundFacts, "parts">): readonly CheckerKind[] {
  if (gate.kind !== "clauses") return [];
  return [...new Set(gate.clauses.flat().map(({ id }) => id))].flatMap(
    (id) => findChecker(id) ?? [],
  );
}

/** Whether some way through the gate takes what can be had only once the ballot is on the chain. */
export const asksLater = (facts: Pick<RoundFacts, "parts">): boolean =>
  listKinds(facts).some(({ bindsTag }) => bindsTag);

/** A field for each thing that a donor has to bring; lists come from the site. */
export function GateFields({
  kinds,
  given,
  onGiven,
}: {
  kinds: readonly CheckerKind[];
  given: Given;
  onGiven: (given: Given) => void;
}) {
  const { t } = useTranslation();
  return kinds
    .filter(({ asks }) => asks !== undefined && asks !== "list")
    .map(({ id, asks }) => {
      const field = {
        label: t(`give.gate.${id}.label`),
        hint: t(`give.gate.${id}.hint`),
        value: given[id] ?? "",
        autoComplete: "off",
        spellCheck: false,
        onChange: (event: { readonly target: { readonly value: string } }) => {
          const { [id]: _, ...others } = given;
          const { value } = event.target;
          onGiven(value.trim() === "" ? others : { ...others, [id]: value });
        },
      };
      return asks === "file" ? (
        <TextArea key={id} rows={4} {...field} />
      ) : (
        <TextField key={id} inputMode="numeric" {...field} />
      );
    });
}
