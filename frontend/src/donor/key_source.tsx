import { Tabs } from "radix-ui";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { signMessage } from "wagmi/actions";
import { hexToBytes, type Address, type Hex } from "viem";
import { backupCodeBytes, BackupCodeError, keyText, newBackupCode } from "../../../src/index.ts";
import { readClient } from "../chain/read_client.ts";
import type { RoundFacts } from "../chain/reads.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/layout.tsx";
import { SecretField } from "../ui/secret_field.tsx";

const SOURCES = ["wallet", "code"] as const;

/** The two things that go with a passphrase, for the donor to choose: what the wallet signs (KEY-5), or a backup code (KEY-8). */
export function useKeySource({
  facts,
  account,
  use,
}: {
  facts: RoundFacts;
  account: Address;
  /** A new key, for which a code can be made here; the same key once more; or what is sealed on the device, without any passphrase. */
  use: "make" | "repeat" | "open";
}): {
  readonly fields: ReactNode;
  readonly ready: boolean;
  /** Its bytes; for a new key the wallet is asked twice. @throws ContractWalletError, WalletSignatureError */
  readonly read: () => Promise<Uint8Array>;
} {
  const { t } = useTranslation();
  const config = useConfig();
  const makes = use === "make";
  const [source, setSource] = useState<(typeof SOURCES)[number]>("wallet");
  const [code, setCode] = useState("");
  const [drawn, setDrawn] = useState("");
  const bytes = readCode(code);
  const draw = () => {
    const made = newBackupCode();
    setCode(made);
    setDrawn(made);
  };
  const hasCode = async () =>
    ((await readClient(config, facts.chainId).getCode({ address: account })) ?? "0x").replace(
      /^0xef0100.{40}$/i,
      "0x",
    ) !== "0x";
  const read = async () => {
    if (source === "code") return bytes as Uint8Array;
    const message = keyText(facts);
    const sign = async () =>
      toOwn(await signMessage(config, { account, message }), account, message);
    const signature = await sign();
    // A contract's signature may come out differently next time, and with it the key.
    if (await hasCode()) throw new ContractWalletError();
    // So may that of a wallet that draws chance for each, or shares its key among several machines.
    if (makes && (await sign()) !== signature) throw new WalletSignatureError();
    return hexToBytes(signature);
  };
  const fields = (
    <Tabs.Root value={source} onValueChange={(next) => setSource(next as typeof source)}>
      <Tabs.List aria-label={t("passphrase.with")} className="flex gap-5 border-b border-line">
        {SOURCES.map((name) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="-mb-px min-h-11 border-b-2 border-transparent text-[0.93rem] text-soft data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {t(`passphrase.source.${name}`)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="wallet" className="pt-3 text-[0.9rem] text-soft">
        {t("passphrase.walletHelp")}
        {use !== "open" && ` ${t("passphrase.walletSame")}`}
        {makes && ` ${t("passphrase.walletTwice")}`}
      </Tabs.Content>
      <Tabs.Content value="code" className="space-y-3 pt-3">
        <p className="text-[0.9rem] text-soft">
          {t("passphrase.codeHelp")}
          {makes && ` ${t("passphrase.codeKeep")}`}
        </p>
        <SecretField
          label={t("passphrase.code")}
          className="font-mono"
          value={code}
          onChange={setCode}
          error={code !== "" && bytes === undefined ? t("passphrase.codeWrong") : undefined}
        />
        {/* A phone's field is too narrow for the whole of what has to be written down. */}
        {makes && drawn !== "" && code === drawn && (
          <p
            role="status"
            className="rounded-lg border border-line bg-raise p-3.5 font-mono leading-relaxed break-words select-all"
            translate="no"
          >
            {code}
          </p>
        )}
        {makes && (
          <Button look="outline" onClick={draw}>
            {t("passphrase.newCode")}
          </Button>
        )}
      </Tabs.Content>
    </Tabs.Root>
  );
  return { fields, ready: source === "wallet" || bytes !== undefined, read };
}

/** The code's bytes; undefined while what is typed is none. */
function readCode(code: string): Uint8Array | undefined {
  try {
    return backupCodeBytes(code);
  } catch (error) {
    if (error instanceof BackupCodeError) return undefined;
    throw error;
  }
}

export class ContractWalletError extends Error {
  override readonly name = "ContractWalletError";
}

/** What the wallet gave is not this account's signature of the text, or is another one each time: no key can be made from it again. */
export class WalletSignatureError extends Error {
  override readonly name = "WalletSignatureError";
}

/** A signature in the one form of KEY-4. @throws WalletSignatureError where it is not the account's own */
async function toOwn(signature: Hex, account: Address, message: string): Promise<Hex> {
  // What checks a signature is 12 kB, and needed by nobody before.
  const { readOwnSignature } = await import("./own_signature.ts");
  const own = await readOwnSignature(signature, account, message);
  if (own === undefined) throw new WalletSignatureError();
  return own;
}

/** Why what was chosen makes no key, in words; undefined for every other trouble. */
export function useSourceProblem(error: unknown): ReactNode {
  const { t } = useTranslation();
  const kind =
    error instanceof ContractWalletError
      ? "contractWallet"
      : error instanceof WalletSignatureError
        ? "otherSignature"
        : undefined;
  return (
    kind && (
      <Notice tone="bad" live title={t(`passphrase.${kind}`)}>
        {t(`passphrase.${kind}Help`)}
      </Notice>
    )
  );
}
