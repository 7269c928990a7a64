import { useQueries } from "@tanstack/react-query";
import { useConfig } from "wagmi";
import {
  FOLD_SIZES,
  PAYOUTS,
  PRESETS,
  readToken,
  type PayoutSetting,
} from "../../../../../src/index.ts";
import { readClient } from "../../../chain/read_client.ts";
import {
  amountText,
  countText,
  durationText,
  isTypedAddress,
  parseDecimal,
  readLocalTime,
  shortAddress,
  timeText,
  zoneName,
} from "../../../format.ts";
import { AddressField } from "../../../ui/address_field.tsx";
import { SelectField, TextArea, TextField } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/layout.tsx";
import { acceptsBySilence, applyPreset, isWithout } from "./draft.ts";
import { Check, More, Options } from "./options.tsx";
import { parseKey } from "./plan.ts";
import { readPeople } from "./read_files.ts";
import { Amount, PrizesField } from "./money_fields.tsx";
import { addressField, listText, named, problemOf, textField, type WizardState } from "./state.ts";
import { TableField } from "./table_field.tsx";

export function PresetStep(state: WizardState) {
  const { t, draft, set } = state;
  return (
    <>
      <Options
        legend={t("wizard.preset.legend")}
        value={draft.preset}
        onChange={(id) => {
          const preset = PRESETS.find((one) => one.id === id);
          if (preset !== undefined) set(applyPreset(draft, preset));
        }}
        options={[
          ...PRESETS.map(({ id }) => ({
            value: id,
            title: t(`wizard.preset.${id}.title`),
            help: t(`wizard.preset.${id}.means`),
          })),
          ...(draft.preset === "like"
            ? [
                {
                  value: "like",
                  title: t("wizard.preset.like.title"),
                  help: t("wizard.preset.like.means"),
                },
              ]
            : []),
        ]}
        error={problemOf(state, "preset")}
      />
      <p className="text-soft">{t("wizard.preset.help")}</p>
    </>
  );
}

export function AboutStep(state: WizardState) {
  const { t } = state;
  return (
    <>
      <TextField maxLength={100} {...textField(state, "name")} />
      <TextArea maxLength={8_000} rows={5} {...textField(state, "description")} />
      <TextArea maxLength={8_000} rows={3} {...textField(state, "rules")} />
      <div className="grid gap-6 sm:grid-cols-2">
        <TextField maxLength={100} {...textField(state, "organiserName")} />
        <TextField maxLength={200} {...textField(state, "contact")} />
      </div>
      <TextField type="url" placeholder="https://" {...textField(state, "link")} />
      <Notice>{t("wizard.about.public")}</Notice>
    </>
  );
}

export function DatesStep(state: WizardState) {
  const { t, draft, problems, now } = state;
  const [start, end] = [readLocalTime(draft.start), readLocalTime(draft.end)];
  const typed = [start, end].every(Number.isFinite) ? [start, end] : [now];
  const days = (text: string) => (Number(parseDecimal(text, 3) ?? 0n) * 86_400) / 1000;
  return (
    <>
      <p className="text-soft">{t("wizard.dates.zone", { zone: zoneName(...typed) })}</p>
      <div className="grid gap-6 sm:grid-cols-2">
        <TextField type="datetime-local" {...textField(state, "start")} />
        <TextField type="datetime-local" {...textField(state, "end")} />
      </div>
      {end > start && (
        <Notice>
          <p>
            {start > now
              ? t("wizard.dates.inWords", {
                  wait: durationText(start - now),
                  time: durationText(end - start),
                })
              : t("wizard.dates.atOnce", { time: durationText(end - Math.max(now, 0)) })}
          </p>
          {problems["tallyDays"] === undefined && (
            <p className="mt-1.5">
              {t("wizard.dates.result", { time: timeText(end + days(draft.tallyDays)) })}
            </p>
          )}
        </Notice>
      )}
      <TextField inputMode="decimal" {...textField(state, "tallyDays")} />
      <More
        title={t("wizard.dates.more")}
        open={problems["tallyMostDays"] !== undefined || problems["cancelDays"] !== undefined}
      >
        <TextField inputMode="decimal" {...textField(state, "tallyMostDays")} />
        <TextField inputMode="decimal" {...textField(state, "cancelDays")} />
      </More>
    </>
  );
}

