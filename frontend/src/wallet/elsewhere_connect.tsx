import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Config, CreateConnectorFn } from "wagmi";
import type { SiteConfig } from "../config/site.ts";
import { Button } from "../ui/button.tsx";
import { Notice, Placeholder } from "../ui/layout.tsx";
import { QrCode } from "../ui/qr_code.tsx";
import { startPairing } from "./wallet_connect.ts";

type State =
  | { readonly step: "starting" }
  | { readonly step: "waiting"; readonly uri: string }
  | { readonly step: "ended"; readonly why: "declined" | "silent" | "failed" };

type Props = {
  readonly config: Config;
  readonly site: SiteConfig;
  readonly option: NonNullable<SiteConfig["walletConnect"]>;
  readonly onWallet: (wallet: CreateConnectorFn) => void;
};

/** A wallet on another device, or in another app, over the site's relay, which is asked as soon as this is shown. */
export default function ElsewhereConnect(props: Props) {
  const [attempt, setAttempt] = useState(0);
  return <Attempt key={attempt} {...props} onAgain={() => setAttempt(attempt + 1)} />;
}

function Attempt({ config, site, option, onWallet, onAgain }: Props & { onAgain: () => void }) {
  const { t } = useTranslation();
  const [state, setState] = useState<State>({ step: "starting" });
  const found = useRef(onWallet);
  useEffect(() => void (found.current = onWallet));
  useEffect(() => {
    let shown = true;
    let abandon: (() => void) | undefined;
    const begin = async () => {
      let why: "failed" | "silent" = "failed";
      try {
        const pairing = await startPairing(config, option, site);
        abandon = pairing.abandon;
        if (!shown) return pairing.abandon();
        why = "silent";
        setState({ step: "waiting", uri: pairing.uri });
        const wallet = await pairing.wallet;
        if (shown) found.current(wallet);
      } catch (error) {
        if (shown)
          setState({
            step: "ended",
            why: (error as { code?: number }).code === 4001 ? "declined" : why,
          });
      }
    };
    void begin();
    return () => {
      shown = false;
      abandon?.();
    };
  }, [config, option, site]);
  const relay = new URL(option.relay).host;
  return (
    <section className="space-y-4 border-t border-line pt-5">
      {state.step === "starting" && <Placeholder label={t("walletConnect.starting")} lines={4} />}
      {state.step === "waiting" && <Waiting uri={state.uri} />}
      {state.step === "ended" && (
        <Notice tone="bad" live title={t(`walletConnect.${state.why}.title`)}>
          <p>{t(`walletConnect.${state.why}.help`, { relay })}</p>
          <Button look="outline" className="mt-3" onClick={onAgain}>
            {t("walletConnect.again")}
          </Button>
        </Notice>
      )}
      <div className="space-y-2 text-[0.87rem] text-soft">
        <p>{t("walletConnect.relay", { relay })}</p>
        <p>{t("walletConnect.both")}</p>
        <p>{t("walletConnect.stays")}</p>
      </div>
    </section>
  );
}

function Waiting({ uri }: { uri: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean>();
  const copy = () =>
    navigator.clipboard.writeText(uri).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <>
      <p>{t("walletConnect.scan")}</p>
      <QrCode of={uri} label={t("walletConnect.code")} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <a
          href={uri}
          rel="noopener noreferrer"
          className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
        >
          {t("walletConnect.open")}
        </a>
        <Button look="quiet" onClick={() => void copy()}>
          {t("walletConnect.copy")}
        </Button>
      </div>
      <p role="status" className="text-[0.87rem] text-soft">
        {copied === true && t("walletConnect.copied")}
        {copied === false && t("walletConnect.notCopied")}
      </p>
    </>
  );
}
