import { Fragment, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import { findChecker, type CheckerKind } from "../../../src/index.ts";
import { GROUP, listFiles } from "../chain/gate.ts";
import type { RoundFacts } from "../chain/reads.ts";
import { useSiteChain, type SiteChain } from "../config/site.ts";
import { TextField } from "../ui/field.tsx";
import { FileField } from "../ui/file_field.tsx";
import { SecretField } from "../ui/secret_field.tsx";

/** Read where the site has no list, and loaded there. */
const ListField = lazy(async () => ({ default: (await import("./list_field.tsx")).ListField }));

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

/** Whether there is no way in but as one of a group's members, of whom nobody is to know which. */
export const isAnonymous = ({ parts: { gate } }: Pick<RoundFacts, "parts">): boolean =>
  gate.kind === "clauses" &&
  gate.clauses.every((clause) => clause.some(({ id }) => id === "semaphore"));

/** Whether a list that the gate goes by is neither the site's nor given: then a refusal tells nothing of the account. */
export const lacksList = (
  facts: Pick<RoundFacts, "parts" | "settings">,
  chain: SiteChain,
  given: Given,
): boolean =>
  listFiles(chain, facts.settings.gate).length === 0 &&
  listKinds(facts).some(({ id, asks }) => asks === "list" && given[id] === undefined);

/** A field for each thing that a donor has to bring. Lists come from the site; where it has none, from the donor. */
export function GateFields({
  facts: { chainId, settings },
  kinds,
  given,
  onGiven,
}: {
  facts: RoundFacts;
  kinds: readonly CheckerKind[];
  given: Given;
  onGiven: (given: Given) => void;
}) {
  const { t } = useTranslation();
  const { address } = useAccount();
  const chain = useSiteChain(chainId);
  const hasLists = chain === undefined || listFiles(chain, settings.gate).length > 0;
  return kinds
    .filter(({ asks }) => asks !== undefined && !(asks === "list" && hasLists))
    .map(({ id, asks }) => {
      const takeAs = (name: string) => (value: string) => {
        const { [name]: _, ...others } = given;
        onGiven(value.trim() === "" ? others : { ...others, [name]: value });
      };
      const take = takeAs(id);
      if (asks === "list")
        return (
          <Suspense key={id}>
            <ListField
              label={t("give.gate.list.label")}
              hint={t("give.gate.list.hint")}
              account={address}
              onList={take}
            />
          </Suspense>
        );
      const field = {
        label: t(`give.gate.${id}.label`),
        hint: t(`give.gate.${id}.hint`),
        value: given[id] ?? "",
      };
      if (asks === "secret")
        return (
          <Fragment key={id}>
            <SecretField {...field} onChange={take} />
            {!hasLists && (
              <FileField
                label={t("give.gate.group.label")}
                hint={t("give.gate.group.hint")}
                value={given[GROUP] ?? ""}
                onText={takeAs(GROUP)}
              />
            )}
          </Fragment>
        );
      return asks === "file" ? (
        <FileField key={id} {...field} onText={take} />
      ) : (
        <TextField
          key={id}
          inputMode={asks === "token number" ? "numeric" : "text"}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => take(event.target.value)}
          {...field}
        />
      );
    });
}
