import { Tabs } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useConfig } from "wagmi";
import { signMessage } from "wagmi/actions";
import { hexToBytes, type Address } from "viem";
import {
  backupCodeBytes,
  BackupCodeError,
  isShortPassphrase,
  keyText,
  MIN_PASSPHRASE,
  newBackupCode,
  type Point,
} from "../../../src/index.ts";
import { readClient } from "../chain/read_client.ts";
import type { RoundFacts } from "../chain/reads.ts";
import type { KeyKeeper } from "../workers/keys.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Notice } from "../ui/layout.tsx";
import { KeyPictureView } from "../ui/key_picture.tsx";
import { ProblemNotice } from "../ui/problem_notice.tsx";
import { useAction } from "../ui/use_action.ts";

type Source = "wallet" | "code";

/**
 * Makes a lasting key from a passphrase and a salt, in the worker, and shows its picture. Any passphrase makes a key, and nothing here
 * or on the chain knows whether it is the one from before.
 */
export function Passphrase({
  facts,
  account,
  keeper,
  slot,
  first,
  label,
  onKey,
}: {
  facts: RoundFacts;
  account: Address;
  keeper: () => KeyKeeper;
  slot: "current" | "next";
  /** Whether this passphrase is new: then it is typed twice. */
  first: boolean;
  label: string;
  onKey: (key: Point | undefined) => void;
}) {
  const { t } = useTranslation();
  const config = useConfig();
  const [source, setSource] = useState<Source>("wallet");
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [code, setCode] = useState("");
  const [drawn, setDrawn] = useState("");
  const [key, setKey] = useState<Point>();
  const forget = () => (setKey(undefined), onKey(undefined));
  const draw = () => {
    const made = newBackupCode();
    setCode(made);
    setDrawn(made);
  };
  const bytes = readCode(code);
  const short = first && isShortPassphrase(passphrase);
  const ready =
    passphrase !== "" &&
    !short &&
    (!first || passphrase === again) &&
    (source === "wallet" || bytes !== undefined);

  const { run, busy, error } = useAction(async () => {
    const salt =
      source === "code"
        ? (bytes as Uint8Array)
        : hexToBytes(await signMessage(config, { account, message: keyText(facts) }));
    // A contract's signature may come out differently next time, and with it the key.
    if (source === "wallet" && (await hasCode())) throw new ContractWalletError();
    const made = await keeper().ask({ ask: "derive", slot, passphrase, salt });
    setPassphrase("");
    setAgain("");
    setKey(made);
    onKey(made);
  });
  const hasCode = async () =>
    ((await readClient(config, facts.chainId).getCode({ address: account })) ?? "0x").replace(
      /^0xef0100.{40}$/i,
      "0x",
    ) !== "0x";

  if (key !== undefined) return <ShownKey point={key} first={first} onOther={forget} />;
  return (
    <form
      className="space-y-4"
      autoComplete="off"
      onSubmit={(event) => (event.preventDefault(), ready && void run())}
    >
      <TextField
        label={label}
        type="password"
        autoComplete="off"
        spellCheck={false}
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
        hint={first ? t("passphrase.hint") : undefined}
        error={short && again !== "" ? t("passphrase.short", { least: MIN_PASSPHRASE }) : undefined}
      />
      {first && (
        <TextField
          label={t("passphrase.again")}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
          error={again !== "" && again !== passphrase ? t("passphrase.differs") : undefined}
        />
      )}
      <Tabs.Root value={source} onValueChange={(next) => setSource(next as Source)}>
        <Tabs.List aria-label={t("passphrase.with")} className="flex gap-5 border-b border-line">
          {(["wallet", "code"] as const).map((name) => (
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
        </Tabs.Content>
        <Tabs.Content value="code" className="space-y-3 pt-3">
          <p className="text-[0.9rem] text-soft">{t("passphrase.codeHelp")}</p>
          <TextField
            label={t("passphrase.code")}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            value={code}
            onChange={(event) => setCode(event.target.value)}
            error={code !== "" && bytes === undefined ? t("passphrase.codeWrong") : undefined}
          />
          {/* A phone's field is too narrow for the whole of what has to be written down. */}
          {first && drawn !== "" && code === drawn && (
            <p
              role="status"
              className="rounded-lg border border-line bg-raise p-3.5 font-mono leading-relaxed break-words select-all"
            >
              {code}
            </p>
          )}
          {first && (
            <Button look="outline" onClick={draw}>
              {t("passphrase.newCode")}
            </Button>
          )}
        </Tabs.Content>
      </Tabs.Root>
      <Button type="submit" look="outline" disabled={!ready} busy={busy}>
        {busy ? t("passphrase.making") : t("passphrase.make")}
      </Button>
      {error instanceof ContractWalletError ? (
        <Notice tone="bad" live title={t("passphrase.contractWallet")}>
          {t("passphrase.contractWalletHelp")}
        </Notice>
      ) : (
        <ProblemNotice error={error} />
      )}
    </form>
  );
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

/** The picture of a key, by which its owner knows it again. */
export function ShownKey({
  point,
  first,
  onOther,
}: {
  point: Point;
  first: boolean;
  onOther: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center gap-5 rounded-card border border-accent bg-wash p-5">
      <KeyPictureView of={point} size={112} label={t("passphrase.picture")} />
      <div className="min-w-48 flex-1" role="status">
        <p className="font-display text-[1.15rem]">
          {first ? t("passphrase.remember") : t("passphrase.recognise")}
        </p>
        <p className="mt-1 text-[0.9rem] text-soft">
          {first ? t("passphrase.rememberHelp") : t("passphrase.recogniseHelp")}
        </p>
        <Button look="quiet" className="-ml-3" onClick={onOther}>
          {t("passphrase.other")}
        </Button>
      </div>
    </div>
  );
}

class ContractWalletError extends Error {
  override readonly name = "ContractWalletError";
}
