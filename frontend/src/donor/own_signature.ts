import {
  isAddressEqual,
  parseSignature,
  recoverMessageAddress,
  serializeSignature,
  type Address,
  type Hex,
} from "viem";

/** A signature in the one form of KEY-4, for some wallets write v as 0 or 1; undefined where it is not the account's own. */
export async function readOwnSignature(
  signature: Hex,
  account: Address,
  message: string,
): Promise<Hex | undefined> {
  try {
    const own = serializeSignature(parseSignature(signature));
    return isAddressEqual(await recoverMessageAddress({ message, signature: own }), account)
      ? own
      : undefined;
  } catch {
    return undefined; // no signature at all, or a contract's
  }
}
