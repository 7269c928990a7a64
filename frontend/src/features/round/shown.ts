import { describeProject, type ProjectText } from "../../chain/metadata.ts";
import type { ListedProject } from "../../chain/reads.ts";
import { currentLanguage } from "../../i18n/index.ts";
import { hueOf } from "../../ui/topic.tsx";

/** A project as the list and its own page show it. */
export type Shown = {
  readonly index: number;
  readonly eligible: boolean;
  readonly text: ProjectText;
  /** Of its first topic's colour. */
  readonly hue: number;
  /** What the search looks through. */
  readonly words: string;
};

export const ORDERS = ["mixed", "name", "newest"] as const;
export type Order = (typeof ORDERS)[number];

/** What a visitor looks for: all of these hold, and of several topics or goals any. */
export type Wanted = {
  readonly words: string;
  readonly topics: readonly string[];
  readonly goals: readonly number[];
  /** Where only these are wanted. */
  readonly only: readonly number[] | undefined;
};

/** What was made of a project, for the steps that follow: to make it anew of a thousand takes a phone long. */
const told = new WeakMap<
  ListedProject,
  { readonly language: string; readonly text: ProjectText }
>();
const made = new WeakMap<ProjectText, Shown>();

function tell(project: ListedProject): ProjectText {
  const language = currentLanguage();
  const known = told.get(project);
  if (known?.language === language) return known.text;
  const text = describeProject(project);
  told.set(project, { language, text });
  return text;
}

/** The same object for the same project in the same colour, so that its card is not drawn again. */
function show({ index, eligible }: ListedProject, text: ProjectText, hue: number): Shown {
  const known = made.get(text);
  if (known?.hue === hue) return known;
  const words = `${text.name} ${text.summary} ${text.topics.join(" ")}`.toLowerCase();
  const shown = { index, eligible, text, hue, words };
  made.set(text, shown);
  return shown;
}

/** Projects that have been read, with their topics and goals, each once. A topic keeps its colour when others come with a later step. */
export function describeAll(projects: readonly ListedProject[]): {
  readonly all: readonly Shown[];
  readonly topics: readonly { readonly name: string; readonly hue: number }[];
  readonly goals: readonly number[];
} {
  const read = projects.filter(({ step }) => step !== undefined);
  const steps = new Map<string, number>();
  const goals = new Set<number>();
  for (const project of read) {
    const text = tell(project);
    for (const goal of text.goals) goals.add(goal);
    for (const topic of text.topics)
      steps.set(topic, Math.min(steps.get(topic) ?? Infinity, project.step as number));
  }
  const topics = [...steps.keys()].sort();
  const found = topics.toSorted((a, b) => (steps.get(a) as number) - (steps.get(b) as number));
  const hues = new Map(found.map((topic, i) => [topic, hueOf(i)]));
  return {
    all: read.map((project) => {
      const text = tell(project);
      return show(project, text, hues.get(text.topics[0] ?? "") ?? hueOf(project.index));
    }),
    topics: topics.map((name) => ({ name, hue: hues.get(name) as number })),
    goals: [...goals].sort((a, b) => a - b),
  };
}

export function filterShown(
  all: readonly Shown[],
  { words, topics, goals, only }: Wanted,
): readonly Shown[] {
  const asked = words.trim().toLowerCase();
  return all.filter(
    (one) =>
      one.words.includes(asked) &&
      (topics.length === 0 || one.text.topics.some((topic) => topics.includes(topic))) &&
      (goals.length === 0 || one.text.goals.some((goal) => goals.includes(goal))) &&
      (only === undefined || only.includes(one.index)),
  );
}

/** In an order in which no project is always the first, by name, or the last added first. `mixed`: projects in the first of these; others come behind. */
export function sortShown(
  shown: readonly Shown[],
  order: Order,
  mixed: readonly number[],
): readonly Shown[] {
  const places = new Map(mixed.map((index, place) => [index, place]));
  const { compare } = new Intl.Collator(currentLanguage());
  return [...shown].sort((a, b) =>
    order === "name"
      ? compare(a.text.name, b.text.name) || a.index - b.index
      : order === "newest"
        ? b.index - a.index
        : (places.get(a.index) ?? mixed.length) - (places.get(b.index) ?? mixed.length),
  );
}
