import type { AllowListEntry } from "../gates/checker.ts";
import { P } from "../params.ts";
import { decodeText } from "../readers/bytes.ts";
import { readAddress, type AddressReader } from "../readers/address.ts";
import { CsvError } from "../readers/csv_error.ts";
import { findColumn, findOptionalColumn, parseTable } from "../readers/table.ts";
import { parseAllowList } from "./allow_list.ts";

const COMMITMENT = { role: "commitment", names: ["commitment", "identity_commitment"] };

/** A list that a gate goes by: of accounts, or of the commitments of a group's members. */
export type GateList =
  | { readonly kind: "accounts"; readonly entries: readonly AllowListEntry[] }
  | { readonly kind: "group"; readonly members: readonly bigint[] };

/**
 * Reads a CSV file with the column commitment (a group, in its order: decimal, or 0x and hexadecimal digits), or else one with the columns
 * account and credits. `file` is for messages. @throws CsvError, FileEncodingError
 */
export function parseGateList(
  content: string | Uint8Array,
  file: string,
  readOne: AddressReader = readAddress,
): GateList {
  const text = typeof content === "string" ? content : decodeText(content, file);
  const table = parseTable(text, file);
  return findOptionalColumn(table, COMMITMENT) === undefined
    ? { kind: "accounts", entries: parseAllowList(text, file, readOne) }
    : { kind: "group", members: readMembers(table) };
}

/** Reads a CSV file with the column commitment. @throws CsvError, FileEncodingError */
export function parseGroup(content: string | Uint8Array, file: string): readonly bigint[] {
  const text = typeof content === "string" ? content : decodeText(content, file);
  return readMembers(parseTable(text, file));
}

/** A member's commitment, as a list has it: decimal, or 0x and hexadecimal digits; undefined for a text that is none. */
export function readCommitment(text: string): bigint | undefined {
  const typed = text.trim();
  if (!/^(?:\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(typed)) return undefined;
  const member = BigInt(typed);
  return member === 0n || member >= P ? undefined : member;
}

function readMembers(table: ReturnType<typeof parseTable>): readonly bigint[] {
  const { file, lines } = table;
  const at = findColumn(table, COMMITMENT);
  const known = new Map<bigint, number>();
  return lines.map(({ line, fields }) => {
    const typed = (fields[at] as string).trim();
    const member = readCommitment(typed);
    if (member === undefined)
      throw new CsvError(file, line, `"${typed}" is not a member's commitment`);
    const earlier = known.get(member);
    if (earlier !== undefined)
      throw new CsvError(file, line, `this commitment is in line ${earlier} already`, undefined, {
        code: "twice",
        text: typed,
        other: earlier,
      });
    known.set(member, line);
    return member;
  });
}
