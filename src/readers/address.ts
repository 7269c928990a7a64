import { getAddress, isAddress, type Address } from "viem";

/** An account's address as it was typed, or why it is none. */
export type AddressReading =
  | { readonly address: Address }
  | { readonly problem: Exclude<AddressProblem, "name"> }
  | { readonly problem: "name"; readonly name: string };

/** Why a text is not an address; "name" is one that has to be looked up. */
export type AddressProblem = "empty" | "form" | "checksum" | "prefix" | "name";

/**
 * An address in its checksummed form (EIP-55). All small or all capital letters carry no checksum; mixed ones must be right, for a wrong
 * checksum is a typo. A name such as "ana.eth" is told apart: it has to be looked up.
 */
export function readAddress(text: string): AddressReading {
  const typed = text.trim();
  if (typed === "") return { problem: "empty" };
  if (/^[a-z0-9-]+:(0x)?[0-9a-f]{40}$/i.test(typed) || /^eip155:\d+:/i.test(typed))
    return { problem: "prefix" };
  if (/^0x[0-9a-fA-F]{40}$/.test(typed)) {
    const digits = typed.slice(2);
    const hasChecksum = /[a-f]/.test(digits) && /[A-F]/.test(digits);
    return hasChecksum && !isAddress(typed, { strict: true })
      ? { problem: "checksum" }
      : { address: getAddress(typed.toLowerCase()) };
  }
  if (/^[^\s./:@]+(\.[^\s./:@]+)+$/u.test(typed)) return { problem: "name", name: typed };
  return { problem: "form" };
}
