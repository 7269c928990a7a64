import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { countText } from "../../format.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { ORDERS, type Order } from "./shown.ts";

export type Filters = {
  readonly search: string;
  readonly order: Order;
  readonly topics: readonly string[];
  readonly goals: readonly number[];
  readonly markedOnly: boolean;
};
export const NO_FILTERS: Filters = {
  search: "",
  order: "mixed",
  topics: [],
  goals: [],
  markedOnly: false,
};

/** Search, order, and as many topics and goals as one likes; what a phone has no room for is behind one press. */
export function FilterBar({
  filters,
  onChange,
  topics,
  goals,
  marked,
}: {
  filters: Filters;
  onChange: (filters: Filters) => void;
  topics: readonly { readonly name: string; readonly hue: number }[];
  goals: readonly number[];
  /** How many projects are marked. */
  marked: number;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const panel = useId();
  const count = filters.topics.length + filters.goals.length + (filters.markedOnly ? 1 : 0);
  const set = (part: Partial<Filters>) => onChange({ ...filters, ...part });
  return (
    <div className="mb-4">
      <div className="flex items-end gap-3">
        <div className="min-w-0 grow">
          <TextField
            type="search"
            autoComplete="off"
            label={<span className="sr-only">{t("projects.search")}</span>}
            value={filters.search}
            onChange={(event) => set({ search: event.target.value })}
            placeholder={t("projects.searchHint")}
          />
        </div>
        <Button
          look="outline"
          aria-expanded={open}
          aria-controls={panel}
          onClick={() => setOpen(!open)}
        >
          {count === 0 ? t("projects.filter") : t("projects.filters", { count: countText(count) })}
        </Button>
      </div>
      <div id={panel} hidden={!open} className="mt-4 space-y-4 rounded-card border border-line p-4">
        <div className="max-w-64">
          <SelectField
            label={t("projects.order")}
            value={filters.order}
            onChange={(event) => set({ order: event.target.value as Order })}
          >
            {ORDERS.map((order) => (
              <option key={order} value={order}>
                {t(`projects.orders.${order}`)}
              </option>
            ))}
          </SelectField>
        </div>
        <Pills label={t("projects.kept")}>
          <Pill on={filters.markedOnly} onPress={() => set({ markedOnly: !filters.markedOnly })}>
            {t("projects.markedOnly", { count: countText(marked) })}
          </Pill>
        </Pills>
        <p className="text-[0.87rem] text-soft">{t("projects.markedHelp")}</p>
        {topics.length > 0 && (
          <Pills label={t("projects.topics")}>
            {topics.map(({ name }) => (
              <Pill
                key={name}
                on={filters.topics.includes(name)}
                onPress={() => set({ topics: toggled(filters.topics, name) })}
              >
                {name}
              </Pill>
            ))}
          </Pills>
        )}
        {goals.length > 0 && (
          <Pills label={t("projects.goals")}>
            {goals.map((goal) => (
              <Pill
                key={goal}
                on={filters.goals.includes(goal)}
                onPress={() => set({ goals: toggled(filters.goals, goal) })}
              >
                {`${goal}. ${t(`sdg.${goal}`)}`}
              </Pill>
            ))}
          </Pills>
        )}
        {count > 0 && (
          <Button
            look="quiet"
            className="-ml-3"
            onClick={() => set({ topics: [], goals: [], markedOnly: false })}
          >
            {t("projects.every")}
          </Button>
        )}
      </div>
    </div>
  );
}

const toggled = <T,>(list: readonly T[], one: T): readonly T[] =>
  list.includes(one) ? list.filter((other) => other !== one) : [...list, one];

function Pills({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <fieldset>
      <legend className="eyebrow mb-1.5">{label}</legend>
      <div className="flex flex-wrap gap-2">{children}</div>
    </fieldset>
  );
}

function Pill({ on, onPress, children }: { on: boolean; onPress: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onPress}
      className="min-h-10 max-w-full rounded-full border border-edge px-4 text-left text-[0.87rem] wrap-anywhere hover:bg-wash aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
    >
      {children}
    </button>
  );
}
