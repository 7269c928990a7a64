import {
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
  type Address,
  type Hex,
} from "viem";
import { BaseError, withoutSecrets } from "../errors.ts";
import type { ReadClient } from "./client.ts";
import { finalBlock, type Finality } from "./finality.ts";

/**
 * Where a transaction stands. The page and the command line know these states and no others:
 *
 * - `notSent`: nobody has it, and nothing will come of it.
 * - `refused`: the contract would revert; it was not sent.
 * - `perhapsSent`: it may have left, and no node that was asked knows it.
 * - `proposed`: a wallet with several owners, or one that sends calls together, has it under a name of its own.
 * - `pending`: a node has it; no block does.
 * - `mined`, `reverted`: in a block, with effect or without; `final`: in one that is not taken back.
 * - `replaced`: its account sent another one with its number, so that it can never be mined.
 */
export type Fate =
  | { readonly state: "notSent"; readonly why: NotSentReason }
  | { readonly state: "refused"; readonly reason: string }
  | { readonly state: "perhapsSent"; readonly hash: Hex | undefined }
  | { readonly state: "proposed"; readonly id: string }
  | { readonly state: "pending"; readonly hash: Hex }
  | {
      readonly state: "mined" | "final" | "reverted";
      readonly hash: Hex;
      readonly block: bigint;
    }
  | { readonly state: "replaced"; readonly hash: Hex; readonly by: Hex | undefined };

/** `declined` by the wallet's owner; `coin`: not enough for gas; `underpriced`: the node wants a higher fee; `number`: another one of the account went first. */
export type NotSentReason = "declined" | "coin" | "underpriced" | "number" | "invalid";

/** What each state means for who sent it, and what to do: the command line's words, and the library's. */
const WORDS = {
  perhapsSent: {
    says: "may have been sent, and no node that was asked knows it",
    fix: "Do not send it a second time. Look for it in your wallet, or with `tacit status --transaction <hash>`, until it is mined or certainly lost.",
  },
  proposed: {
    says: "is proposed and waits for the other owners of the account",
    fix: "Have it signed and executed in the wallet; nothing is to be sent again. When it is executed, `tacit status` shows what it did.",
  },
  pending: {
    says: "is sent and not mined yet",
    fix: "Wait; do not send it a second time. `tacit status --transaction <hash>` tells when it is mined.",
  },
} as const;

const NOT_SENT: Readonly<Record<NotSentReason, { readonly says: string; readonly fix: string }>> = {
  declined: { says: "the wallet's owner declined", fix: "Nothing was sent." },
  coin: {
    says: "the account has not enough coin for gas and value",
    fix: "Send it some of the chain's own coin, then repeat the command.",
  },
  underpriced: {
    says: "the node asks for a higher fee than was offered",
    fix: "Repeat the command when fees are lower, or use another RPC URL: the fee offered is the one that the node itself proposes.",
  },
  number: {
    says: "another transaction of the same account was mined in its place",
    fix: "See with `tacit status` what that one did, then repeat the command.",
  },
  invalid: {
    says: "the node refuses it",
    fix: "Read the cause; use another RPC URL if it is the node's.",
  },
};

/** Whatever can be said of a transaction whose call did not come to its end. */
export abstract class TransactionError extends BaseError {
  abstract readonly fate: Fate;
}

/** The transaction was not sent, and will not be. */
export class NotSentError extends TransactionError {
  readonly fate: Extract<Fate, { state: "notSent" }>;

  constructor(call: string, why: NotSentReason, cause: unknown) {
    const { says, fix } = NOT_SENT[why];
    super(`${call} was not sent: ${says}.`, { fix, cause: inItsWords(cause) });
    this.fate = { state: "notSent", why };
  }
}

/** The transaction may be mined yet: it is under way, or nobody can tell. Nothing may be sent in its place. */
export class UnsettledError extends TransactionError {
  readonly fate: Extract<Fate, { state: keyof typeof WORDS }>;

  constructor(call: string, fate: Extract<Fate, { state: keyof typeof WORDS }>, cause?: unknown) {
    const { says, fix } = WORDS[fate.state];
    const name = fate.state === "proposed" ? fate.id : fate.hash;
    super(`The transaction ${name === undefined ? "" : `${name} `}for ${call} ${says}.`, {
      fix: name === undefined ? fix : fix.replace("<hash>", name),
      cause: inItsWords(cause),
    });
    this.fate = fate;
  }
}

/** The transaction was mined and had no effect. */
export class TransactionFailedError extends TransactionError {
  readonly fate: Fate;

  constructor(call: string, hash: string, block = 0n) {
    super(`The transaction ${hash} for ${call} was mined but reverted.`, {
      fix: "It did nothing but pay gas. Look at `tacit status`: somebody may have made the same call first. Then repeat the command.",
    });
    this.fate = { state: "reverted", hash: hash as Hex, block };
  }
}

