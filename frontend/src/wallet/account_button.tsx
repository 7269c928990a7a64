import { lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount } from "wagmi";
import { shortAddress } from "../format.ts";
import { Button } from "../ui/button.tsx";
import { Emblem } from "../ui/emblem.tsx";

const loadDialog = () => import("./wallet_dialog.tsx");
const ChooseWallet = lazy(loadDialog);

export function AccountButton() {
  const { t } = useTranslation();
  const { address } = useAccount();
  const [open, setOpen] = useState(false);
  return (
    <>
      {address === undefined ? (
        <Button look="outline" onClick={() => setOpen(true)} {...COMING}>
          {t("wallet.connect")}
        </Button>
      ) : (
        <Button
          look="outline"
          className="pl-2.5"
          onClick={() => setOpen(true)}
          {...COMING}
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

/** Whoever is about to press the button will want what it opens. */
const fetchDialog = () => void loadDialog().catch(() => undefined);
const COMING = { onPointerEnter: fetchDialog, onFocus: fetchDialog } as const;

/** The choice of wallets, which comes when it is first asked for. */
export function WalletDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const asked = useRef(false);
  asked.current ||= props.open;
  if (!asked.current) return null;
  return (
    <Suspense fallback={null}>
      <ChooseWallet {...props} />
    </Suspense>
  );
}
