import { concatHex, numberToHex, parseAbi, size, slice } from "viem";
import { membershipMessage, membershipScope } from "../protocol/membership.ts";
import type { CheckerKind } from "./checker.ts";

/** That somebody is one of a group, and not who (GATE-12). */
export const semaphore: CheckerKind = {
  id: "semaphore",
  abi: parseAbi([
    "constructor(uint256 root, uint64 creditsEach)",
    "function root() view returns (uint256)",
    "function creditsEach() view returns (uint64)",
    "error NotProvenMember(uint64 tag, uint64 credits)",
  ]),
  settings: ["root", "creditsEach"],
  fromMembers: async (members) => ({
    root: (await import("../protocol/group.ts")).groupRoot(members),
  }),
  trust: ([root]) =>
    `who is in the group with the root ${root}, which the organiser chose: that each commitment in it is another person's, whose secret nobody else knows`,
  asks: "secret",
  bindsTag: true,
  identityIn: (evidence) => (size(evidence) < 32 ? undefined : slice(evidence, 0, 32)),
  fixes: {
    NotProvenMember:
      "Arguments are (tag, credits): give your identity's file with --evidence semaphore=<file>, and the group with --allow-list; its organiser has it.",
  },
  without: "0x",
  dataFor: async ({
    round,
    tag,
    credits,
    groups = [],
    given,
    proveMembership,
    chain,
    settings: [root],
  }) => {
    const secret = given?.["semaphore"];
    if (
      tag === 0n ||
      secret === undefined ||
      groups.length === 0 ||
      proveMembership === undefined ||
      chain === undefined
    )
      return undefined;
    const { nullifier, points } = await proveMembership({
      secret,
      groups,
      root: root as bigint,
      message: membershipMessage(tag, credits),
      scope: membershipScope(await chain.chainId(), round),
    });
    return concatHex([nullifier, ...points].map((one) => numberToHex(one, { size: 32 })));
  },
};
