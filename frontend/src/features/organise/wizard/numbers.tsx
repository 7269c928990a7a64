import { Button } from "../../../ui/button.tsx";
import { TextField } from "../../../ui/field.tsx";
import { newNumber, type NumberDraft } from "./draft.ts";
import { problemOf, type WizardState } from "./state.ts";

/** A document has so many questions at most (VOTE-1). */
const MOST = 30;

const FIELDS = ["title", "start", "step", "min", "max", "unit"] as const;

/** The numbers that voters push up or down. */
export function Numbers(state: WizardState) {
  const { t, draft, set } = state;
  const change = (at: number, changes: Partial<NumberDraft>) =>
    set({ numbers: draft.numbers.map((one, i) => (i === at ? { ...one, ...changes } : one)) });
  return (
    <>
      <p className="text-soft">{t("wizard.numbers.help")}</p>
      {draft.numbers.map((number, at) => (
        <fieldset key={number.id} className="rounded-card border border-line p-4 sm:p-6">
          <legend className="px-2 font-display text-[1.15rem]">
            {number.title.trim() === "" ? t("wizard.numbers.one") : number.title}
          </legend>
          <div className="grid gap-5 sm:grid-cols-2">
            {FIELDS.map((name) => (
              <div key={name} className={name === "title" ? "sm:col-span-2" : ""}>
                <TextField
                  label={
                    name === "unit"
                      ? t("wizard.optional", { label: t("wizard.numbers.unit.label") })
                      : t(`wizard.numbers.${name}.label`)
                  }
                  hint={t(`wizard.numbers.${name}.hint`)}
                  maxLength={name === "title" ? 100 : 20}
                  inputMode={name === "title" || name === "unit" ? "text" : "decimal"}
                  autoComplete="off"
                  value={number[name]}
                  error={problemOf(state, `numbers.${at}.${name}`)}
                  onChange={(event) => change(at, { [name]: event.target.value })}
                />
              </div>
            ))}
          </div>
          {draft.numbers.length > 1 && (
            <Button
              look="quiet"
              className="mt-3"
              onClick={() => set({ numbers: draft.numbers.filter((_, i) => i !== at) })}
            >
              {t("wizard.numbers.remove")}
            </Button>
          )}
        </fieldset>
      ))}
      {draft.numbers.length < MOST && (
        <Button look="outline" onClick={() => set({ numbers: [...draft.numbers, newNumber()] })}>
          {t("wizard.numbers.add")}
        </Button>
      )}
    </>
  );
}
