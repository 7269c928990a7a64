import { useTranslation } from "react-i18next";
import { QrCode } from "../ui/qr_code.tsx";
import { Share } from "../ui/share.tsx";

/** Links by which wallets open an address in a browser of their own, as their makers describe them. */
const WALLETS: readonly { readonly name: string; readonly open: (address: string) => string }[] = [
  {
    name: "MetaMask",
    open: (address) => `https://link.metamask.io/dapp/${address.replace(/^https?:\/\//, "")}`,
  },
  {
    name: "Coinbase Wallet",
    open: (address) => `https://go.cb-w.com/dapp?cb_url=${encodeURIComponent(address)}`,
  },
  {
    name: "Trust Wallet",
    open: (address) =>
      `https://link.trustwallet.com/open_url?coin_id=60&url=${encodeURIComponent(address)}`,
  },
  {
    name: "imToken",
    open: (address) => `imtokenv2://navigate/DappView?url=${encodeURIComponent(address)}`,
  },
];

/** For who has no wallet in this browser: this very step in a wallet's own browser, or on a phone. */
export default function Elsewhere() {
  const { t } = useTranslation();
  const address = location.href;
  return (
    <div className="space-y-6 border-t border-line pt-5">
      <section>
        <h3 className="text-[1.15rem]">{t("elsewhere.wallets")}</h3>
        <p className="mt-1 text-[0.9rem] text-soft">{t("elsewhere.walletsHelp")}</p>
        <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1">
          {WALLETS.map(({ name, open }) => (
            <li key={name}>
              <a
                href={open(address)}
                rel="noopener noreferrer"
                className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
              >
                {name}
              </a>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className="text-[1.15rem]">{t("elsewhere.phone")}</h3>
        <p className="mt-1 text-[0.9rem] text-soft">{t("elsewhere.phoneHelp")}</p>
        <QrCode of={address} label={t("elsewhere.code")} />
        <Share href={address} title={document.title} />
      </section>
      <p className="text-[0.87rem] text-soft">{t("elsewhere.plan")}</p>
    </div>
  );
}
