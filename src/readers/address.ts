import { getAddress, isAddress, keccak256, slice, toHex, type Address } from "viem";
import type { BaseError } from "../errors.ts";

/** An account's address as it was typed, or why it is none. */
export type AddressReading =
  | { readonly address: Address }
  | { readonly problem: Exclude<AddressProblem, "name"> }
  | {
      readonly problem: "name";
      readonly name: string;
      /** Why it stands for no account, where it was looked up. */
      readonly why?: BaseError;
    };

/** Why a text is not an address; "name" is one that has to be looked up. */
export type AddressProblem = "empty" | "form" | "checksum" | "prefix" | "name";

/** Blanks, and what nobody sees, around a text: it comes along when an address is copied from a page or a chat. */
const AROUND = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/**
 * An address in its checksummed form (EIP-55). All small or all capital letters carry no checksum; mixed ones must be right, for a wrong
 * checksum is a typo. A name such as "ana.eth" is told apart: it has to be looked up.
 */
export function readAddress(text: string): AddressReading {
  const typed = text.replace(AROUND, "");
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

/** How a file's reader reads its addresses: `readAddress`, or what else knows names. */
export type AddressReader = (text: string) => AddressReading;

/** What a name stands for, or why it stands for nothing. */
export type NameAnswer = Address | BaseError;

/**
 * Reads a file in which names may stand where accounts do: once to find the names, all of which are looked up together, then with what they
 * stand for. What is wrong with the file itself is told first, and nothing is looked up.
 * @throws what `read` and `lookUp` throw
 */
export async function readWithNames<T>(
  read: (readOne: AddressReader) => T | Promise<T>,
  lookUp: (names: readonly string[]) => Promise<ReadonlyMap<string, NameAnswer>>,
): Promise<T> {
  const names = new Set<string>();
  const first = await read((text) => {
    const reading = readAddress(text);
    if (!("problem" in reading) || reading.problem !== "name") return reading;
    names.add(reading.name);
    // Stands for the account until it is known; no two names have the same.
    return { address: getAddress(slice(keccak256(toHex(reading.name)), 12)) };
  });
  if (names.size === 0) return first;
  const answers = await lookUp([...names]);
  return read((text) => {
    const reading = readAddress(text);
    if (!("problem" in reading) || reading.problem !== "name") return reading;
    const answer = answers.get(reading.name);
    if (typeof answer === "string") return { address: answer };
    return answer === undefined ? reading : { ...reading, why: answer };
  });
}