/** A token that this site names, or another by its address. */
function TokenField({ state, name }: { state: WizardState; name: "token" | "poolToken" }) {
  const { t, draft, set, chain } = state;
  const config = useConfig();
  const known = chain.tokens ?? [];
  const facts = useQueries({
    queries: known.map((address) => ({
      queryKey: ["token", chain.id, address],
      queryFn: () => readToken(readClient(config, chain.id), address),
    })),
  });
  const at = known.findIndex((one) => one.toLowerCase() === draft[name].trim().toLowerCase());
  const isOther = at < 0;
  const found = name === "token" ? state.token : state.poolToken;
  const field = textField(state, name);
  return (
    <>
      {known.length > 0 && (
        <SelectField
          label={field.label}
          hint={isOther ? undefined : field.hint}
          value={at}
          onChange={(event) => set({ [name]: known[Number(event.target.value)] ?? "" })}
        >
          {known.map((address, i) => (
            <option key={address} value={i}>
              {facts[i]?.data?.symbol ?? ""} ({shortAddress(address)})
            </option>
          ))}
          <option value={-1}>{t("wizard.money.otherToken")}</option>
        </SelectField>
      )}
      {isOther && (
        <AddressField
          {...field}
          {...named(state, draft[name])}
          label={t("wizard.money.tokenAddress")}
          hint={
            found === undefined || !isTypedAddress(state.told[name])
              ? t("wizard.money.tokenHint")
              : t("wizard.money.tokenIs", { symbol: found.symbol })
          }
        />
      )}
    </>
  );
}

/** Votes that credits buy for one project. */
export const votesFor = (credits: bigint): bigint => {
  let votes = BigInt(Math.floor(Math.sqrt(Number(credits))));
  while (votes * votes > credits) votes -= 1n;
  return votes;
};

export function MoneyStep(state: WizardState) {
  const { t, draft, set, plan, token, problems } = state;
  const smallest = parseDecimal(draft.smallest, token?.decimals ?? 18);
  const fineness = /^\d{1,18}$/.test(draft.fineness) ? BigInt(draft.fineness) : 0n;
  const fits =
    smallest !== undefined && fineness > 0n && smallest > 0n && smallest % fineness === 0n;
  return (
    <>
      {draft.paid ? (
        <>
          <TokenField state={state} name="token" />
          <Amount token={token} {...textField(state, "smallest")} />
          {token !== undefined && fits && (
            <Notice>
              {t("wizard.money.credit", {
                unit: amountText(smallest / fineness, token, 9),
                smallest: amountText(smallest, token, 9),
                credits: countText(fineness),
                votes: countText(votesFor(fineness)),
              })}
            </Notice>
          )}
          <More title={t("wizard.money.more")} open={problems["fineness"] !== undefined}>
            <TextField inputMode="numeric" {...textField(state, "fineness")} />
          </More>
        </>
      ) : (
        <>
          <p className="text-soft">{t("wizard.money.free")}</p>
          <TextField inputMode="numeric" {...textField(state, "credits")} />
          {problems["credits"] === undefined && (
            <Notice>
              {t("wizard.money.freeCredit", {
                credits: countText(BigInt(draft.credits)),
                votes: countText(votesFor(BigInt(draft.credits))),
              })}
            </Notice>
          )}
          {!isWithout(draft, "allowSigns") && (
            <Check
              checked={draft.against}
              onChange={(against) => set({ against })}
              help={t("wizard.money.againstHelp")}
            >
              {t("wizard.money.against")}
            </Check>
          )}
        </>
      )}
      {isWithout(draft, "poolToken") ? (
        <p className="text-soft">{t("wizard.money.noPool")}</p>
      ) : (
        <>
          <Options
            legend={t("wizard.money.pool")}
            value={draft.pool}
            onChange={(pool) => set({ pool })}
            options={[
              ...(draft.paid
                ? ([{ value: "same", title: t("wizard.money.poolSame") }] as const)
                : []),
              {
                value: "other",
                title: draft.paid ? t("wizard.money.poolOther") : t("wizard.money.poolIn"),
              },
            ]}
          />
          {draft.pool === "other" && <TokenField state={state} name="poolToken" />}
          <p className="text-soft">{t("wizard.money.poolHelp")}</p>
        </>
      )}
      {plan === undefined && problems["token"] === "token" && isTypedAddress(state.told.token) && (
        <p className="text-soft">{t("wizard.money.asking")}</p>
      )}
    </>
  );
}