/** The account's owner sent another transaction in its place: it cancelled this one, or made something else of it. */
export class TransactionReplacedError extends TransactionError {
  readonly fate: Extract<Fate, { state: "replaced" }>;

  constructor(call: string, hash: Hex, by: Hex | undefined) {
    super(
      `The transaction ${hash} for ${call} was replaced${by === undefined ? "" : ` by ${by}`} and will not be mined.`,
      {
        fix: "See what the other one did, and with `tacit status` what is still to be done, before you send anything.",
      },
    );
    this.fate = { state: "replaced", hash, by };
  }
}

/** A transaction that was handed on, as far as it is known. */
export type Sent = {
  readonly hash: Hex;
  readonly account: Address;
  /** Of the account, where it is known. */
  readonly nonce?: number | undefined;
};

/**
 * Where a transaction stands that may have been sent, by what the chain and one node know of it.
 * @throws what the node's failures are
 */
export async function readFate(
  read: ReadClient,
  { hash, account, nonce }: Sent,
  finality?: Finality,
): Promise<Fate> {
  const receipt = await read
    .getTransactionReceipt({ hash })
    .catch(unless(TransactionReceiptNotFoundError));
  if (receipt !== undefined) {
    const { status, blockNumber: block } = receipt;
    if (status !== "success") return { state: "reverted", hash, block };
    const isFinal = finality !== undefined && (await finalBlock(read, finality)).number >= block;
    return { state: isFinal ? "final" : "mined", hash, block };
  }
  if ((await read.getTransaction({ hash }).catch(unless(TransactionNotFoundError))) !== undefined)
    return { state: "pending", hash };
  if (await isContract(read, account)) return { state: "proposed", id: hash };
  const next = nonce === undefined ? 0 : await read.getTransactionCount({ address: account });
  return nonce !== undefined && next > nonce
    ? { state: "replaced", hash, by: undefined }
    : { state: "perhapsSent", hash };
}

/** Code that begins so delegates (EIP-7702): its owner still signs transactions alone. */
const DELEGATION = "0xef0100";

/** Whether an account is a contract, so that what it "sends" is proposed to its owners, or sent by somebody else for it. */
export async function isContract(read: ReadClient, account: Address): Promise<boolean> {
  const code = (await read.getCode({ address: account })) ?? "0x";
  return code !== "0x" && !code.toLowerCase().startsWith(DELEGATION);
}

/** Why a node or wallet refused a transaction for good, in whatever words; undefined where that is not certain. */
export function findNotSentReason(error: unknown): NotSentReason | undefined {
  const [text, codes] = [joinTexts(error), listCodes(error)];
  if (codes.includes(4001) || /user (rejected|denied)/i.test(text)) return "declined";
  if (/insufficient funds|doesn't have enough funds|insufficient balance for transfer/i.test(text))
    return "coin";
  if (
    /underpriced|fee too low|fee cap|less than block base fee|lower than the (current )?(pool|minimum)|gas price (is )?(too low|below)|maxFeePerGas.*too low/i.test(
      text,
    )
  )
    return "underpriced";
  if (/nonce (is )?too low|nonce has already been used|OldNonce/i.test(text)) return "number";
  // Who executes it first and sees it revert does not send it.
  if (/\brevert/i.test(text)) return "invalid";
  return codes.some((code) => NEVER_SENT.has(code)) ? "invalid" : undefined;
}

/** Answers of nodes and wallets after which nothing was sent: unknown method, wrong parameters, not allowed, a question that is open already. */
const NEVER_SENT: ReadonlySet<number> = new Set([-32601, -32602, -32002, 4100, 4200, 4902]);

/** Whether a node has the very transaction already. */
export const isKnownAlready = (error: unknown): boolean =>
  /already known|known transaction|already imported|already exists|AlreadyKnown/i.test(
    joinTexts(error),
  );

/** With the node's own words in place of a library's for its code. */
function inItsWords(cause: unknown): unknown {
  const words = listCauses(cause)
    .map((one) => (one as { readonly details?: string }).details)
    .findLast((details) => details !== undefined && details !== "");
  return words === undefined ? cause : new Error(withoutSecrets(words), { cause });
}

const MOST_CAUSES = 12;

function listCauses(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let one = error; one instanceof Error && causes.length < MOST_CAUSES; one = one.cause)
    causes.push(one);
  return causes;
}

const joinTexts = (error: unknown): string =>
  listCauses(error)
    .map((one) => `${one.message} ${(one as { details?: string }).details ?? ""}`)
    .join(" ");

const listCodes = (error: unknown): number[] =>
  listCauses(error).flatMap((one) =>
    "code" in one && typeof one.code === "number" ? [one.code] : [],
  );

const unless =
  (absent: abstract new (...args: never[]) => Error) =>
  (error: unknown): undefined => {
    if (!(error instanceof absent)) throw error;
  };
