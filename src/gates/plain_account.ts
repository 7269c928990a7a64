import { parseAbi } from "viem";
import type { CheckerKind } from "./checker.ts";

/** An account that a key holds, without code, which sends the transaction itself (GATE-7). */
export const plainAccount: CheckerKind = {
  id: "plain-account",
  abi: parseAbi(["error NotPlainAccount(address account)"]),
  settings: [],
  trust: () =>
    "that a plain account's key is held by one person: a key can be shared, sold or kept in a machine",
  fixes: {
    NotPlainAccount:
      "Use an account without code: no contract wallet, and none with a delegation (EIP-7702), which its wallet can take back.",
  },
  without: "0x",
  dataFor: async () => "0x",
};
