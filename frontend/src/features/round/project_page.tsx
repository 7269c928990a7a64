import { lazy, Suspense, useContext, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { zeroAddress, type Address } from "viem";
import { AccountNames, nameText } from "../../chain/account_text.ts";
import { mixedScripts } from "../../../../src/index.ts";
import { panelOf, reviewedIn } from "../../chain/reviews.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useShareAddress } from "../../config/share.ts";
import { useCart, useMarks } from "../../donor/cart.ts";
import { CartBar } from "../../donor/cart_bar.tsx";
import { ChooseButton, MarkButton } from "../../donor/choose_button.tsx";
import { countText, dayText, shortAddress } from "../../format.ts";
import { addWords } from "../../i18n/index.ts";
import { roundHref } from "../../router.ts";
import { LinkButton } from "../../ui/button.tsx";
import { Picture } from "../../ui/picture.tsx";
import { Topic } from "../../ui/topic.tsx";
import { ExplorerLink } from "../../ui/explorer_link.tsx";
import { Notice } from "../../ui/layout.tsx";
import Markdown, { WebLink } from "../../ui/markdown.tsx";
import { Share } from "../../ui/share.tsx";
import { describeAll } from "./shown.ts";

const Escrowed = lazy(() => import("../../donor/escrowed.tsx"));
const Reviewed = lazy(() => import("../../donor/reviewed.tsx"));

await addWords("project");

/** Everything that one project says of itself, at an address of its own. */
export default function ProjectPage({
  view,
  index,
  onClose,
}: {
  view: RoundView;
  index: number;
  /** Back to the list from which it was opened; undefined where the visitor came by its address. */
  onClose: (() => void) | undefined;
}) {
  const { t, i18n } = useTranslation();
  const { facts, projects, recipients, stage } = view;
  const { chainId, address } = facts;
  const cart = useCart(facts);
  const marks = useMarks(facts);
  const shareAddress = useShareAddress(chainId, address);
  const { all } = useMemo(() => describeAll(projects), [projects, i18n.language]);
  const project = all.find((one) => one.index === index);
  const recipient = recipients[index];
  const payeeName = useContext(AccountNames).get(recipient as Address);
  useEffect(() => document.getElementById("project-title")?.focus({ preventScroll: true }), []);
  const list = roundHref(chainId, address, "projects");
  const back = (
    <a
      href={list}
      onClick={(event) => {
        if (onClose === undefined) return;
        event.preventDefault();
        onClose();
      }}
      className="mb-4 inline-flex min-h-11 items-center text-accent underline underline-offset-4"
    >
      ← {t("project.back")}
    </a>
  );
  if (project === undefined)
    return (
      <>
        {back}
        <Notice title={t("project.unknown", { index })}>{t("project.unknownHelp")}</Notice>
      </>
    );
  const { text, hue, eligible } = project;
  const isPaid = [facts.settings.token, facts.settings.poolToken].some(
    (one) => one !== zeroAddress,
  );
  const name = text.name || t("projects.unnamed", { index });
  const canChoose = (stage === "open" || stage === "upcoming") && eligible;
  const isOver = stage === "finalized" || stage === "disputable";
  return (
    <article className={stage === "open" ? "pb-24" : ""}>
      {back}
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="min-w-0">
          <div className="flex items-start gap-4">
            <Picture
              image={text.picture?.image}
              alt={text.picture?.alt}
              of={`${index} ${text.name}`}
              chainId={chainId}
              hue={hue}
              className="size-24 sm:h-36 sm:w-56 rounded-lg"
            />
            <div className="min-w-0">
              <h2
                id="project-title"
                tabIndex={-1}
                className="text-[1.6rem] leading-tight wrap-anywhere outline-none sm:text-[2rem]"
              >
                {name}
              </h2>
              {mixedScripts(text.name) !== undefined && (
                <p className="mt-1 text-[0.9rem] font-medium text-bad">{t("projects.mixed")}</p>
              )}
              {!eligible && (
                <p className="mt-1 text-[0.9rem] font-medium text-bad">{t("projects.delisted")}</p>
              )}
              <div className="mt-2 flex flex-wrap gap-1.5">
                {text.topics.map((topic) => (
                  <Topic key={topic} hue={hue}>
                    {topic}
                  </Topic>
                ))}
              </div>
            </div>
          </div>
          <div className="mt-5 flex flex-wrap items-center gap-2">
            {canChoose && (
              <ChooseButton
                name={name}
                chosen={cart.lines.some((line) => line.project === index)}
                onToggle={() => cart.toggle(index)}
              />
            )}
            {isOver && (
              <LinkButton href={roundHref(chainId, address, "results")}>
                {t("views.results")}
              </LinkButton>
            )}
            <MarkButton
              name={name}
              marked={marks.marked.includes(index)}
              onToggle={() => marks.toggle(index)}
            />
            <Share href={shareAddress(index)} title={name} />
          </div>
          <section className="mt-7">
            <h3 className="mb-3 text-[1.3rem]">{t("project.about")}</h3>
            {text.description === "" ? (
              <p className="text-soft">{t("project.silent")}</p>
            ) : (
              <Markdown text={text.description} level={3} />
            )}
          </section>
          {eligible && panelOf(facts) !== undefined && (
            <section className="mt-8">
              <h3 className="mb-3 text-[1.3rem]">
                <a
                  href={roundHref(chainId, address, "review")}
                  className="underline-offset-4 hover:underline"
                >
                  {t("project.reviews")}
                </a>
              </h3>
              <Suspense>
                <p className="measure">
                  <Reviewed view={reviewedIn(view)} project={index} />
                </p>
              </Suspense>
            </section>
          )}
          {eligible && facts.settings.poolToken !== zeroAddress && (
            <Suspense>
              <Escrowed view={view} project={index} />
            </Suspense>
          )}
          {text.milestones.length > 0 && (
            <section className="mt-8">
              <h3 className="mb-3 text-[1.3rem]">{t("project.milestones")}</h3>
              <ol className="measure divide-y divide-line border-y border-line">
                {text.milestones.map(({ title, due, shareBps }, i) => (
                  <li key={i} className="py-3">
                    <p className="wrap-anywhere">{title}</p>
                    <p className="text-[0.87rem] text-soft">
                      {[
                        due === undefined ? "" : t("project.due", { day: dayText(due) }),
                        shareBps === undefined || !isPaid
                          ? ""
                          : t("project.share", { share: `${countText(shareBps / 100)} %` }),
                      ]
                        .filter(Boolean)
                        .join(" · ")}
                    </p>
                  </li>
                ))}
              </ol>
            </section>
          )}
          {text.answers.length > 0 && (
            <section className="mt-8">
              <h3 className="mb-3 text-[1.3rem]">{t("project.answers")}</h3>
              <dl className="measure space-y-4 wrap-anywhere">
                {text.answers.map(({ question, answer }, i) => (
                  <div key={i}>
                    <dt className="font-medium">{question}</dt>
                    <dd className="mt-0.5 whitespace-pre-line text-soft">{answer}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )}
        </div>
        <aside
          aria-label={t("project.facts")}
          className="h-fit space-y-5 border-t border-line pt-5 text-[0.93rem] lg:border-l lg:border-t-0 lg:pl-8 lg:pt-0"
        >
          {(text.url !== undefined || text.links.length > 0) && (
            <section>
              <h3 className="mb-1.5 text-[1.1rem]">{t("project.links")}</h3>
              <ul className="space-y-1.5 wrap-anywhere">
                {text.url !== undefined && (
                  <li>
                    <WebLink href={text.url} words={t("projects.visit")} />
                  </li>
                )}
                {text.links.map(({ name: words, url }, i) => (
                  <li key={i}>
                    <WebLink href={url} words={words} />
                  </li>
                ))}
              </ul>
            </section>
          )}
          {text.contact !== "" && (
            <section>
              <h3 className="mb-1.5 text-[1.1rem]">{t("project.contact")}</h3>
              <p className="text-soft wrap-anywhere">{text.contact}</p>
            </section>
          )}
          {text.goals.length > 0 && (
            <section>
              <h3 className="mb-1.5 text-[1.1rem]">{t("projects.goals")}</h3>
              <ul className="space-y-1 text-soft">
                {text.goals.map((goal) => (
                  <li key={goal}>
                    {goal}. {t(`sdg.${goal}`)}
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section>
            <h3 className="mb-1.5 text-[1.1rem]">{t("project.chain")}</h3>
            <p className="text-soft">{t("project.number", { index })}</p>
            {isPaid && recipient !== undefined && (
              <p className="text-soft">
                {t("project.paidTo")} {payeeName !== undefined && <>{nameText(payeeName)} </>}
                <ExplorerLink chainId={chainId} of={recipient}>
                  <span className="font-mono text-[0.9em]">{shortAddress(recipient)}</span>
                </ExplorerLink>
              </p>
            )}
          </section>
        </aside>
      </div>
      {stage === "open" && <CartBar view={view} />}
    </article>
  );
}
