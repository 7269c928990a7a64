import { pad, parseAbi } from "viem";
import type { CheckerKind } from "./checker.ts";

/** Who had votes of a governance token at a time of the past (GATE-10). */
export const votes: CheckerKind = {
  id: "votes",
  abi: parseAbi([
    "constructor(address token, uint256 timepoint, uint256 votesPerCredit)",
    "function token() view returns (address)",
    "function timepoint() view returns (uint256)",
    "function votesPerCredit() view returns (uint256)",
    "error TooFewVotes(address account, uint256 votes, uint256 votesPerCredit)",
    "error NoVotesToken(address token, uint256 timepoint)",
  ]),
  settings: ["token", "timepoint", "votesPerCredit"],
  trust: ([token, timepoint]) =>
    `that the token ${token} counted votes at ${timepoint} rightly; and nothing tells apart people who share an account, or one who has several`,
  fixes: {
    TooFewVotes:
      "Arguments are (account, votes, votes for one credit): only votes that were delegated to the account by then count, its own if it had delegated them to itself.",
    NoVotesToken:
      "Arguments are (token, time by its clock): wait until that time is past. If it is, the organiser chose a token without votes.",
  },
  without: "0x",
  dataFor: async () => "0x",
  identityFor: ({ payer }) => pad(payer, { size: 32 }),
};
