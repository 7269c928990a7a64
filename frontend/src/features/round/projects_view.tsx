import {
  lazy,
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { FIRST_STEP } from "../../../../src/index.ts";
import { arrangeProjects } from "../../chain/arrange.ts";
import { panelOf, reviewedIn } from "../../chain/reviews.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useCart, useMarks } from "../../donor/cart.ts";
import { CartBar } from "../../donor/cart_bar.tsx";
import { Explain } from "../../donor/explain.tsx";
import { countText } from "../../format.ts";
import { projectHref } from "../../router.ts";
import { Button } from "../../ui/button.tsx";
import { Caught } from "../../ui/caught.tsx";
import { Notice } from "../../ui/layout.tsx";
import { FilterBar, NO_FILTERS } from "./filters.tsx";
import { ProjectCard } from "./project_card.tsx";
import { RoundAbout } from "./round_about.tsx";
import { describeAll, filterShown, sortShown } from "./shown.ts";

const PanelSummary = lazy(() => import("../../donor/panel_summary.tsx"));

/** Cards at first and with each press: a thousand at once would keep a phone busy for seconds. */
const CARDS = FIRST_STEP;

export function ProjectsView(
  view: RoundView & { isComing: boolean; onOpen: (project: number) => void },
) {
  const { t, i18n } = useTranslation();
  const { facts, projects, order, isWhole, isComing, stage, onOpen } = view;
  const [filters, setFilters] = useState(NO_FILTERS);
  const [cards, setCards] = useState(CARDS);
  // As they come, so that none moves when others do.
  const [mixed] = useState(() => (isWhole ? arrangeProjects(projects.length, undefined) : order));
  const cart = useCart(facts);
  const marks = useMarks(facts);
  const wanted = useDeferredValue(filters);
  const { all, topics, goals } = useMemo(
    () => describeAll(projects),
    [projects, i18n.language], // names and descriptions come in several languages
  );
  const shown = useMemo(
    () =>
      sortShown(
        filterShown(all, {
          words: wanted.search,
          topics: wanted.topics,
          goals: wanted.goals,
          only: wanted.markedOnly ? marks.marked : undefined,
        }),
        wanted.order,
        mixed,
      ),
    [all, wanted, mixed, marks.marked],
  );
  const list = useRef<HTMLUListElement>(null);
  const goOnFrom = useRef<number>(undefined);
  useEffect(() => {
    // Whoever reads by ear or keyboard goes on with the first of the new ones: the button has moved behind them, or is gone.
    const next =
      goOnFrom.current === undefined ? undefined : list.current?.children[goOnFrom.current];
    goOnFrom.current = undefined;
    next?.querySelector("a")?.focus({ preventScroll: true });
  }, [cards]);
  // The same functions in each second, so that no card is drawn anew with the clock.
  const now = useRef({ onOpen, cart, marks });
  useEffect(() => {
    now.current = { onOpen, cart, marks };
  });
  const open = useCallback((project: number) => now.current.onOpen(project), []);
  const choose = useCallback((project: number) => now.current.cart.toggle(project), []);
  const mark = useCallback((project: number) => now.current.marks.toggle(project), []);
  const chosen = new Set(cart.lines.map(({ project }) => project));
  const marked = new Set(marks.marked);
  const counts = { shown: countText(shown.length), all: countText(projects.length) };
  const canChoose = stage === "open" || stage === "upcoming";
  const hasPanel = panelOf(facts) !== undefined;
  const { isFinal } = reviewedIn(view);
  const reviewed = useMemo(
    () => (hasPanel ? { facts, projects, isFinal } : undefined),
    [hasPanel, facts, projects, isFinal],
  );
  return (
    <div className={stage === "open" ? "pb-24" : ""}>
      <RoundAbout {...view} />
      {stage === "upcoming" && (
        <div className="mb-6">
          <Notice title={t("round.notYet")}>{t("round.notYetHelp")}</Notice>
        </div>
      )}
      {stage === "counting" && (
        <div className="mb-6">
          <Notice title={t("round.counting")}>
            <p>{t("round.countingHelp")}</p>
            <Explain what="coordinator" />
          </Notice>
        </div>
      )}
      {(stage === "aborted" || stage === "cancelled" || stage === "overdue") && (
        <div className="mb-6">
          <Notice title={t(`round.over.${stage}`)}>
            {stage === "overdue" ? t("round.overdueHelp") : t("round.overHelp")}
          </Notice>
        </div>
      )}
      {hasPanel && (
        <Suspense>
          <PanelSummary view={view} />
        </Suspense>
      )}
      <FilterBar
        filters={filters}
        onChange={(next) => (setFilters(next), setCards(CARDS))}
        topics={topics}
        goals={goals}
        marked={marks.marked.length}
      />
      {/* A busy region is told when it is done, not with each step. */}
      <p role="status" aria-busy={isComing} className="mb-3 text-[0.87rem] text-soft">
        {isWhole ? t("projects.count", counts) : t("projects.countSoFar", counts)}
      </p>
      {projects.length === 0 && (
        <Notice title={t("projects.none")}>{t("projects.noneHelp")}</Notice>
      )}
      <h2 className="sr-only">{t("views.projects")}</h2>
      <ul
        ref={list}
        aria-busy={isComing}
        className="grid gap-3 sm:grid-cols-2 sm:gap-4 lg:grid-cols-3"
      >
        {shown.slice(0, cards).map((project) => (
          <Caught
            key={project.index}
            otherwise={<li>{t("projects.unnamed", { index: project.index })}</li>}
          >
            <ProjectCard
              project={project}
              chainId={facts.chainId}
              href={projectHref(facts.chainId, facts.address, project.index)}
              onOpen={open}
              chosen={chosen.has(project.index)}
              onToggle={canChoose ? choose : undefined}
              marked={marked.has(project.index)}
              onMark={mark}
              reviewedIn={reviewed}
            />
          </Caught>
        ))}
      </ul>
      {/* Below the list, so that nothing of it moves when this goes. */}
      {isComing && <p className="mt-6 text-[0.87rem] text-soft">{t("projects.coming")}</p>}
      {shown.length > cards && (
        <Button
          look="outline"
          className="mt-6"
          onClick={() => ((goOnFrom.current = cards), setCards(cards + CARDS))}
        >
          {t("projects.more", { count: countText(Math.min(CARDS, shown.length - cards)) })}
        </Button>
      )}
      {stage === "open" && <CartBar view={view} />}
    </div>
  );
}
