import type { Address } from "viem";
import type { AllowListEntry } from "../gates/checker.ts";
import { CREDITS_BITS } from "../params.ts";
import { readAddress } from "../readers/address.ts";
import { readAmount } from "../readers/amount.ts";
import { decodeText } from "../readers/bytes.ts";
import { findColumn, CsvError, parseTable } from "../readers/table.ts";

const ACCOUNT = { role: "account", names: ["account", "address", "wallet", "payer"] };
const CREDITS = { role: "credits", names: ["credits", "max_credits"] };

/** Reads a CSV file with the columns account and credits (the most that the account may buy). `file` is for messages. @throws CsvError, FileEncodingError */
export function parseAllowList(
  content: string | Uint8Array,
  file: string,
): readonly AllowListEntry[] {
  const text = typeof content === "string" ? content : decodeText(content, file);
  const table = parseTable(text, file);
  const [accountAt, creditsAt] = [findColumn(table, ACCOUNT), findColumn(table, CREDITS)];
  const lines = new Map<Address, number>();
  return table.lines.map(({ line, fields }): AllowListEntry => {
    const [typed, credits] = [fields[accountAt] as string, fields[creditsAt] as string];
    const reading = readAddress(typed);
    if ("problem" in reading)
      throw new CsvError(
        file,
        line,
        reading.problem === "checksum"
          ? `the checksum of ${typed} is wrong, so a letter or digit of it is`
          : `"${typed}" is not an address`,
      );
    const number = readAmount(credits, { decimals: 0 });
    if ("problem" in number || number.units >> BigInt(CREDITS_BITS) !== 0n)
      throw new CsvError(file, line, `"${credits}" is not a number of credits below 2^64`);
    const earlier = lines.get(reading.address);
    if (earlier !== undefined)
      throw new CsvError(file, line, `${reading.address} is in line ${earlier} already`);
    lines.set(reading.address, line);
    return { account: reading.address, credits: number.units };
  });
}
