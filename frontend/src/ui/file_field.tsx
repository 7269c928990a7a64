import { useId, useState, type ClipboardEvent, type DragEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { decodeText, FileEncodingError, visibleText } from "../../../src/index.ts";
import { countText } from "../format.ts";
import { Button } from "./button.tsx";

/** Longer texts are not shown for editing: a field with thousands of lines holds the page up. */
const MOST_SHOWN = 20_000;
/** The longest list that a round can have, at 2^16 lines, has a tenth of this. */
const MOST_BYTES = 64 * 1024 * 1024;

type Trouble = "several" | "large" | FileEncodingError["reason"];

/**
 * The text of a file: typed or pasted, dropped onto the field as a file, or chosen. UTF-8 and UTF-16 are read as what they are, and what is no
 * text is refused with the reason. `told` says what was understood of it, with its counts.
 */
export function FileField({
  label,
  hint,
  error,
  told,
  value,
  onText,
  accept = ".csv,.tsv,.txt,.json,text/*",
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  readonly told?: ReactNode;
  readonly value: string;
  /** `name` is the file's, or empty where the text was typed. */
  readonly onText: (text: string, name: string) => void;
  readonly accept?: string;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [name, setName] = useState("");
  const [trouble, setTrouble] = useState<Trouble>();
  const [isOver, setIsOver] = useState(false);
  const take = (text: string, from: string) => {
    setTrouble(undefined);
    setName(from);
    onText(text, from);
  };
  const read = async (files: readonly File[]) => {
    const [file, second] = files;
    if (file === undefined) return;
    if (second !== undefined) return setTrouble("several");
    if (file.size > MOST_BYTES) return setTrouble("large");
    try {
      take(decodeText(new Uint8Array(await file.arrayBuffer()), file.name), file.name);
    } catch (cause) {
      setName(file.name);
      setTrouble(cause instanceof FileEncodingError ? cause.reason : "unreadable");
    }
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    const files = [...event.dataTransfer.files];
    const text = event.dataTransfer.getData("text/plain");
    if (files.length > 0) void read(files);
    else if (text !== "") take(text, "");
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return; // a text goes where the caret is
    event.preventDefault();
    void read(files);
  };
  const isLong = value.length > MOST_SHOWN;
  const wrong =
    trouble === undefined ? error : t(`file.trouble.${trouble}`, { name: visibleText(name, 80) });
  const failed = wrong !== undefined && wrong !== false;
  const described = [hint !== undefined && `${id}-hint`, failed && `${id}-error`, `${id}-told`];
  return (
    <fieldset
      className={`min-w-0 rounded-lg ${isOver ? "outline-2 outline-dashed outline-accent outline-offset-4" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
      onPaste={onPaste}
    >
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      {isLong ? (
        <output id={id} className="block rounded-lg border border-edge bg-raise px-3.5 py-2">
          {name === "" ? t("file.long") : visibleText(name, 80)}:{" "}
          {t("file.letters", { count: value.length, letters: countText(value.length) })}
        </output>
      ) : (
        <textarea
          id={id}
          rows={5}
          spellCheck={false}
          autoComplete="off"
          className="min-h-28 w-full rounded-lg border border-edge bg-raise px-3.5 py-2 text-ink placeholder:text-soft aria-invalid:border-bad"
          placeholder={t("file.drop")}
          value={value}
          aria-invalid={failed || undefined}
          aria-describedby={described.filter(Boolean).join(" ")}
          onChange={(event) => take(event.target.value, "")}
        />
      )}
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <label className="inline-flex min-h-11 cursor-pointer items-center rounded-full border border-edge px-5 font-medium hover:bg-wash has-focus-visible:outline-2 has-focus-visible:outline-accent">
          {t("file.choose")}
          <input
            type="file"
            accept={accept}
            className="sr-only"
            onChange={(event) => {
              void read([...(event.target.files ?? [])]);
              event.target.value = ""; // so that the same file may be chosen again once it is corrected
            }}
          />
        </label>
        {value !== "" && (
          <Button type="button" look="quiet" onClick={() => take("", "")}>
            {t("file.remove")}
          </Button>
        )}
      </div>
      <p id={`${id}-told`} role="status" className="mt-1.5 text-[0.87rem]">
        {failed || value === "" ? "" : told}
      </p>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1.5 text-[0.87rem] text-soft">
          {hint}
        </p>
      )}
      {failed && (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-[0.87rem] font-medium text-bad">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
