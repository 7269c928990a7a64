import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAccount, useConfig } from "wagmi";
import { isAddressEqual, type Address } from "viem";
import { publishMessages, type MessageWords } from "../../../src/index.ts";
import type { RoundFacts } from "../chain/reads.ts";
import { writeClient } from "../chain/writes.ts";
import { useSiteChain, type SiteChain } from "../config/site.ts";
import { shortAddress } from "../format.ts";
import { Button, Spinner } from "../ui/button.tsx";
import { Notice } from "../ui/layout.tsx";
import { ProblemNotice } from "../ui/problem_notice.tsx";
import { useAction } from "../ui/use_action.ts";
import { WalletDialog } from "../wallet/account_button.tsx";
import type { FarWalletId } from "../wallet/wallet_connect.ts";
import { Explain } from "./explain.tsx";
import { aloneAt } from "./neighbours.ts";
import { stampInWorker } from "../workers/stamp.ts";

/**
 * Sends sealed messages: by the relay where the site has one, else, or where it fails, from an account that is not the donor's.
 * Before a contribution another account is a must: a first message whose sender can be named would be a receipt.
 */
export function PublishStep({
  facts,
  payer,
  strict,
  relayOnly = false,
  messages,
  onPublished,
}: {
  facts: RoundFacts;
  payer: Address;
  strict: boolean;
  /** Whether no account may publish, as any could lead to the donor. */
  relayOnly?: boolean;
  /** Those that still have to go out. */
  messages: () => Promise<readonly MessageWords[]>;
  onPublished: () => Promise<void> | void;
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const chain = useSiteChain(facts.chainId) as SiteChain;
  const { address, connector } = useAccount();
  const [byAccount, setByAccount] = useState(chain.relay === undefined);
  const [choosing, setChoosing] = useState(false);
  const [handed, setHanded] = useState(false);
  const { run, busy, error } = useAction(() => aloneAt(facts, publishAlone));
  async function publishAlone() {
    const encrypted = await messages();
    const by = byAccount
      ? { client: await writeClient(config, facts.chainId, address as Address) }
      : { relay: new URL(chain.relay as string, location.href).href, stamp: stampInWorker };
    await publishMessages(by, {
      round: facts.address,
      messages: encrypted,
      messageFee: facts.settings.messageFee,
    });
    setHanded(!byAccount);
    await onPublished();
  }
  const own = address !== undefined && isAddressEqual(address, payer);
  if (handed) {
    return (
      <div className="space-y-3">
        <p role="status" className="flex items-center gap-3 text-soft">
          <Spinner /> {t("publish.handed")}
        </p>
        <Button look="quiet" className="-ml-3" onClick={() => setHanded(false)}>
          {t("publish.notWaiting")}
        </Button>
      </div>
    );
  }
  if (!byAccount) {
    return (
      <div className="space-y-4">
        <p className="measure text-soft">{t("publish.relay")}</p>
        <Explain what="relay" />
        <Button busy={busy} onClick={() => void run()}>
          {busy ? t("publish.sending") : t("publish.byRelay")}
        </Button>
        <ProblemNotice error={error} />
        {error !== undefined && !relayOnly && (
          <Button look="quiet" className="-ml-3" onClick={() => setByAccount(true)}>
            {t("publish.useAccount")}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div className="space-y-4">
      <p className="measure text-soft">{strict ? t("publish.account") : t("publish.anyAccount")}</p>
      {connector?.id === ("walletConnect" satisfies FarWalletId) && (
        <p className="measure text-soft">{t("walletConnect.both")}</p>
      )}
      {strict && own ? (
        <Notice title={t("publish.switch", { account: shortAddress(payer) })}>
          <p>{t("publish.switchHelp")}</p>
          <Button className="mt-3" onClick={() => setChoosing(true)}>
            {t("publish.choose")}
          </Button>
        </Notice>
      ) : address === undefined ? (
        <Button onClick={() => setChoosing(true)}>{t("wallet.connect")}</Button>
      ) : (
        <Button busy={busy} onClick={() => void run()}>
          {busy ? t("publish.sending") : t("publish.from", { account: shortAddress(address) })}
        </Button>
      )}
      <ProblemNotice error={error} />
      {chain.relay !== undefined && (
        <Button look="quiet" className="-ml-3" onClick={() => setByAccount(false)}>
          {t("publish.useRelay")}
        </Button>
      )}
      <WalletDialog open={choosing} onOpenChange={setChoosing} />
    </div>
  );
}
