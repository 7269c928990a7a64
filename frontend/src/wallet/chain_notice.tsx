import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { toChain } from "../chain/writes.ts";
import type { SiteChain } from "../config/site.ts";
import { addWords } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/layout.tsx";
import { ProblemNotice } from "../ui/problem_notice.tsx";
import { useAction } from "../ui/use_action.ts";

await addWords("wallet");

/** Says that the wallet is on another chain than `chain`, and changes it; nothing where all is well. */
export default function ChainNotice({ chain: { id, name } }: { chain: SiteChain }) {
  const { t } = useTranslation();
  const config = useConfig();
  const { address, chainId } = useAccount();
  const { run, busy, error } = useAction(() => toChain(config, id));
  if (address === undefined || chainId === undefined || chainId === id) return null;
  return (
    <div className="mb-8 space-y-4">
      <Notice tone="bad" live title={t("problem.chain.title")}>
        <p>{t("wallet.wrongChain", { chain: name })}</p>
        <Button look="outline" className="mt-3" busy={busy} onClick={() => void run()}>
          {t("wallet.toChain", { chain: name })}
        </Button>
      </Notice>
      <ProblemNotice error={error} />
    </div>
  );
}
