import path from "node:path";
import { writeFile } from "node:fs/promises";
import { parseAllowList } from "../../donor/allow_list.ts";
import { parseGateList, type GateList } from "../../donor/group_list.ts";
import type { AllowListEntry } from "../../gates/checker.ts";
import { CREDITS_BITS } from "../../params.ts";
import { readWithNames, type AddressReader } from "../../readers/address.ts";
import { formatCsv } from "../../readers/csv_text.ts";
import type { Io } from "../output/io.ts";
import { lookUpFor, type NameValues } from "./ens_name.ts";
import { readBytes } from "./text_file.ts";

const NO_LIMIT = (1n << BigInt(CREDITS_BITS)) - 1n;

/**
 * A list that a gate is made with. Names in it are looked up; as they may stand for others later, and whoever proves that an account is on the
 * list needs the very same one, the list with the accounts is written beside it.
 * @throws CsvError, FileReadError, FileEncodingError, and what looking up throws
 */
export const readNewList = (io: Io, values: NameValues, file: string): Promise<GateList> =>
  readNew(io, values, file, parseGateList);

/** The same, of accounts alone. */
export async function readNewAllowList(
  io: Io,
  values: NameValues,
  file: string,
): Promise<readonly AllowListEntry[]> {
  return readNew(io, values, file, parseAllowList);
}

async function readNew<T extends GateList | readonly AllowListEntry[]>(
  io: Io,
  values: NameValues,
  file: string,
  parse: (content: Uint8Array, file: string, readOne: AddressReader) => T,
): Promise<T> {
  const content = await readBytes(file);
  let hasNames = false;
  const list = await readWithNames(
    (readOne) => parse(content, file, readOne),
    async (names) => {
      hasNames = true;
      return lookUpFor(io, values)(names);
    },
  );
  if (!hasNames) return list;
  const entries: readonly AllowListEntry[] = !("kind" in list)
    ? list
    : list.kind === "accounts"
      ? list.entries
      : [];
  const { dir, name } = path.parse(file);
  const out = path.join(dir, `${name}.accounts.csv`);
  await writeFile(
    out,
    formatCsv(
      ["account", "credits"],
      entries.map(({ account, credits }) => [account, credits === NO_LIMIT ? "" : credits]),
    ),
  );
  io.err(`${out} has the accounts in place of the names: give that list to donors and pages.\n`);
  return list;
}
