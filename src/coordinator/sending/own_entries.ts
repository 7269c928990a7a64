import { createHmac, timingSafeEqual } from "node:crypto";
import {
  isAddressEqual,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  type Account,
  type Address,
  type TransactionSerializedEIP1559,
} from "viem";
import { BaseError, describeError } from "../../errors.ts";
import type { JournalEntry } from "../store/journal.ts";

/** To what a sender's transactions may go, and with how much coin each, in wei. */
export type SendingBounds = { readonly to: readonly Address[]; readonly mostValue: bigint };

export class OutOfBoundsError extends BaseError {
  constructor(to: Address | null | undefined, value: bigint) {
    super(
      `Nothing is signed that sends ${value} wei to ${to ?? "a new contract"}: this account serves its rounds and nothing else.`,
    );
  }
}

/** @throws OutOfBoundsError */
export function requireWithin(
  bounds: SendingBounds | undefined,
  {
    to,
    value = 0n,
  }: { readonly to?: Address | null | undefined; readonly value?: bigint | undefined },
): void {
  if (bounds === undefined) return;
  if (!to || !bounds.to.some((one) => isAddressEqual(one, to)) || value > bounds.mostValue)
    throw new OutOfBoundsError(to, value);
}

/** Tells what an account has written into its journal from what somebody else has. */
export type OwnEntries = {
  readonly authenticate: (step: string, hash: string) => string;
  /** Why the entry is not to be used; nothing where it is the account's own. */
  readonly objection: (entry: JournalEntry) => Promise<string | undefined>;
};

/** The key is made of a signature that only the account can make, always the same. */
export async function ownEntries(
  account: Account,
  chainId: number,
  bounds: () => SendingBounds | undefined,
): Promise<OwnEntries> {
  if (account.signMessage === undefined)
    throw new TypeError("the account signs elsewhere: use plainSender");
  const key = Buffer.from(
    (
      await account.signMessage({
        message: "Tacit coordinator: key of the journal. Sign this nowhere else.",
      })
    ).slice(2),
    "hex",
  );
  const authenticate = (step: string, hash: string) =>
    createHmac("sha256", key)
      .update(JSON.stringify([chainId, step, hash]))
      .digest("hex");
  return {
    authenticate,
    async objection({ step, hash, raw, nonce, mac }) {
      const wanted = Buffer.from(authenticate(step, hash));
      if (mac.length !== wanted.length || !timingSafeEqual(Buffer.from(mac), wanted))
        return "this account did not write it";
      try {
        const transaction = parseTransaction(raw as TransactionSerializedEIP1559);
        if (
          keccak256(raw) !== hash ||
          transaction.nonce !== nonce ||
          transaction.chainId !== chainId
        )
          return "hash, nonce or chain do not belong to the transaction";
        if (
          !isAddressEqual(
            await recoverTransactionAddress({
              serializedTransaction: raw as TransactionSerializedEIP1559,
            }),
            account.address,
          )
        )
          return "this account did not sign it";
        requireWithin(bounds(), transaction);
        return undefined;
      } catch (error) {
        return describeError(error);
      }
    },
  };
}
