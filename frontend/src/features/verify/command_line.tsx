import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "viem";
import { Button } from "../../ui/button.tsx";

/** The same check without this page. */
export function CommandLine({
  chainId,
  round,
  rpc,
  development,
}: {
  chainId: number;
  round: Address;
  rpc: string;
  development: boolean;
}) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const keys = development ? "" : " --artifacts KEYS";
  // An address of a node is the visitor's or the site's: quoted, so that no shell reads more into it.
  const command = `bin/tacit verify --chain ${chainId} --round ${round}${keys} --rpc '${rpc.replaceAll("'", "%27")}'`;
  return (
    <div className="mt-5">
      <pre className="overflow-x-auto rounded-card border border-line bg-raise p-4 text-[0.85rem] whitespace-pre-wrap break-all">
        {command}
      </pre>
      <div className="mt-3 flex flex-wrap items-center gap-4">
        <Button
          look="outline"
          onClick={() =>
            void navigator.clipboard.writeText(command).then(
              () => setCopied(true),
              () => undefined, // it can be marked and copied by hand
            )
          }
        >
          {t("verify.copy")}
        </Button>
        <span role="status" className="text-[0.9rem] text-accent">
          {copied ? t("verify.copied") : ""}
        </span>
      </div>
      <p className="measure mt-3 text-[0.93rem] text-soft">
        {t("verify.commandHelp")}
        {!development && <> {t("verify.commandKeys")}</>}
      </p>
    </div>
  );
}
