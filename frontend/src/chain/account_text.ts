import { createContext, useContext } from "react";
import type { Address } from "viem";
import { plainText } from "../../../src/index.ts";
import { shortAddress } from "../format.ts";

/** The names that accounts go by, of all that the page shows; empty where the chain has none, and until its node has answered. */
export const AccountNames = createContext<ReadonlyMap<Address, string>>(new Map());

/** A name as it is shown of 255 letters that it may have. */
const LENGTH = 60;

/** A stranger's name in one line; what is written from right to left keeps to itself. */
export function nameText(name: string): string {
  const plain = plainText(name, LENGTH);
  return /^[\x20-\x7e]*$/.test(plain) ? plain : `\u2068${plain}\u2069`;
}

/** An account in words: its name, where it goes by one, always with its address. */
export function useAccountText(
  more?: ReadonlyMap<Address, string>,
): (account: Address, form?: "short" | "whole") => string {
  const known = useContext(AccountNames);
  const names = more ?? known;
  return (account, form = "short") => {
    const [name, address] = [
      names.get(account),
      form === "whole" ? account : shortAddress(account),
    ];
    return name === undefined ? address : `${nameText(name)} (${address})`;
  };
}
