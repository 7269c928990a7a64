import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Address } from "viem";
import { MIN_PASSPHRASE, passphraseStrength, type Point } from "../../../src/index.ts";
import type { RoundFacts } from "../chain/reads.ts";
import type { KeyKeeper } from "../workers/keys.ts";
import { Button } from "../ui/button.tsx";
import { KeyPictureView } from "../ui/key_picture.tsx";
import { ProblemNotice } from "../ui/problem_notice.tsx";
import { SecretField } from "../ui/secret_field.tsx";
import { useAction } from "../ui/use_action.ts";
import { Explain } from "./explain.tsx";
import { useKeySource, useSourceProblem } from "./key_source.tsx";
import { unlockPending } from "./pending_store.ts";

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
  made: key,
  onKey,
}: {
  facts: RoundFacts;
  account: Address;
  keeper: () => KeyKeeper;
  slot: "current" | "next";
  /** Whether this passphrase is new: then it is typed twice. */
  first: boolean;
  label: string;
  /** The key that the worker has made, so that whoever comes back to this step finds it. */
  made: Point | undefined;
  onKey: (key: Point | undefined) => void;
}) {
  const { t } = useTranslation();
  const source = useKeySource({ facts, account, use: first ? "make" : "repeat" });
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const short = first && passphraseStrength(passphrase) === "short";
  const ready = passphrase !== "" && !short && (!first || passphrase === again) && source.ready;

  // A wallet that has gone to another account takes this form away with what it has under way.
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => void (here.current = false);
  }, []);
  const { run, busy, error } = useAction(async () => {
    const salt = await source.read();
    if (!here.current) return;
    const made = await keeper().ask({ ask: "derive", slot, passphrase, salt });
    if (!here.current) return;
    // What is sealed here later opens after a reload with what was used now.
    if (slot === "current") await unlockPending(facts, salt);
    setPassphrase("");
    setAgain("");
    onKey(made);
  });

  const unusable = useSourceProblem(error);
  if (key !== undefined)
    return <ShownKey point={key} first={first} onOther={() => onKey(undefined)} />;
  return (
    <form
      className="space-y-4"
      autoComplete="off"
      onSubmit={(event) => (event.preventDefault(), ready && void run())}
    >
      <SecretField
        label={label}
        value={passphrase}
        onChange={setPassphrase}
        hint={first ? t("passphrase.hint") : undefined}
        error={short && again !== "" ? t("passphrase.short", { least: MIN_PASSPHRASE }) : undefined}
      />
      {first && (
        <>
          <Meter passphrase={passphrase} />
          <SecretField
            label={t("passphrase.again")}
            value={again}
            onChange={setAgain}
            error={again !== "" && again !== passphrase ? t("passphrase.differs") : undefined}
          />
        </>
      )}
      {source.fields}
      <Button type="submit" look="outline" disabled={!ready} busy={busy}>
        {busy ? t("passphrase.making") : t("passphrase.make")}
      </Button>
      {unusable ?? <ProblemNotice error={error} />}
      <Explain what="forget" />
    </form>
  );
}

const STRENGTHS = ["short", "weak", "fair", "good"] as const;

/** How long a new passphrase withstands guessing, as far as that can be told from its form. */
function Meter({ passphrase }: { passphrase: string }) {
  const { t } = useTranslation();
  const strength = passphraseStrength(passphrase);
  const parts = passphrase === "" ? 0 : STRENGTHS.indexOf(strength);
  return (
    <div>
      <div aria-hidden className="grid grid-cols-3 gap-1.5">
        {STRENGTHS.slice(1).map((name, i) => (
          <span
            key={name}
            className={`h-1.5 rounded-full ${i >= parts ? "bg-line" : strength === "weak" ? "bg-bad" : "bg-accent"}`}
          />
        ))}
      </div>
      <p role="status" className="mt-1.5 text-[0.87rem] text-soft">
        {passphrase === ""
          ? t("passphrase.strength.none")
          : t(`passphrase.strength.${strength}`, { least: MIN_PASSPHRASE })}
      </p>
    </div>
  );
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
        <Explain what="picture" />
        <Button look="quiet" className="-ml-3" onClick={onOther}>
          {t("passphrase.other")}
        </Button>
      </div>
    </div>
  );
}
