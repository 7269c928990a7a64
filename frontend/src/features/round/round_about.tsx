import { lazy, Suspense, useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountNames, useAccountText } from "../../chain/account_text.ts";
import { useRoundText } from "../../chain/reads.ts";
import type { RoundView } from "../../chain/round_view.ts";
import { useShareAddress } from "../../config/share.ts";
import { dateText, shortAddress } from "../../format.ts";
import { roundHref } from "../../router.ts";
import { hasMarkdown } from "../../markdown.ts";
import { ExplorerLink } from "../../ui/explorer_link.tsx";
import { Share } from "../../ui/share.tsx";

const Markdown = lazy(() => import("../../ui/markdown.tsx"));
const RoundTerms = lazy(() => import("./round_terms.tsx"));
const AddToCalendar = lazy(() => import("./add_to_calendar.tsx"));

/** What the organiser says about the round; fixed when it was created, and checked against the round's own address. */
export function RoundAbout(view: RoundView) {
  const { t } = useTranslation();
  const { facts } = view;
  const text = useRoundText(facts);
  const shareAddress = useShareAddress(facts.chainId, facts.address);
  const { description = "", rules = "", organiser, url } = text ?? {};
  const names = useContext(AccountNames);
  const account = useAccountText();
  // A phone's first screen is for the projects.
  const [termsAsked, setTermsAsked] = useState(false);
  const [isWide] = useState(() => matchMedia("(min-width: 640px)").matches);
  return (
    <details open={isWide} className="mb-4 max-w-3xl">
      <summary className="min-h-11 w-fit cursor-pointer py-2.5 text-accent underline underline-offset-4">
        {t("about.description")}
      </summary>
      {description !== "" &&
        (hasMarkdown(description) ? (
          <Suspense>
            <Markdown text={description} level={1} />
          </Suspense>
        ) : (
          <p className="measure whitespace-pre-line wrap-anywhere">{description}</p>
        ))}
      {/* What few open does not move the list when it comes. */}
      <details
        className="mt-1"
        onToggle={({ currentTarget }) => currentTarget.open && setTermsAsked(true)}
      >
        <summary className="min-h-11 w-fit cursor-pointer py-2.5 text-accent underline underline-offset-4">
          {t("about.terms")}
        </summary>
        {termsAsked && (
          <Suspense fallback={<p className="text-soft">{t("common.loading")}</p>}>
            <RoundTerms {...view} />
          </Suspense>
        )}
      </details>
      <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1 text-[0.93rem] text-soft">
        {organiser !== undefined && (
          <span className="wrap-anywhere">
            {t("about.by", { name: organiser.name })}
            {organiser.contact === "" ? "" : ` · ${organiser.contact}`}
          </span>
        )}
        {names.has(facts.settings.organiser) && (
          <span className="wrap-anywhere">
            {t("about.account", { account: account(facts.settings.organiser) })}
          </span>
        )}
        {[url, organiser?.url].map(
          (link, i) =>
            link !== undefined && (
              <a
                key={i}
                href={link}
                target="_blank"
                rel="noopener noreferrer"
                className="text-accent underline underline-offset-4 break-all"
              >
                {new URL(link).host}
              </a>
            ),
        )}
        <span>
          {t("about.contract")}{" "}
          <ExplorerLink chainId={facts.chainId} of={facts.address}>
            <span className="font-mono text-[0.9em]">{shortAddress(facts.address)}</span>
          </ExplorerLink>
        </span>
        <a
          href={roundHref(facts.chainId, facts.address, "organise")}
          className="text-accent underline underline-offset-4"
        >
          {t("about.settings")}
        </a>
        <Share
          href={shareAddress()}
          title={text?.name ?? t("round.name", { date: dateText(facts.settings.start) })}
        />
        <Suspense>
          <AddToCalendar {...view} name={text?.name} />
        </Suspense>
      </div>
      {rules !== "" && (
        <section className="mt-2">
          <h2 className="text-[1.1rem]">{t("about.rules")}</h2>
          <Suspense>
            <Markdown text={rules} level={2} />
          </Suspense>
        </section>
      )}
    </details>
  );
}
