import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "viem";
import type { SiteChain } from "../../config/site.ts";
import { roundHref } from "../../router.ts";
import { Words } from "../../shell/words.tsx";
import { Notice, Placeholder } from "../../ui/layout.tsx";
import { useTitle } from "../../ui/title.ts";
import { Bars } from "./bars.tsx";
import { readFinished, type Finished } from "./read_finished.ts";
import type { ResultRow } from "./read_results.ts";
import { Said } from "./said.tsx";
import { sayResult } from "./say.ts";

/** The result inside somebody else's page: nothing to press but links to the site itself, which open outside the frame. */
export function Embedded({ chain, round }: { chain: SiteChain; round: Address }) {
  const [finished, setFinished] = useState<Finished | "failed">();
  useEffect(() => {
    readFinished(chain, round).then(setFinished, () => setFinished("failed"));
  }, [chain, round]);
  return (
    <Words of={finished === "failed" ? undefined : finished}>
      <Told chain={chain} round={round} finished={finished} />
    </Words>
  );
}

function Told({
  chain,
  round,
  finished,
}: {
  chain: SiteChain;
  round: Address;
  finished: Finished | "failed" | undefined;
}) {
  const { t } = useTranslation();
  const name =
    finished === undefined || finished === "failed"
      ? t("views.results")
      : (finished.name ?? t("round.name", { date: finished.start }));
  useTitle(name);
  const site = (view: "results" | "verify") => {
    const href = roundHref(chain.id, round, view);
    return href.startsWith("#") ? `./index.html${href}` : href;
  };
  const nameRow = (row: ResultRow) => row.name || t("projects.unnamed", { index: row.project });
  // What comes later than the first words would push them about.
  if (finished === undefined)
    return (
      <>
        <h1 className="sr-only">{name}</h1>
        <Placeholder label={t("common.loading")} lines={6} />
      </>
    );
  return (
    <>
      <header className="mb-5">
        {finished !== "failed" && <p className="eyebrow mb-1">{t(`stage.${finished.stage}`)}</p>}
        <h1 className="text-[1.6rem] leading-tight wrap-anywhere">{name}</h1>
      </header>
      {finished === "failed" ? (
        <Notice tone="bad">{t("embed.failed")}</Notice>
      ) : finished.outcome === undefined ? (
        <Notice>{t("embed.noResult")}</Notice>
      ) : (
        <>
          <Said
            said={sayResult(t, finished.outcome, nameRow)}
            stands={finished.stage !== "disputable"}
          />
          <Bars outcome={finished.outcome} nameRow={nameRow} shown={8} />
        </>
      )}
      <p className="mt-5 flex flex-wrap gap-x-5">
        {(["results", "verify"] as const).map((view) => (
          <a
            key={view}
            href={site(view)}
            target="_blank"
            rel="noopener"
            className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
          >
            {t(`embed.${view}`)}
          </a>
        ))}
      </p>
    </>
  );
}
