import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useRoute } from "../router.ts";
import { Placeholder } from "../ui/layout.tsx";
import { StartFailed } from "../ui/start_failed.tsx";
import { Frame } from "./frame.tsx";
import { Hero } from "./hero.tsx";

/** What is there at once and stays: the frame of every page, and the first page's words. `app` is added when it has come. */
export function Shell({ app }: { app: Promise<ReactNode> }) {
  const { t } = useTranslation();
  const { page } = useRoute();
  const [rest, setRest] = useState<ReactNode>();
  useEffect(() => {
    app.then(setRest, (error: unknown) =>
      setRest(<StartFailed reason={error instanceof Error ? error.message : String(error)} />),
    );
  }, [app]);
  return (
    <Frame>
      {page === "rounds" && <Hero />}
      {rest ?? <Placeholder label={t("common.loading")} lines={9} />}
    </Frame>
  );
}
