import { getAddress, hexToBytes, pad, size, slice, type Address, type Hex } from "viem";
import type { ReadClient } from "../chain/client.ts";
import { expectEqual, expectTrue } from "./report.ts";

/** Runtime code of the round implementation, and where in it the compiler leaves words for its own address. */
export type RoundCode = { readonly code: Hex; readonly immutables: readonly number[] };

/** EIP-1167 with immutable arguments behind it: code before and after the implementation's address. */
const BEFORE = "0x363d3d373d3d3d363d73";
const AFTER = "0x5af43d82803e903d91602b57fd5bf3";
const ADDRESS_BYTES = 20;
const WORD_BYTES = 32;

/**
 * That the round is a clone of the round contract and of nothing else (PHASE-9). Another contract could show the same events and views,
 * with honest proofs in them, and do what it likes with the money.
 * @throws Mismatch
 */
export async function checkRoundCode(client: ReadClient, round: Address, roundCode: RoundCode): Promise<string> {
  const clone = (await client.getCode({ address: round })) ?? "0x";
  expectTrue(size(clone) > size(BEFORE) + ADDRESS_BYTES + size(AFTER), "the round's code is not that of a clone");
  const implementation = getAddress(slice(clone, size(BEFORE), size(BEFORE) + ADDRESS_BYTES));
  expectEqual("the code before the implementation's address", slice(clone, 0, size(BEFORE)) as string, BEFORE);
  expectEqual("the code after the implementation's address", slice(clone, size(BEFORE) + ADDRESS_BYTES, size(BEFORE) + ADDRESS_BYTES + size(AFTER)) as string, AFTER);
  const code = (await client.getCode({ address: implementation })) ?? "0x";
  expectTrue(code === withAddress(roundCode, implementation), `the implementation ${implementation} has other code than this version's round`);
  return `a clone of ${implementation}`;
}

/** The compiled code with the implementation's own address where the compiler leaves words for it. */
function withAddress({ code, immutables }: RoundCode, implementation: Address): Hex {
  const bytes = hexToBytes(code);
  for (const start of immutables) bytes.set(hexToBytes(pad(implementation, { size: WORD_BYTES })), start);
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
