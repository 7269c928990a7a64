import { useState } from "react";
import { useTranslation } from "react-i18next";
import { applicationsUntil } from "../../../../../src/index.ts";
import { readLocalTime, timeText } from "../../../format.ts";
import { firstWords } from "../../../markdown.ts";
import { AddressField } from "../../../ui/address_field.tsx";
import { Button } from "../../../ui/button.tsx";
import { SelectField, TextField } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/layout.tsx";
import { acceptsBySilence, asksNumbers, isVote as isVoteOnly, type ProjectDraft } from "./draft.ts";
import { TableField } from "./table_field.tsx";
import { Numbers } from "./numbers.tsx";
import { Check, More, Options } from "./options.tsx";
import { readRegistry } from "./plan.ts";
import { readOptions, readProjectTable } from "./read_files.ts";
import { addressField, withNames, problemOf, textField, type WizardState } from "./state.ts";

/** Rows shown before the rest is asked for. */
const SHOWN = 10;

export function ProjectsStep(state: WizardState) {
  const { t, draft, set } = state;
  const [when, setWhen] = useState<"now" | "later">(draft.projects.length > 0 ? "now" : "later");
  const [all, setAll] = useState(false);
  /** Whoever looks at the other choices has not thrown the table away. */
  const [kept, setKept] = useState(draft.projects);
  const shared = findShared(draft.projects);
  const take = (projects: readonly ProjectDraft[]) => {
    setKept(projects);
    set({ projects });
  };
  // Who votes only, and pays nobody, has options and no recipients.
  if (asksNumbers(draft)) return <Numbers {...state} />;
  const isVote = isVoteOnly(draft);
  const how = acceptsBySilence(draft) ? "bond" : when;
  return (
    <>
      <Options
        legend={t("wizard.projects.legend")}
        value={how}
        onChange={(choice) => {
          if (choice === "bond") return set({ listing: "bond" });
          setWhen(choice);
          set({ listing: "owner", projects: choice === "later" ? [] : kept });
        }}
        options={[
          {
            value: "later",
            title: t("wizard.projects.later"),
            help: t("wizard.projects.laterHelp"),
          },
          { value: "now", title: t("wizard.projects.now"), help: t("wizard.projects.nowHelp") },
          ...(isVote
            ? []
            : [
                {
                  value: "bond" as const,
                  title: t("wizard.projects.bond"),
                  help: t("wizard.projects.bondHelp"),
                },
              ]),
        ]}
      />
      {how === "bond" && <Applications {...state} />}
      {how === "now" && (
        <>
          <TableField
            t={t}
            label={isVote ? t("wizard.projects.options") : t("wizard.projects.table")}
            hint={isVote ? t("wizard.projects.optionsHint") : t("wizard.projects.tableHint")}
            read={(content, name) =>
              isVote
                ? readOptions(content, name)
                : state.naming((readOne) => readProjectTable(content, name, readOne))
            }
            taken={
              draft.projects.length === 0
                ? undefined
                : withNames(
                    state,
                    t("wizard.projects.taken", { count: draft.projects.length }),
                    draft.projects.filter(({ called }) => called !== undefined).length,
                  )
            }
            onTake={take}
            onClear={() => take([])}
            error={problemOf(state, "projects")}
          />
          {shared.length > 0 && (
            <Notice title={t("wizard.projects.shared")}>{shared.join(", ")}</Notice>
          )}
          {draft.projects.length > 0 && (
            <>
              <ProjectList projects={draft.projects.slice(0, all ? undefined : SHOWN)} />
              {!all && draft.projects.length > SHOWN && (
                <Button look="quiet" onClick={() => setAll(true)}>
                  {t("wizard.projects.all", { count: draft.projects.length })}
                </Button>
              )}
            </>
          )}
        </>
      )}
      {!isVote && <p className="text-soft">{t("wizard.projects.paid")}</p>}
    </>
  );
}

/** All that was read of projects, as it is going to be public for good. */
export function ProjectList({ projects }: { projects: readonly ProjectDraft[] }) {
  const { t } = useTranslation();
  return (
    <ol className="list-decimal divide-y divide-line border-y border-line pl-7">
      {projects.map(({ name, recipient, description, category, goals, url }) => (
        <li key={name} className="py-2 wrap-anywhere">
          {name}
          {[
            recipient,
            [category, ...goals.map((goal) => t(`sdg.${goal}`)), url]
              .filter((one) => one !== "")
              .join(" · "),
            firstWords(description, 200),
          ]
            .filter((line) => line !== "")
            .map((line) => (
              <span key={line} className="block text-[0.85rem] text-soft">
                {line}
              </span>
            ))}
        </li>
      ))}
    </ol>
  );
}

/** How projects come in where silence accepts: bond, arbiter and times. */
function Applications(state: WizardState) {
  const { t, draft, set, chain, now, problems } = state;
  const [start, end] = [readLocalTime(draft.start), readLocalTime(draft.end)];
  const { registry } = readRegistry(draft, { chain, organiser: undefined, now }, { start, end });
  const finer = ["challengeDays", "rulingDays", "acceptDays", "mostOpen"] as const;
  return (
    <>
      <div className="grid gap-6 sm:grid-cols-2">
        <TextField inputMode="decimal" {...textField(state, "bond")} />
        <SelectField {...textField(state, "freezeAt")}>
          <option value="start">{t("wizard.projects.freezeStart")}</option>
          <option value="end">{t("wizard.projects.freezeEnd")}</option>
        </SelectField>
      </div>
      <AddressField {...addressField(state, "arbiter")} />
      {draft.pool !== "none" && (
        <Check
          checked={draft.setsPayees}
          onChange={(setsPayees) => set({ setsPayees })}
          help={t("wizard.projects.setsPayeesHelp")}
        >
          {t("wizard.projects.setsPayees")}
        </Check>
      )}
      <More
        title={t("wizard.projects.bondMore")}
        open={finer.some((name) => problems[name] !== undefined)}
      >
        {finer.map((name) => (
          <TextField
            key={name}
            inputMode={name === "mostOpen" ? "numeric" : "decimal"}
            {...textField(state, name)}
          />
        ))}
      </More>
      {registry !== undefined && (
        <Notice>
          {t("wizard.projects.applyUntil", {
            time: timeText(applicationsUntil(registry)),
            freeze: timeText(registry.freezeTime),
          })}
        </Notice>
      )}
    </>
  );
}

/** Names of projects that are paid at the same address as another: rarely meant. */
function findShared(projects: readonly ProjectDraft[]): readonly string[] {
  const at = Map.groupBy(projects, ({ recipient }) => recipient);
  return projects
    .filter(({ recipient }) => recipient !== "" && (at.get(recipient)?.length ?? 0) > 1)
    .map(({ name }) => name);
}
