import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { mixesAlphabets } from "../../plain_text.ts";
import { describeProject, type ProjectText } from "../../chain/metadata.ts";
import { useCart } from "../../donor/cart.ts";
import { CartBar } from "../../donor/cart_bar.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/layout.tsx";
import { Emblem } from "../../ui/emblem.tsx";
import { TextField, SelectField } from "../../ui/field.tsx";
import { countText } from "../../format.ts";
import { RoundAbout } from "./round_about.tsx";
import type { RoundView } from "../../chain/round_view.ts";

type Shown = { readonly index: number; readonly eligible: boolean; readonly text: ProjectText };

export function ProjectsView(view: RoundView) {
  const { t } = useTranslation();
  const { facts, projects, stage } = view;
  const [search, setSearch] = useState("");
  const [category, setCategory] = useState("");
  const [order] = useState(() => shuffled(projects.length));
  const wanted = useDeferredValue(search.trim().toLowerCase());
  const all: Shown[] = projects.map((project) => ({
    index: project.index,
    eligible: project.eligible,
    text: describeProject(project),
  }));
  const goals = [...new Set(all.flatMap(({ text }) => text.goals))].sort((a, b) => a - b);
  const topics = [...new Set(all.flatMap(({ text }) => text.topics))].sort();
  const matches = ({ text }: Shown) =>
    `${text.name} ${text.summary} ${text.topics.join(" ")}`.toLowerCase().includes(wanted) &&
    (category === "" ||
      text.goals.some((goal) => `goal-${goal}` === category) ||
      text.topics.includes(category));
  const shown = all.filter(matches).sort((a, b) => (order[a.index] ?? 0) - (order[b.index] ?? 0));
  const cart = useCart(facts);
  return (
    <div className={stage === "open" ? "pb-24" : ""}>
      <RoundAbout facts={facts} />
      {stage === "upcoming" && (
        <div className="mb-6">
          <Notice title={t("round.notYet")}>{t("round.notYetHelp")}</Notice>
        </div>
      )}
      {stage === "counting" && (
        <div className="mb-6">
          <Notice title={t("round.counting")}>{t("round.countingHelp")}</Notice>
        </div>
      )}
      {(stage === "aborted" || stage === "cancelled" || stage === "overdue") && (
        <div className="mb-6">
          <Notice title={t(`round.over.${stage}`)}>
            {stage === "overdue" ? t("round.overdueHelp") : t("round.overHelp")}
          </Notice>
        </div>
      )}
      <div className="mb-7 grid grid-cols-[1fr_9.5rem] gap-3 sm:grid-cols-[1fr_18rem] sm:gap-4">
        <TextField
          type="search"
          autoComplete="off"
          label={t("projects.search")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder={t("projects.searchHint")}
        />
        <SelectField
          label={t("projects.category")}
          value={category}
          onChange={(event) => setCategory(event.target.value)}
        >
          <option value="">{t("projects.every")}</option>
          {goals.length > 0 && (
            <optgroup label={t("projects.goals")}>
              {goals.map((goal) => (
                <option key={goal} value={`goal-${goal}`}>
                  {goal}. {t(`sdg.${goal}`)}
                </option>
              ))}
            </optgroup>
          )}
          {topics.length > 0 && (
            <optgroup label={t("projects.topics")}>
              {topics.map((topic) => (
                <option key={topic} value={topic}>
                  {topic}
                </option>
              ))}
            </optgroup>
          )}
        </SelectField>
      </div>
      <p role="status" className="mb-4 text-[0.9rem] text-soft">
        {t("projects.count", { shown: countText(shown.length), all: countText(all.length) })}
      </p>
      {projects.length === 0 && (
        <Notice title={t("projects.none")}>{t("projects.noneHelp")}</Notice>
      )}
      <h2 className="sr-only">{t("views.projects")}</h2>
      <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {shown.map((project) => (
          <ProjectCard
            key={project.index}
            project={project}
            chosen={cart.lines.some(({ project: index }) => index === project.index)}
            onToggle={
              stage === "open" || stage === "upcoming"
                ? () => cart.toggle(project.index)
                : undefined
            }
          />
        ))}
      </ul>
      {stage === "open" && <CartBar view={view} />}
    </div>
  );
}

function ProjectCard({
  project: { index, eligible, text },
  chosen,
  onToggle,
}: {
  project: Shown;
  chosen: boolean;
  onToggle: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const name = text.name || t("projects.unnamed", { index });
  return (
    <li
      className={`flex min-w-0 flex-col rounded-card border bg-raise p-5 transition-colors ${chosen ? "border-accent" : "border-line"}`}
    >
      <div className="flex items-start gap-3.5">
        <Emblem of={`${index} ${text.name}`} size={46} className="text-accent" />
        <div className="min-w-0">
          <h3 className="text-[1.2rem] leading-snug wrap-anywhere">{name}</h3>
          {mixesAlphabets(text.name) && (
            <p className="mt-0.5 text-[0.85rem] font-medium text-bad">{t("projects.mixed")}</p>
          )}
          {!eligible && (
            <p className="mt-0.5 text-[0.85rem] font-medium text-bad">{t("projects.delisted")}</p>
          )}
        </div>
      </div>
      {text.summary !== "" && (
        <p className="mt-3 line-clamp-4 text-[0.93rem] text-soft wrap-anywhere">{text.summary}</p>
      )}
      <p className="mt-3 flex flex-wrap gap-x-3 gap-y-1 text-[0.8rem] text-soft wrap-anywhere">
        {text.goals.map((goal) => (
          <span key={goal}>
            {goal}. {t(`sdg.${goal}`)}
          </span>
        ))}
        {text.topics.map((topic) => (
          <span key={topic}>{topic}</span>
        ))}
      </p>
      <div className="mt-auto flex items-center justify-between gap-3 pt-4">
        {text.url === undefined ? (
          <span />
        ) : (
          <a
            href={text.url}
            target="_blank"
            rel="noopener noreferrer"
            className="inline-flex min-h-11 items-center text-[0.9rem] text-accent underline underline-offset-4"
          >
            {/* Where it leads, as the browser will have it: letters that look like others stand there in their code. */}
            <span className="max-w-40 truncate">{new URL(text.url).host}</span>
            <span className="sr-only">
              {" "}
              {t("projects.visit")} {text.name}
            </span>
          </a>
        )}
        {onToggle !== undefined && eligible && (
          <Button
            look={chosen ? "solid" : "outline"}
            aria-pressed={chosen}
            onClick={onToggle}
            aria-label={
              chosen ? t("projects.removeNamed", { name }) : t("projects.addNamed", { name })
            }
          >
            {chosen ? t("projects.chosen") : t("projects.add")}
          </Button>
        )}
      </div>
    </li>
  );
}

/** A place for each project, drawn anew for every visit: the first on the page would otherwise get more. */
function shuffled(count: number): number[] {
  const places = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [places[i], places[j]] = [places[j] as number, places[i] as number];
  }
  return places;
}
