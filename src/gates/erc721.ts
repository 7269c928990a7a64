import { numberToHex, parseAbi } from "viem";
import { BaseError } from "../errors.ts";
import type { CheckerKind } from "./checker.ts";

export class TokenNumberError extends BaseError {
  constructor(text: string) {
    super(`"${text}" is not the number of a token.`, {
      fix: "Give the number of a token that the paying account holds, below 2^256.",
    });
  }
}

/** Who holds a token of an ERC-721 contract (GATE-9). */
export const erc721: CheckerKind = {
  id: "erc721",
  abi: parseAbi([
    "constructor(address token, uint64 creditsEach)",
    "function token() view returns (address)",
    "function creditsEach() view returns (uint64)",
    "error NotTokenHolder(uint256 tokenId, address account)",
  ]),
  settings: ["token", "creditsEach"],
  trust: ([token]) =>
    `who got the tokens of ${token}, and that they are not lent: whoever holds several, or borrows some for a moment, comes in as often`,
  asks: "token number",
  fixes: {
    NotTokenHolder:
      "Arguments are (token, account): give the number of a token that the paying account holds with --evidence erc721=<number>.",
  },
  without: "0x",
  dataFor: async ({ given }) => {
    const text = given?.["erc721"]?.trim();
    if (text === undefined || text === "") return undefined;
    if (!/^\d{1,78}$/.test(text) || BigInt(text) >> 256n !== 0n) throw new TokenNumberError(text);
    return numberToHex(BigInt(text), { size: 32 });
  },
};
