import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig, useConnect, useConnectors, useDisconnect } from "wagmi";
import { useSite } from "../config/site.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice, Placeholder } from "../ui/layout.tsx";
import { problemText } from "../ui/problem.ts";
import { addWords } from "../i18n/index.ts";
import { SandboxAccounts } from "./sandbox_accounts.tsx";
import { SANDBOX_WALLET } from "./sandbox_id.ts";

await addWords("wallet");

const ElsewhereConnect = lazy(() => import("./elsewhere_connect.tsx"));
const Elsewhere = lazy(() => import("./elsewhere.tsx"));

/** Every wallet that announces itself to the page (EIP-6963); where the site has a relay for them, and its button is pressed, one that is elsewhere. */
export default function ChooseWallet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const site = useSite();
  const config = useConfig();
  const { address, connector: current } = useAccount();
  const connectors = useConnectors();
  const { mutate: connect, isPending, error } = useConnect();
  const { mutate: disconnect } = useDisconnect();
  const [elsewhere, setElsewhere] = useState(false);
  const [connecting, setConnecting] = useState(false);
  if (!open && connecting) setConnecting(false);
  const wallets = connectors.filter(({ id }) => id !== SANDBOX_WALLET);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={address === undefined ? t("wallet.choose") : t("wallet.yours")}
      description={
        site.walletConnect === undefined ? t("wallet.explain") : t("walletConnect.explain")
      }
    >
      <div className="space-y-3">
        {site.sandbox !== undefined && <SandboxAccounts onChosen={() => onOpenChange(false)} />}
        {wallets.map((connector) => (
          <Button
            key={connector.uid}
            look="outline"
            className="w-full justify-start"
            disabled={isPending}
            aria-pressed={connector.uid === current?.uid}
            onClick={() =>
              connector.uid === current?.uid
                ? onOpenChange(false)
                : connect({ connector }, { onSuccess: () => onOpenChange(false) })
            }
          >
            {connector.icon !== undefined && (
              <img src={connector.icon} alt="" width={24} height={24} className="size-6" />
            )}
            {connector.name}
          </Button>
        ))}
        {site.walletConnect !== undefined && !connecting && (
          <Button
            look="outline"
            className="w-full justify-start text-left"
            disabled={isPending}
            onClick={() => setConnecting(true)}
          >
            {t("walletConnect.start")}
          </Button>
        )}
        {site.walletConnect !== undefined && connecting && (
          <Suspense fallback={<Placeholder label={t("common.loading")} />}>
            <ElsewhereConnect
              config={config}
              site={site}
              option={site.walletConnect}
              onWallet={(connector) =>
                connect({ connector }, { onSuccess: () => onOpenChange(false) })
              }
            />
          </Suspense>
        )}
        {wallets.length === 0 && site.sandbox === undefined && (
          <Notice title={t("wallet.none")}>{t("wallet.noneHelp")}</Notice>
        )}
        {elsewhere ? (
          <Suspense fallback={<Placeholder label={t("common.loading")} />}>
            <Elsewhere />
          </Suspense>
        ) : (
          <Button look="quiet" className="-ml-3" onClick={() => setElsewhere(true)}>
            {t("elsewhere.show")}
          </Button>
        )}
        {error !== null && (
          <Notice tone="bad" live title={problemText(error, t).title}>
            {problemText(error, t).help}
          </Notice>
        )}
        {address !== undefined && (
          <Button look="quiet" onClick={() => (disconnect({}), onOpenChange(false))}>
            {t("wallet.disconnect")}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
