import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Pending } from "../../../src/index.ts";
import { Button } from "../ui/button.tsx";
import { ProblemNotice } from "../ui/problem_notice.tsx";
import { useAction } from "../ui/use_action.ts";
import { wipePending } from "./pending_store.ts";

/** Gives up what is on its way, after it has said what that means. */
export function Abandon({
  pending,
  sure,
  onAbandoned,
}: {
  pending: Pending;
  /** What giving it up means. */
  sure: string;
  onAbandoned: () => void;
}) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const { run, busy, error } = useAction(() => wipePending(pending).then(onAbandoned));
  return (
    <div className="mt-10 border-t border-line pt-4 text-[0.93rem]">
      {asked ? (
        <div className="space-y-3">
          <p>{sure}</p>
          <div className="flex gap-3">
            <Button look="outline" busy={busy} onClick={() => void run()}>
              {t("give.abandonYes")}
            </Button>
            <Button look="quiet" onClick={() => setAsked(false)}>
              {t("common.cancel")}
            </Button>
          </div>
          <ProblemNotice error={error} />
        </div>
      ) : (
        <Button look="quiet" className="-ml-3" onClick={() => setAsked(true)}>
          {t("give.abandon")}
        </Button>
      )}
    </div>
  );
}
