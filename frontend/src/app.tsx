import { lazy, Suspense, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { getAddress } from "viem";
import { RoundsPage } from "./features/rounds/rounds_page.tsx";
import { useRoute, type Route } from "./router.ts";
import { PAGES } from "./pages.ts";
import { ACCOUNT_SLOT } from "./shell/header.tsx";
import { WordsAt } from "./shell/words.tsx";
import { Caught } from "./ui/caught.tsx";
import { StartFailed } from "./ui/start_failed.tsx";
import { LinkButton } from "./ui/button.tsx";
import { PageTitle, Placeholder } from "./ui/layout.tsx";
import { AccountButton } from "./wallet/account_button.tsx";

const RoundPage = lazy(PAGES.round);
const HowPage = lazy(PAGES.how);
const CreatePage = lazy(PAGES.create);
const GiftsPage = lazy(PAGES.gifts);
const MemberPage = lazy(PAGES.member);

/** What stands inside the shell: the page, and in the header the account. */
export function App() {
  const route = useRoute();
  const { t } = useTranslation();
  const place = JSON.stringify(route);
  const shown = useRef(place);
  useEffect(() => {
    if (shown.current === place) return; // the first page begins at its top, as any page does
    shown.current = place;
    scrollTo(0, 0);
    // A reader of the screen is told where it came to.
    requestAnimationFrame(() =>
      document.getElementById("page-title")?.focus({ preventScroll: true }),
    );
  }, [place]);
  return (
    <WordsAt
      round={route.page === "round" ? { ...route, round: getAddress(route.round) } : undefined}
    >
      {createPortal(<AccountButton />, document.getElementById(ACCOUNT_SLOT) as HTMLElement)}
      <Caught key={place} otherwise={<StartFailed reason="" />}>
        <Suspense fallback={<Placeholder label={t("common.loading")} lines={9} />}>
          <Page route={route} />
        </Suspense>
      </Caught>
    </WordsAt>
  );
}

function Page({ route }: { route: Route }) {
  const { t } = useTranslation();
  if (route.page === "rounds") return <RoundsPage />;
  if (route.page === "how") return <HowPage />;
  if (route.page === "create") return <CreatePage />;
  if (route.page === "gifts") return <GiftsPage />;
  if (route.page === "member") return <MemberPage />;
  if (route.page === "round") return <RoundPage key={route.round} {...route} />;
  return (
    <>
      <PageTitle lead={t("shell.unknownHelp")}>{t("shell.unknown")}</PageTitle>
      <LinkButton href="#/">{t("shell.rounds")}</LinkButton>
    </>
  );
}
