import { BaseError, decodeErrorResult, type Hex } from "viem";
import { expect } from "vitest";
import {
  attestationCheckerAbi,
  balanceCheckerAbi,
  billboardAbi,
  documentsAbi,
  gateAbi,
  greedyApplicantAbi,
  exclusionCheckerAbi,
  instalmentEscrowAbi,
  instalmentEscrowFactoryAbi,
  merkleCheckerAbi,
  plainAccountCheckerAbi,
  optimisticRegistryAbi,
  projectRegistryAbi,
  qualifiedPayoutAbi,
  quadraticPayoutAbi,
  qvOutcomeAbi,
  reviewsAbi,
  roundAbi,
  roundFactoryAbi,
  semaphoreCheckerAbi,
  sortitionCheckerAbi,
  testTokenAbi,
  tokenCheckerAbi,
  votesCheckerAbi,
  voucherCheckerAbi,
} from "../../../src/chain/generated/abis.ts";

/** Every custom error that a call may end with, whichever contract threw it. */
const ERRORS = [
  attestationCheckerAbi,
  balanceCheckerAbi,
  billboardAbi,
  documentsAbi,
  roundAbi,
  roundFactoryAbi,
  gateAbi,
  greedyApplicantAbi,
  exclusionCheckerAbi,
  instalmentEscrowAbi,
  instalmentEscrowFactoryAbi,
  merkleCheckerAbi,
  plainAccountCheckerAbi,
  optimisticRegistryAbi,
  projectRegistryAbi,
  qualifiedPayoutAbi,
  quadraticPayoutAbi,
  semaphoreCheckerAbi,
  qvOutcomeAbi,
  reviewsAbi,
  sortitionCheckerAbi,
  testTokenAbi,
  tokenCheckerAbi,
  votesCheckerAbi,
  voucherCheckerAbi,
].flatMap((abi) => abi.filter(({ type }) => type === "error"));

/** A revert as `Name(arg, arg)`, or "success". */
export async function awaitOutcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "success";
  } catch (error) {
    return describeRevert(revertData(error));
  }
}

export function describeRevert(data: Hex): string {
  const { errorName, args } = decodeErrorResult({ abi: ERRORS, data });
  const values: readonly unknown[] = args ?? [];
  return `${errorName}(${values.map(String).join(",")})`;
}

/** Asserts that the call reverts with this error; arguments are compared where they are given, addresses in any case. */
export async function expectRevert(
  call: Promise<unknown>,
  name: string,
  args?: readonly unknown[],
): Promise<void> {
  const outcome = await awaitOutcome(call);
  if (args === undefined) expect(outcome.split("(")[0]).toBe(name);
  else expect(outcome.toLowerCase()).toBe(`${name}(${args.map(String).join(",")})`.toLowerCase());
}

/** The bytes that the contract reverted with; any other failure is thrown on. */
function revertData(error: unknown): Hex {
  const found =
    error instanceof BaseError ? error.walk((cause) => findData(cause) !== undefined) : error;
  const data = findData(found);
  if (data === undefined) throw error;
  return data;
}

function findData(error: unknown): Hex | undefined {
  const { data } = (error ?? {}) as { data?: unknown };
  const inner =
    typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
  return typeof inner === "string" && inner.startsWith("0x") && inner.length >= 10
    ? (inner as Hex)
    : undefined;
}
