import { lazy, memo, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { mixedScripts } from "../../../../src/index.ts";
import { ChooseButton, MarkButton } from "../../donor/choose_button.tsx";
import { Picture } from "../../ui/picture.tsx";
import { Topic } from "../../ui/topic.tsx";
import type { ReviewedIn } from "../../chain/reviews.ts";
import type { Shown } from "./shown.ts";

const Reviewed = lazy(() => import("../../donor/reviewed.tsx"));

/** One project in the list. Its name leads to its page; whoever presses it here leaves no address of it in the browser's history. */
export const ProjectCard = memo(function ProjectCard({
  project: { index, eligible, text, hue },
  chainId,
  href,
  onOpen,
  chosen,
  onToggle,
  marked,
  onMark,
  reviewedIn,
}: {
  project: Shown;
  chainId: number;
  href: string;
  onOpen: (project: number) => void;
  chosen: boolean;
  onToggle: ((project: number) => void) | undefined;
  marked: boolean;
  onMark: (project: number) => void;
  /** Where reviewers speak of projects; the same object as long as nothing of it changes. */
  reviewedIn: ReviewedIn | undefined;
}) {
  const { t } = useTranslation();
  const name = text.name || t("projects.unnamed", { index });
  return (
    <li
      className={`aside-until-seen flex min-w-0 flex-col rounded-card border bg-raise p-4 transition-colors sm:p-5 ${chosen ? "border-accent" : "border-line"}`}
    >
      <div className="flex items-start gap-3.5">
        <Picture
          image={text.picture?.image}
          of={`${index} ${text.name}`}
          chainId={chainId}
          hue={hue}
          className="size-16 rounded-lg"
        />
        <div className="min-w-0 flex-1">
          <h3 className="text-[1.15rem] leading-snug wrap-anywhere">
            <a
              href={href}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return; // in a window of its own
                event.preventDefault();
                onOpen(index);
              }}
              className="underline-offset-4 hover:underline"
            >
              {name}
            </a>
          </h3>
          {mixedScripts(text.name) !== undefined && (
            <p className="mt-0.5 text-[0.85rem] font-medium text-bad">{t("projects.mixed")}</p>
          )}
          {!eligible && (
            <p className="mt-0.5 text-[0.85rem] font-medium text-bad">{t("projects.delisted")}</p>
          )}
          {text.summary !== "" && (
            <p className="mt-1 line-clamp-2 text-[0.9rem] leading-snug text-soft wrap-anywhere sm:line-clamp-3">
              {text.summary}
            </p>
          )}
          {eligible && reviewedIn !== undefined && (
            <p className="mt-1.5 text-[0.85rem] text-soft">
              <Suspense>
                <Reviewed view={reviewedIn} project={index} />
              </Suspense>
            </p>
          )}
        </div>
      </div>
      <div className="mt-auto flex items-center justify-between gap-2 pt-3">
        <div className="flex min-w-0 flex-wrap gap-1.5">
          {text.topics.map((topic) => (
            <Topic key={topic} hue={hue}>
              {topic}
            </Topic>
          ))}
        </div>
        <div className="flex shrink-0 items-center gap-1">
          <MarkButton name={name} marked={marked} onToggle={() => onMark(index)} />
          {onToggle !== undefined && eligible && (
            <ChooseButton name={name} chosen={chosen} onToggle={() => onToggle(index)} />
          )}
        </div>
      </div>
    </li>
  );
});
