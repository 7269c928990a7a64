import type { ChangeEvent } from "react";
import type { TFunction } from "i18next";
import type { Address } from "viem";
import type { AddressReader, TokenFacts } from "../../../../../src/index.ts";
import type { WholeChain } from "../../../config/site.ts";
import { mayStayEmpty, type Draft, type ListDraft } from "./draft.ts";
import { knownAddress } from "./named.ts";
import type { Plan, Problems } from "./plan.ts";
import type { WayFacts } from "./way_facts.ts";

/** What every step of the wizard works with. */
export type WizardState = {
  readonly t: TFunction;
  readonly chain: WholeChain;
  readonly draft: Draft;
  readonly set: (changes: Partial<Draft>) => void;
  /** The same draft with addresses in the place of names. */
  readonly told: Draft;
  /** What a name stands for, from now on. */
  readonly learn: (name: string, address: Address) => void;
  /** Reads a file in which names may stand for accounts. */
  readonly naming: <T>(read: (readOne: AddressReader) => T) => Promise<T>;
  readonly problems: Problems;
  /** Whether problems are shown beside their fields yet. */
  readonly tried: boolean;
  readonly plan: Plan | undefined;
  readonly token: TokenFacts | undefined;
  readonly poolToken: TokenFacts | undefined;
  /** What the chain tells of ways in, by their ids. */
  readonly wayFacts: ReadonlyMap<string, WayFacts>;
  /** The newest block; undefined until the chain has told it. */
  readonly block: bigint | undefined;
  readonly now: number;
};

/** Settings that are typed, each as one text. */
export type TextName = {
  [K in keyof Draft]: Draft[K] extends string ? K : never;
}[keyof Draft];

/** What is wrong with a field, once it is to be shown. */
export function problemOf({ t, problems, tried }: WizardState, field: string): string | undefined {
  const problem = problems[field];
  return tried && problem !== undefined ? t(`wizard.problem.${problem}`) : undefined;
}

/** Label, hint, value and error of a field that is a text. */
export function textField(state: WizardState, name: TextName) {
  const { t, draft, set } = state;
  return {
    label: mayStayEmpty(draft, name)
      ? t("wizard.optional", { label: t(`wizard.field.${name}.label`) })
      : t(`wizard.field.${name}.label`),
    hint: t(`wizard.field.${name}.hint`),
    value: draft[name],
    onChange: (
      event: ChangeEvent<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>,
    ): void => set({ [name]: event.target.value }),
    error: problemOf(state, name),
  };
}

/** The same of a field for an address, in which a name may stand. */
export const addressField = (state: WizardState, name: TextName) => ({
  ...textField(state, name),
  ...named(state, state.draft[name]),
});

/** What a field for an address needs to know of what stands in it. */
export const named = ({ chain, draft, learn }: WizardState, text: string) => ({
  chain,
  known: knownAddress(draft, text),
  onAddress: learn,
});

/** How many accounts were read, and how many of them by a name. */
export function listText(state: WizardState, { name, entries, names = {} }: ListDraft): string {
  const { t } = state;
  const count = entries.length;
  const taken =
    name === ""
      ? t("wizard.people.taken", { count })
      : t("wizard.people.takenFile", { count, file: name });
  return withNames(state, taken, Object.keys(names).length);
}

export const withNames = ({ t }: WizardState, taken: string, count: number): string =>
  count === 0 ? taken : t("wizard.file.byName", { taken, count });
