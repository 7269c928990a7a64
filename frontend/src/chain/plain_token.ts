import type { Address } from "viem";
import { plainText, readToken, type ReadClient } from "../../../src/index.ts";
import { shortAddress } from "../format.ts";

/** What a token calls itself, as far as that can be believed: the address that the round commits to is what counts. */
export async function readPlainToken(read: ReadClient, address: Address) {
  const { symbol, ...token } = await readToken(read, address);
  return {
    ...token,
    symbol: symbol === address ? shortAddress(address) : plainText(symbol, 12),
  };
}
