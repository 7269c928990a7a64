import { EAS_SERVICES, findChecker, plainText } from "../../../../../src/index.ts";
import { countText } from "../../../format.ts";
import { AddressField } from "../../../ui/address_field.tsx";
import { Button } from "../../../ui/button.tsx";
import { SelectField, TextField } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/layout.tsx";
import { newWay, type ListDraft, type Way } from "./draft.ts";
import { TableField } from "./table_field.tsx";
import { Check, Options } from "./options.tsx";
import {
  listSettings,
  MOST_WAYS,
  takesAccounts,
  takesMembers,
  WAYS,
  type Setting,
} from "./people.ts";
import { readGroup, readPeople } from "./read_files.ts";
import { addressField, listText, named, problemOf, type WizardState } from "./state.ts";

/** Who may take part: everybody, or whoever comes in by one of a few ways. */
export function PeopleStep(state: WizardState) {
  const { t, draft, set } = state;
  const setWay = (at: number, changes: Partial<Way>) =>
    set({ ways: draft.ways.map((way, i) => (i === at ? { ...way, ...changes } : way)) });
  return (
    <>
      <Options
        legend={t("wizard.people.legend")}
        value={draft.who}
        error={problemOf(state, "who")}
        onChange={(who) =>
          set({
            who,
            ...(who === "ways" && draft.ways.length === 0 ? { ways: [newWay()] } : {}),
          })
        }
        options={[
          ...(draft.paid
            ? [
                {
                  value: "open" as const,
                  title: t("wizard.people.open"),
                  help: t("wizard.people.openHelp"),
                },
              ]
            : []),
          { value: "ways", title: t("wizard.people.ways"), help: t("wizard.people.waysHelp") },
          { value: "gate", title: t("wizard.people.gate"), help: t("wizard.people.gateHelp") },
        ]}
      />
      {draft.who === "gate" && <AddressField {...addressField(state, "gate")} />}
      {draft.who === "ways" && (
        <>
          {draft.ways.map((way, i) => (
            <WayEditor
              key={way.id}
              state={state}
              way={way}
              at={i}
              onChange={(changes) => setWay(i, changes)}
              onRemove={() => set({ ways: draft.ways.filter((_, other) => other !== i) })}
            />
          ))}
          {draft.ways.length > 1 && <Notice>{t("wizard.people.several")}</Notice>}
          {draft.ways.length < MOST_WAYS && (
            <Button look="outline" onClick={() => set({ ways: [...draft.ways, newWay()] })}>
              {t("wizard.people.add")}
            </Button>
          )}
        </>
      )}
    </>
  );
}

function WayEditor({
  state,
  way,
  at,
  onChange,
  onRemove,
}: {
  state: WizardState;
  way: Way;
  at: number;
  onChange: (changes: Partial<Way>) => void;
  onRemove: () => void;
}) {
  const { t, draft } = state;
  const kind = findChecker(way.kind);
  const usual = draft.paid || !/^\d{1,18}$/.test(draft.credits) ? undefined : BigInt(draft.credits);
  const field = (name: string) => problemOf(state, `ways.${at}.${name}`);
  return (
    <fieldset className="space-y-5 rounded-card border border-line p-4 sm:p-6">
      <legend className="px-2 font-display text-[1.15rem]">
        {draft.ways.length === 1
          ? t("wizard.people.only")
          : t("wizard.people.way", { number: countText(at + 1) })}
      </legend>
      <SelectField
        label={t("wizard.people.kind")}
        hint={t(`wizard.way.${way.kind}.help`)}
        value={way.kind}
        onChange={({ target: { value } }) =>
          onChange({ kind: value, list: null, group: null, fields: firstFields(state, value) })
        }
      >
        {WAYS.map(({ id }) => (
          <option key={id} value={id}>
            {t(`wizard.way.${id}.name`)}
          </option>
        ))}
      </SelectField>
      {kind !== undefined && takesAccounts(kind) && (
        <TableField
          t={t}
          label={t("wizard.people.list")}
          hint={
            draft.paid
              ? t("wizard.people.listHint")
              : t("wizard.people.listHintFree", { credits: draft.credits })
          }
          read={(content, name) =>
            state.naming((readOne) => readPeople(content, name, usual, readOne))
          }
          taken={way.list === null ? undefined : listText(state, way.list)}
          onTake={(list) => onChange({ list })}
          onClear={() => onChange({ list: null })}
          error={field("list")}
        />
      )}
      {kind !== undefined && takesMembers(kind) && (
        <TableField
          t={t}
          label={t("wizard.people.group")}
          hint={t("wizard.people.groupHint", {
            page: new URL("#/member", location.href).href,
          })}
          read={(content, name) => readGroup(content, name, way.kind)}
          taken={
            way.group === null
              ? undefined
              : t("wizard.people.membersTaken", { count: way.group.members.length })
          }
          onTake={(group) => onChange({ group })}
          onClear={() => onChange({ group: null })}
          error={field("group")}
        />
      )}
      {kind !== undefined &&
        listSettings(kind).map((setting) => (
          <SettingField
            key={setting.name}
            state={state}
            setting={setting}
            way={way}
            value={way.fields[setting.name] ?? ""}
            error={field(setting.name)}
            onChange={(value) => onChange({ fields: { ...way.fields, [setting.name]: value } })}
          />
        ))}
      <dl className="space-y-2 text-[0.93rem]">
        <div>
          <dt className="font-medium">{t("wizard.people.trusts")}</dt>
          <dd className="text-soft">{t(`wizard.way.${way.kind}.trusts`)}</dd>
        </div>
        <div>
          <dt className="font-medium">{t("wizard.people.shows")}</dt>
          <dd className="text-soft">{t(`wizard.way.${way.kind}.shows`)}</dd>
        </div>
      </dl>
      <div>
        <p className="font-medium">{t("wizard.people.also")}</p>
        <Check
          checked={way.plain}
          onChange={(plain) => onChange({ plain })}
          help={t("wizard.people.plainHelp")}
        >
          {t("wizard.people.plain")}
        </Check>
        <Check
          checked={way.excluded !== null}
          onChange={(excludes) => onChange({ excluded: excludes ? NOBODY : null })}
          help={t("wizard.people.excludedHelp")}
        >
          {t("wizard.people.excluded")}
        </Check>
        {way.excluded !== null && (
          <TableField
            t={t}
            label={t("wizard.people.excludedList")}
            hint={t("wizard.people.excludedHint")}
            read={(content, name) =>
              state.naming((readOne) => readPeople(content, name, undefined, readOne))
            }
            taken={way.excluded.entries.length === 0 ? undefined : listText(state, way.excluded)}
            onTake={(excluded) => onChange({ excluded })}
            onClear={() => onChange({ excluded: NOBODY })}
            error={field("excluded")}
          />
        )}
      </div>
      {draft.ways.length > 1 && (
        <Button look="quiet" onClick={onRemove}>
          {t("wizard.people.remove", { number: countText(at + 1) })}
        </Button>
      )}
    </fieldset>
  );
}

