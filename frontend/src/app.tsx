import { Component, lazy, Suspense, useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { RoundsPage } from "./features/rounds/rounds_page.tsx";
import { useRoute, type Route } from "./router.ts";
import { Header } from "./shell/header.tsx";
import { Footer } from "./shell/footer.tsx";
import { StartFailed } from "./ui/start_failed.tsx";
import { LinkButton } from "./ui/button.tsx";
import { PageTitle, Placeholder } from "./ui/layout.tsx";

const RoundPage = lazy(() => import("./shell/round_page.tsx"));
const HowPage = lazy(() => import("./features/learn/how_page.tsx"));
const CreatePage = lazy(() => import("./features/organise/create_page.tsx"));

export function App() {
  const route = useRoute();
  const { t } = useTranslation();
  const place = JSON.stringify(route);
  useEffect(() => {
    scrollTo(0, 0);
    // A reader of the screen is told where it came to.
    requestAnimationFrame(() => document.getElementById("page-title")?.focus({ preventScroll: true }));
  }, [place]);
  return (
    <>
      <a href="#main" onClick={(event) => (event.preventDefault(), document.getElementById("main")?.focus())} className="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-50 focus:rounded-full focus:bg-accent focus:px-5 focus:py-2 focus:text-on-accent">
        {t("shell.skip")}
      </a>
      <Header />
      <main id="main" tabIndex={-1} className="mx-auto min-h-[75vh] w-full max-w-6xl px-5 pb-24 pt-9 outline-none sm:px-8 sm:pt-14">
        <Caught key={place}>
          <Suspense fallback={<Placeholder label={t("common.loading")} />}>
            <Page route={route} />
          </Suspense>
        </Caught>
      </main>
      <Footer />
    </>
  );
}

function Page({ route }: { route: Route }) {
  const { t } = useTranslation();
  if (route.page === "rounds") return <RoundsPage />;
  if (route.page === "how") return <HowPage />;
  if (route.page === "create") return <CreatePage />;
  if (route.page === "round") return <RoundPage key={route.round} {...route} />;
  return (
    <>
      <PageTitle lead={t("shell.unknownHelp")}>{t("shell.unknown")}</PageTitle>
      <LinkButton href="#/">{t("shell.rounds")}</LinkButton>
    </>
  );
}

/** A defect of one page leaves the others usable. Nothing is logged: an error's text may hold what was typed. */
class Caught extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? <StartFailed reason="" /> : this.props.children;
  }
}