export function RuleStep(state: WizardState) {
  const { t, draft, set, problems, poolToken, token } = state;
  if (draft.pool === "none") return <p className="text-soft">{t("wizard.rule.none")}</p>;
  const kind = PAYOUTS.find(({ id }) => id === draft.rule);
  const pool = draft.pool === "same" ? token : poolToken;
  const symbol = pool?.symbol ?? "";
  const [first, ...finer] = kind?.settings ?? [];
  const remainder = addressField(state, "remainderTo");
  const remainderField = (
    <AddressField
      {...remainder}
      hint={draft.leftovers === "share" ? remainder.hint : t("wizard.rule.remainderHint")}
    />
  );
  const ruleField = ({ name, form, initial }: PayoutSetting) => {
    const shown = {
      label: t(`wizard.ruleField.${name}.label`, { symbol }),
      hint: t(`wizard.ruleField.${name}.hint`),
      value: draft.ruleTexts[name] ?? initial ?? "",
      error: problemOf(state, `ruleTexts.${name}`),
      onChange: (event: { readonly target: { readonly value: string } }) =>
        set({ ruleTexts: { ...draft.ruleTexts, [name]: event.target.value } }),
    };
    return form === "surplus" ? (
      <SelectField key={name} {...shown}>
        <option value="return">{t("wizard.rule.surplusReturn")}</option>
        <option value="pay">{t("wizard.rule.surplusPay")}</option>
      </SelectField>
    ) : form === "tiers" ? (
      <PrizesField key={name} {...shown} state={state} pool={pool} />
    ) : form === "amount" ? (
      <Amount key={name} token={pool} {...shown} />
    ) : (
      <TextField key={name} inputMode="decimal" {...shown} />
    );
  };
  return (
    <>
      <Options
        legend={t("wizard.rule.legend")}
        value={draft.rule}
        error={problemOf(state, "rule")}
        onChange={(rule) => {
          const shares = PAYOUTS.find(({ id }) => id === rule)?.sharesLeftovers ?? true;
          set({ rule, leftovers: shares ? "share" : "remainder" });
        }}
        options={[
          ...PAYOUTS.map(({ id }) => ({
            value: id,
            title: t(`rules.${id}.name`),
            help: t(`wizard.rule.${id}`),
          })),
          ...(draft.rule === "other"
            ? [{ value: "other", title: t("wizard.rule.other"), help: t("wizard.rule.otherHelp") }]
            : []),
        ]}
      />
      {first !== undefined && ruleField(first)}
      {draft.rule === "other" ? (
        <AddressField {...addressField(state, "payoutRule")} />
      ) : (
        <PanelFields {...state} />
      )}
      <Options
        legend={t("wizard.rule.leftovers")}
        value={draft.leftovers}
        onChange={(leftovers) => set({ leftovers })}
        options={[
          { value: "share", title: t("wizard.rule.leftoversShare") },
          { value: "remainder", title: t("wizard.rule.leftoversRemainder") },
        ]}
      />
      {draft.leftovers === "remainder" && remainderField}
      <More
        title={t("wizard.rule.more")}
        open={
          (draft.leftovers === "share" && problems["remainderTo"] !== undefined) ||
          problems["rule"] === "settings" ||
          finer.some(({ name }) => problems[`ruleTexts.${name}`] !== undefined)
        }
      >
        {finer.map(ruleField)}
        {draft.leftovers === "share" && remainderField}
        {draft.rule !== "other" && (
          <button
            type="button"
            className="min-h-11 text-accent underline-offset-4 hover:underline"
            onClick={() => set({ rule: "other" })}
          >
            {t("wizard.rule.other")}
          </button>
        )}
      </More>
    </>
  );
}