/** What this page knows before anything is typed. */
function firstFields({ chain, draft }: WizardState, kind: string): Way["fields"] {
  const service = kind === "eas" ? EAS_SERVICES[chain.id] : undefined;
  return {
    ...(service === undefined ? {} : { eas: service }),
    ...(draft.paid ? {} : { creditsEach: draft.credits }),
  };
}

function SettingField({
  state,
  setting: { name, form },
  way,
  value,
  error,
  onChange,
}: {
  state: WizardState;
  setting: Setting;
  way: Way;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const { t, block } = state;
  const [label, hint] = [t(`wizard.wayField.${name}.label`), t(`wizard.wayField.${name}.hint`)];
  if (form === "yesNo")
    return (
      <Check
        checked={value === "true"}
        onChange={(checked) => onChange(String(checked))}
        help={hint}
        error={error}
      >
        {label}
      </Check>
    );
  if (form === "address")
    return (
      <div>
        <AddressField
          label={label}
          hint={hint}
          value={value}
          error={error}
          onChange={(event) => onChange(event.target.value)}
          {...named(state, value)}
        />
        <Told state={state} way={way} name={name} />
      </div>
    );
  return (
    <div>
      <TextField
        label={label}
        hint={hint}
        type={form === "time" ? "datetime-local" : "text"}
        inputMode={form === "count" ? "numeric" : form === "amount" ? "decimal" : "text"}
        spellCheck={false}
        autoComplete="off"
        value={value}
        error={error}
        onChange={(event) => onChange(event.target.value)}
      />
      {name === "blockNumber" && (
        <>
          {block !== undefined && value !== String(block) && (
            <Button look="quiet" className="mt-1" onClick={() => onChange(String(block))}>
              {t("wizard.people.newest", { block: String(block) })}
            </Button>
          )}
          <p className="mt-1.5 text-[0.87rem] text-soft">{t("wizard.people.pinHelp")}</p>
        </>
      )}
      <Told state={state} way={way} name={name} />
    </div>
  );
}

/** What the chain told of what was typed, beside the setting that it was asked about last. */
function Told({
  state: { t, wayFacts },
  way,
  name,
}: {
  state: WizardState;
  way: Way;
  name: string;
}) {
  const facts = wayFacts.get(way.id);
  const said =
    facts?.kind === "eas" && name === "schema" && facts.schema !== undefined
      ? t("wizard.people.schemaIs", { schema: plainText(facts.schema, 200) })
      : facts?.kind === "erc20-at-block" &&
          name === "holder" &&
          facts.token !== undefined &&
          facts.slot !== undefined
        ? t("wizard.people.slotIs", { symbol: plainText(facts.token.symbol, 20) })
        : undefined;
  return said === undefined ? null : (
    <p className="mt-1.5 text-[0.93rem] text-accent wrap-anywhere">✓ {said}</p>
  );
}

const NOBODY: ListDraft = { name: "", entries: [] };
