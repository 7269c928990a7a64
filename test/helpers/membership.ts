import { Identity } from "@semaphore-protocol/identity";
import { concatHex, numberToHex, type Address, type Hex } from "viem";
import { membershipFiles } from "../../src/cli/membership_files.ts";
import { proveMembership } from "../../src/proofs/membership.ts";
import { groupRoot } from "../../src/protocol/group.ts";
import {
  membershipMessage,
  membershipScope,
  type MembershipProver,
} from "../../src/protocol/membership.ts";

/** A member with a secret that tests know. */
export const testMember = (name: string) => new Identity(`a test's member: ${name}`);

/** Semaphore's own circuit, keys and prover. */
export const proveForReal: MembershipProver = async (request) =>
  proveMembership(await membershipFiles(), request);

/** Evidence for a SemaphoreChecker; what is not given is as the round wants it. */
export async function memberEvidence(
  member: Identity,
  members: readonly Identity[],
  {
    round,
    tag,
    credits,
    chainId = 31337,
  }: {
    readonly round: Address;
    readonly tag: bigint;
    readonly credits: bigint;
    readonly chainId?: number;
  },
): Promise<Hex> {
  const group = members.map(({ commitment }) => commitment);
  const { nullifier, points } = await proveForReal({
    secret: member.export(),
    groups: [group],
    root: groupRoot(group),
    message: membershipMessage(tag, credits),
    scope: membershipScope(chainId, round),
  });
  return concatHex([nullifier, ...points].map((one) => numberToHex(one, { size: 32 })));
}
