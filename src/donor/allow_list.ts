import { bytesToHex, getAddress, isAddress, type Address, type Hex } from "viem";
import { allowListData, allowListLeaf } from "../chain/allow_list.ts";
import { BaseError } from "../errors.ts";
import { CREDITS_BITS } from "../params.ts";
import { mountainRange } from "../transcript/results_tree.ts";
import { CsvError, findColumn, parseCsv } from "./csv.ts";

export class NotOnAllowListError extends BaseError {
  constructor(account: Address, file: string) {
    super(`${account} is not on the allow-list ${file}.`, { fix: "Use an account that is, or ask the organiser for the list that the round was created with." });
  }
}

/** An allow-list's Merkle root, and what each account gives the gate (GATE-2). */
export type AllowList = { readonly root: Hex; readonly gateDataOf: (account: Address) => Hex };

/** Reads a CSV file with the columns account and credits (the most that the account may buy). @throws CsvError */
export function parseAllowList(text: string, file: string): AllowList {
  const [header, ...lines] = parseCsv(text, file);
  if (header === undefined) throw new CsvError(file, 1, "the file is empty");
  const [accountAt, creditsAt] = [findColumn(header, file, ["account", "address"]), findColumn(header, file, ["credits", "max_credits"])];
  const places = new Map<Address, number>();
  const entries = lines.map(({ line, fields }, place) => {
    const [account = "", credits = ""] = [fields[accountAt], fields[creditsAt]];
    if (!isAddress(account, { strict: false })) throw new CsvError(file, line, `"${account}" is not an address`);
    if (!/^\d+$/.test(credits) || BigInt(credits) >> BigInt(CREDITS_BITS) !== 0n) throw new CsvError(file, line, `"${credits}" is not a number of credits below 2^64`);
    if (places.has(getAddress(account))) throw new CsvError(file, line, `${account} is listed twice`);
    places.set(getAddress(account), place);
    return { account: getAddress(account), credits: BigInt(credits) };
  });
  const { root, proofOf } = mountainRange(entries.map(allowListLeaf));
  return {
    root: bytesToHex(root),
    gateDataOf(account) {
      const place = places.get(getAddress(account));
      if (place === undefined) throw new NotOnAllowListError(account, file);
      return allowListData(entries[place]?.credits as bigint, proofOf(place));
    },
  };
}
