import { getAddress, isAddress, type Address } from "viem";
import { BaseError } from "../errors.ts";
import type { AllowListEntry } from "../gates/checker.ts";
import { CREDITS_BITS } from "../params.ts";
import { CsvError, findColumn, parseCsv } from "./csv.ts";

export class NotOnAllowListError extends BaseError {
  constructor(account: Address, file: string) {
    super(`${account} is not on the allow-list ${file}.`, {
      fix: "Use an account that is, or ask the organiser for the list that the round was created with.",
    });
  }
}

/** Reads a CSV file with the columns account and credits (the most that the account may buy). @throws CsvError */
export function parseAllowList(text: string, file: string): readonly AllowListEntry[] {
  const [header, ...lines] = parseCsv(text, file);
  if (header === undefined) throw new CsvError(file, 1, "the file is empty");
  const [accountAt, creditsAt] = [
    findColumn(header, file, ["account", "address"]),
    findColumn(header, file, ["credits", "max_credits"]),
  ];
  const seen = new Set<Address>();
  const entries = lines.map(({ line, fields }): AllowListEntry => {
    const [account = "", credits = ""] = [fields[accountAt], fields[creditsAt]];
    if (!isAddress(account, { strict: false }))
      throw new CsvError(file, line, `"${account}" is not an address`);
    if (!/^\d+$/.test(credits) || BigInt(credits) >> BigInt(CREDITS_BITS) !== 0n)
      throw new CsvError(file, line, `"${credits}" is not a number of credits below 2^64`);
    if (seen.has(getAddress(account))) throw new CsvError(file, line, `${account} is listed twice`);
    seen.add(getAddress(account));
    return { account: getAddress(account), credits: BigInt(credits) };
  });
  return entries;
}

/** @throws NotOnAllowListError */
export function requireListed(
  entries: readonly AllowListEntry[],
  account: Address,
  file: string,
): void {
  if (!entries.some((entry) => entry.account === getAddress(account)))
    throw new NotOnAllowListError(account, file);
}
