import { useRef, useState } from "react";
import type { TFunction } from "i18next";
import { visibleText } from "../../../../../src/index.ts";
import { LineTrouble } from "../../../donor/list_field.tsx";
import { countText } from "../../../format.ts";
import { Button } from "../../../ui/button.tsx";
import { FileField } from "../../../ui/file_field.tsx";
import { Notice } from "../../../ui/layout.tsx";
import type { Reading } from "./read_files.ts";

/** Problems shown of one file. */
const SHOWN = 5;

/** A table that is dropped, chosen or pasted: what is wrong with it is told by line, and nothing of it is taken until all is right. */
export function TableField<T>({
  t,
  label,
  hint,
  read,
  taken,
  onTake,
  onClear,
  error,
}: {
  t: TFunction;
  label: string;
  hint: string;
  read: (text: string, name: string) => Reading<T> | Promise<Reading<T>>;
  /** What is there already, in words. */
  taken: string | undefined;
  onTake: (value: T) => void;
  onClear: () => void;
  error?: string | undefined;
}) {
  const [text, setText] = useState("");
  const [unread, setUnread] = useState<readonly string[]>([]);
  const [failed, setFailed] = useState<Exclude<Reading<T>, { readonly value: T }>>();
  /** What is being read; a later text stops it from being taken. */
  const newest = useRef("");
  const take = async (typed: string, name: string) => {
    setText(typed);
    newest.current = typed;
    const reading = typed.trim() === "" ? undefined : read(typed, name);
    if (reading instanceof Promise) onClear();
    const settled = await reading;
    if (newest.current !== typed) return;
    if (settled !== undefined && "value" in settled) {
      setFailed(undefined);
      setUnread(settled.unread ?? []);
      onTake(settled.value);
      return;
    }
    setFailed(settled);
    onClear();
  };
  // Of an earlier visit: the text is gone, and what was read of it is there.
  if (text === "" && taken !== undefined)
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-line bg-wash px-4 py-3">
        <p className="min-w-0 wrap-anywhere">
          <span className="text-accent">✓</span> {label}: {taken}
        </p>
        <Button look="quiet" onClick={onClear}>
          {t("wizard.file.replace")}
        </Button>
      </div>
    );
  return (
    <div className="space-y-4">
      <FileField
        label={label}
        hint={hint}
        accept=".csv,.tsv,.txt,text/*"
        value={text}
        onText={(typed, name) => void take(typed, name)}
        told={taken}
        error={failed === undefined ? error : <Failed t={t} failed={failed} />}
      />
      {taken !== undefined && unread.length > 0 && (
        <Notice title={t("wizard.file.unread")}>
          {unread.map((column) => visibleText(column, 60)).join(", ")}
        </Notice>
      )}
    </div>
  );
}

function Failed<T>({
  t,
  failed,
}: {
  t: TFunction;
  failed: Exclude<Reading<T>, { readonly value: T }>;
}) {
  if ("trouble" in failed) return <LineTrouble error={failed.trouble} />;
  const { problems } = failed;
  return (
    <>
      {problems.slice(0, SHOWN).map(({ line, problem, text }) => (
        <span key={`${line} ${problem}`} className="block wrap-anywhere">
          {t("wizard.file.line", { line: countText(line) })}{" "}
          {t(`wizard.file.problem.${problem}`, { text: visibleText(text, 60) })}
        </span>
      ))}
      {problems.length > SHOWN && (
        <span className="block">{t("wizard.file.more", { count: problems.length - SHOWN })}</span>
      )}
      <span className="block">{t("wizard.file.nothingTaken")}</span>
    </>
  );
}