/** Who decides which projects can have a match, where somebody does. */
function PanelFields(state: WizardState) {
  const { t, draft, set } = state;
  return (
    <>
      <p className="text-[0.93rem] text-soft">
        {acceptsBySilence(draft) && !draft.setsPayees
          ? t("wizard.rule.instalmentsBond", {
              choice: t("wizard.projects.setsPayees"),
              step: t("wizard.step.projects"),
            })
          : t("wizard.rule.instalments")}
      </p>
      <Check
        checked={draft.hasPanel}
        onChange={(hasPanel) => set({ hasPanel })}
        help={t("wizard.rule.panelHelp")}
      >
        {t("wizard.rule.panel")}
      </Check>
      {draft.hasPanel && (
        <>
          <TableField
            t={t}
            label={t("wizard.rule.reviewers")}
            hint={t("wizard.rule.reviewersHint")}
            read={(content, name) =>
              state.naming((readOne) => readPeople(content, name, undefined, readOne))
            }
            taken={draft.reviewers === null ? undefined : listText(state, draft.reviewers)}
            onTake={(reviewers) => set({ reviewers })}
            onClear={() => set({ reviewers: null })}
            error={problemOf(state, "reviewers")}
          />
          <div className="grid gap-6 sm:grid-cols-2">
            <TextField inputMode="numeric" {...textField(state, "quorum")} />
            <TextField type="datetime-local" {...textField(state, "reviewUntil")} />
          </div>
        </>
      )}
    </>
  );
}

export function CoordinatorStep(state: WizardState) {
  const { t, draft, set, chain, problems } = state;
  const named = chain.coordinators ?? [];
  const at = named.findIndex(
    ({ address }) => address.toLowerCase() === draft.coordinator.toLowerCase(),
  );
  const key = parseKey(draft.coordinatorKey);
  const guardians = draft.guardian.trim() !== "";
  return (
    <>
      <p className="text-soft">{t("wizard.coordinator.help")}</p>
      <Options
        legend={t("wizard.coordinator.legend")}
        value={draft.isOtherCoordinator ? "other" : at < 0 ? "" : String(at)}
        error={draft.isOtherCoordinator ? undefined : problemOf(state, "coordinator")}
        onChange={(choice) => {
          const one = named[Number(choice)];
          set(
            one === undefined
              ? { isOtherCoordinator: true, coordinator: "", coordinatorKey: "" }
              : {
                  isOtherCoordinator: false,
                  coordinator: one.address,
                  coordinatorKey: `${one.key.x},${one.key.y}`,
                },
          );
        }}
        options={[
          ...named.map(({ name, address }, i) => ({
            value: String(i),
            title: name,
            help: t("wizard.coordinator.named", { account: shortAddress(address) }),
          })),
          {
            value: "other",
            title: t("wizard.coordinator.other"),
            help: t("wizard.coordinator.otherHelp"),
          },
        ]}
      />
      {draft.isOtherCoordinator ? (
        <>
          <AddressField {...addressField(state, "coordinator")} />
          <TextArea
            rows={3}
            spellCheck={false}
            autoComplete="off"
            {...textField(state, "coordinatorKey")}
          />
          {key !== undefined && <p className="text-accent">✓ {t("wizard.coordinator.keyGood")}</p>}
        </>
      ) : key === undefined ? (
        <Notice tone="bad" title={t("wizard.coordinator.keyBad")} />
      ) : (
        <p className="text-accent">✓ {t("wizard.coordinator.keyKnown")}</p>
      )}
      <div className="grid gap-6 sm:grid-cols-2">
        <AddressField {...addressField(state, "guardian")} />
        {guardians && <TextField inputMode="decimal" {...textField(state, "disputeDays")} />}
      </div>
      {guardians ? (
        <p className="text-soft">{t("wizard.coordinator.guardianHelp")}</p>
      ) : (
        <Notice>{t("wizard.coordinator.noGuardian")}</Notice>
      )}
      <More
        title={t("wizard.coordinator.more")}
        open={problems["coordinatorFee"] !== undefined || problems["messageFee"] !== undefined}
      >
        {draft.pool !== "none" && (
          <Amount
            token={draft.pool === "same" ? state.token : state.poolToken}
            {...textField(state, "coordinatorFee")}
          />
        )}
        <Amount token={chain.currency} {...textField(state, "messageFee")} />
        <SelectField {...textField(state, "size")}>
          {FOLD_SIZES.map(({ name, rows }, i) => (
            <option key={name} value={i}>
              {t(`wizard.coordinator.size.${name}`, { rows: countText(rows) })}
            </option>
          ))}
        </SelectField>
      </More>
    </>
  );
}
