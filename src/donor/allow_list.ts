import type { Address } from "viem";
import type { AllowListEntry } from "../gates/checker.ts";
import { CREDITS_BITS } from "../params.ts";
import { readAddress, type AddressReader } from "../readers/address.ts";
import { explainAmount, readAmount } from "../readers/amount.ts";
import { decodeText } from "../readers/bytes.ts";
import { CsvError, type LineProblem } from "../readers/csv_error.ts";
import { findColumn, parseTable } from "../readers/table.ts";

const ACCOUNT = { role: "account", names: ["account", "address", "wallet", "payer"] };
const CREDITS = { role: "credits", names: ["credits", "max_credits"] };

const NO_LIMIT = (1n << BigInt(CREDITS_BITS)) - 1n;

/** A list as it was read: `blank` counts the lines without anything in them. */
export type AllowListFile = { readonly entries: readonly AllowListEntry[]; readonly blank: number };

/** Reads a CSV file with the columns account and credits (the most that the account may buy; empty for no limit). `file` is for messages. @throws CsvError, FileEncodingError */
export function parseAllowList(
  content: string | Uint8Array,
  file: string,
  readOne: AddressReader = readAddress,
): readonly AllowListEntry[] {
  return readAllowList(content, file, readOne).entries;
}

/** The same, with what was left out. @throws CsvError, FileEncodingError */
export function readAllowList(
  content: string | Uint8Array,
  file: string,
  readOne: AddressReader = readAddress,
): AllowListFile {
  const text = typeof content === "string" ? content : decodeText(content, file);
  const table = parseTable(text, file);
  const [accountAt, creditsAt] = [findColumn(table, ACCOUNT), findColumn(table, CREDITS)];
  const lines = new Map<Address, number>();
  const entries = table.lines.map(({ line, fields }): AllowListEntry => {
    const [typed, credits] = [fields[accountAt] as string, fields[creditsAt] as string];
    const refuse = (why: string, problem: LineProblem) =>
      new CsvError(file, line, why, undefined, problem);
    const reading = readOne(typed);
    if ("problem" in reading && reading.problem === "name") {
      const { why } = reading;
      const problem = { code: "name", text: typed } as const;
      throw why === undefined
        ? new CsvError(
            file,
            line,
            `"${typed}" is a name, and a name may stand for another account than when the list was made`,
            "Take the list with the accounts themselves: whoever made the round has it.",
            problem,
          )
        : new CsvError(file, line, why.shortMessage.replace(/\.$/, ""), why.fix, problem);
    }
    if ("problem" in reading)
      throw reading.problem === "checksum"
        ? refuse(`the checksum of ${typed} is wrong, so a letter or digit of it is`, {
            code: "checksum",
            text: typed,
          })
        : refuse(
            `"${typed}" is not an address${reading.problem === "prefix" ? ": leave out what stands before 0x, and see that the chain is the right one" : ""}`,
            { code: "address", text: typed },
          );
    // No number is no limit: a program for tables would round the largest one.
    const number =
      credits.trim() === "" ? { units: NO_LIMIT } : readAmount(credits, { decimals: 0 });
    const told = { code: "credits", text: credits } as const;
    if ("problem" in number) throw refuse(`"${credits}" ${explainAmount(number, 0).why}`, told);
    if (number.units >> BigInt(CREDITS_BITS) !== 0n)
      throw refuse(`"${credits}" is not a number of credits below 2^64`, told);
    const { address: account } = reading;
    const earlier = lines.get(account);
    if (earlier !== undefined)
      throw refuse(`${account} is in line ${earlier} already`, {
        code: "twice",
        text: account,
        other: earlier,
      });
    lines.set(account, line);
    return { account, credits: number.units };
  });
  return { entries, blank: table.blank };
}
