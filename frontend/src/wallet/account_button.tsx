import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConnect, useConnectors, useDisconnect } from "wagmi";
import { shortAddress } from "../format.ts";
import { problemText } from "../ui/problem.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/layout.tsx";
import { Emblem } from "../ui/emblem.tsx";
import { useSite } from "../config/site.ts";
import { SandboxAccounts } from "./sandbox_accounts.tsx";
import { SANDBOX_WALLET } from "./sandbox_id.ts";

export function AccountButton() {
  const { t } = useTranslation();
  const { address } = useAccount();
  const [open, setOpen] = useState(false);
  return (
    <>
      {address === undefined ? (
        <Button look="outline" onClick={() => setOpen(true)}>
          {t("wallet.connect")}
        </Button>
      ) : (
        <Button
          look="outline"
          className="pl-2.5"
          onClick={() => setOpen(true)}
          aria-label={t("wallet.account", { address: shortAddress(address) })}
        >
          <Emblem of={address} size={28} className="text-accent" />
          <span className="font-mono text-[0.85rem]">{shortAddress(address)}</span>
        </Button>
      )}
      <WalletDialog open={open} onOpenChange={setOpen} />
    </>
  );
}

/** Every wallet that announces itself to the page (EIP-6963), and no other: no wallet service is asked. */
export function WalletDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const site = useSite();
  const { address, connector: current } = useAccount();
  const connectors = useConnectors();
  const { mutate: connect, isPending, error } = useConnect();
  const { mutate: disconnect } = useDisconnect();
  const wallets = connectors.filter(({ id }) => id !== SANDBOX_WALLET);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={address === undefined ? t("wallet.choose") : t("wallet.yours")}
      description={t("wallet.explain")}
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
        {wallets.length === 0 && site.sandbox === undefined && (
          <Notice title={t("wallet.none")}>{t("wallet.noneHelp")}</Notice>
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
