import { useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isAddressEqual, type Address } from "viem";
import { CsvError, visibleText, type AllowListFile } from "../../../src/index.ts";
import { countText } from "../format.ts";
import { addWords } from "../i18n/index.ts";
import { FileField } from "../ui/file_field.tsx";

await addWords("list");

/**
 * A list of accounts from a file. Says how many it holds, how many lines were empty, and whether this account is among them; of a line
 * that cannot be read, which and why. Only a list that was read whole is handed on.
 */
export function ListField({
  label,
  hint,
  account,
  onList,
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly account: Address | undefined;
  /** The list's text; empty until there is one that can be read. */
  readonly onList: (text: string) => void;
}) {
  const { t } = useTranslation();
  const [file, setFile] = useState({ text: "", name: "" });
  const [read, setRead] = useState<AllowListFile | CsvError>();
  useEffect(() => {
    let isCurrent = true;
    const settle = (found: AllowListFile | CsvError | undefined) => {
      if (!isCurrent) return;
      setRead(found);
      onList(found === undefined || found instanceof CsvError ? "" : file.text);
    };
    if (file.text.trim() === "") settle(undefined);
    else
      void import("../chain/allow_list.ts").then(({ readAllowList }) => {
        try {
          settle(readAllowList(file.text, file.name || "list"));
        } catch (error) {
          if (!(error instanceof CsvError)) throw error;
          settle(error);
        }
      });
    return () => {
      isCurrent = false;
    };
    // Only a new file is read anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [file]);
  const own =
    read === undefined || read instanceof CsvError || account === undefined
      ? undefined
      : read.entries.find((entry) => isAddressEqual(entry.account, account));
  return (
    <FileField
      label={label}
      hint={hint}
      value={file.text}
      onText={(text, name) => setFile({ text, name })}
      error={read instanceof CsvError ? <LineTrouble error={read} /> : undefined}
      told={
        read === undefined || read instanceof CsvError ? undefined : (
          <>
            {t("file.accounts", {
              count: read.entries.length,
              accounts: countText(read.entries.length),
            })}{" "}
            {read.blank > 0 && t("file.blank", { count: read.blank, lines: countText(read.blank) })}{" "}
            {account !== undefined &&
              (own === undefined
                ? t("file.notOnList")
                : own.credits + 1n === 1n << 64n
                  ? t("file.onListFree")
                  : t("file.onList", { credits: countText(own.credits) }))}
          </>
        )
      }
    />
  );
}

/** What is wrong with a line of a file, in the visitor's language. */
export function LineTrouble({ error: { line, problem } }: { error: CsvError }) {
  const { t } = useTranslation();
  const shown = (value: string | number | undefined) =>
    typeof value === "string" ? visibleText(value, 80) : value;
  return t(`file.line.${problem.code}`, {
    line,
    text: shown(problem.text),
    other: shown(problem.other),
  });
}
