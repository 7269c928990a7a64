import { useTranslation } from "react-i18next";
import { useAccount, useConnect, useConnectors } from "wagmi";
import type { Address, EIP1193Provider } from "viem";
import { useSite } from "../config/site.ts";
import { Emblem } from "../ui/emblem.tsx";
import { SANDBOX_SELECT, SANDBOX_WALLET } from "./sandbox_id.ts";

/** The development chain's accounts, each to be played with one press. */
export function SandboxAccounts({ onChosen }: { onChosen: () => void }) {
  const { t } = useTranslation();
  const { sandbox } = useSite();
  const { address, connector: connected } = useAccount();
  const connector = useConnectors().find(({ id }) => id === SANDBOX_WALLET);
  const { mutateAsync: connect } = useConnect();
  if (sandbox === undefined || connector === undefined) return null;
  const choose = async (account: Address) => {
    const provider = (await connector.getProvider()) as EIP1193Provider;
    await provider.request({ method: SANDBOX_SELECT, params: [account] } as never);
    if (connected?.uid !== connector.uid) await connect({ connector });
    onChosen();
  };
  return (
    <div>
      <p className="mb-3 text-[0.9rem] text-soft">{t("sandbox.accounts")}</p>
      <ul className="grid grid-cols-2 gap-2">
        {sandbox.accounts.map((account) => (
          <li key={account.address}>
            <button
              type="button"
              aria-pressed={account.address === address}
              onClick={() => void choose(account.address)}
              className="flex min-h-14 w-full items-center gap-2.5 rounded-xl border border-line px-3 text-left hover:border-edge hover:bg-wash aria-pressed:border-accent aria-pressed:bg-wash"
            >
              <Emblem of={account.address} size={30} className="text-accent" />
              <span className="min-w-0">
                <span className="block truncate font-medium leading-tight">{account.name}</span>
                <span className="block text-[0.8rem] text-soft">
                  {t(`sandbox.roles.${account.role}`)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
