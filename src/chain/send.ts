import {
  encodeFunctionData,
  keccak256,
  parseAbi,
  stringify,
  toFunctionSelector,
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type EncodeFunctionDataParameters,
  type Hex,
  type StateOverride,
  type TransactionReceipt,
} from "viem";
import { CHECKERS } from "../gates/index.ts";
import type { WriteClient } from "./client.ts";
import {
  isContract,
  isKnownAlready,
  NotSentError,
  findNotSentReason,
  readFate,
  TransactionError,
  TransactionFailedError,
  TransactionReplacedError,
  UnsettledError,
  type Fate,
  type Sent,
} from "./fate.ts";
import { fixFor } from "./fixes.ts";
import { gateAbi, iRoundAbi } from "./generated/abis.ts";
import { findRevert } from "./revert.ts";

export class ContractRefusedError extends TransactionError {
  /** The contract's custom error, for example `OutsideInterval`. */
  readonly reason: string;
  readonly fate: Fate;

  constructor(
    call: string,
    reason: string,
    args: readonly unknown[],
    cause: unknown,
    fix = fixFor(reason) ?? "Check the arguments against `tacit status`; this call was not sent.",
  ) {
    super(
      `The contract refuses ${call}: ${reason}(${args.map((value) => displayArgument(value)).join(", ")}).`,
      { fix, cause },
    );
    this.reason = reason;
    this.fate = { state: "refused", reason };
  }
}

/** An error that is none of this version's contracts. */
const FOREIGN_FIX =
  "It comes from a contract that the organiser chose (gate, token, registry or payout rule): look for the error with this selector in its source. This call was not sent.";

/** Errors that a round's gate or token may add to the round's own. */
const FOREIGN_ERRORS: Abi = [...CHECKERS.flatMap(({ abi }) => abi), ...gateAbi]
  .filter(({ type }) => type === "error")
  .concat(
    parseAbi([
      "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
      "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
      "error SafeERC20FailedOperation(address token)",
      "error OwnableUnauthorizedAccount(address account)",
    ]),
  );

/** Of a token, in the round's own words for a token's failure among them. */
const OF_TOKENS = /^(ERC20|SafeERC20|AddressEmptyCode|FailedCall|FailedInnerCall)/;
const OWN_ERRORS: ReadonlySet<string> = new Set(
  [...iRoundAbi, ...gateAbi, ...CHECKERS.flatMap(({ abi }) => abi)].flatMap((item: Abi[number]) =>
    item.type === "error" && !OF_TOKENS.test(item.name) ? [item.name] : [],
  ),
);

/** Whether it is a token that refuses: neither the round nor its gate has an error of that name. */
export const isTokenRefusal = (error: unknown): boolean =>
  error instanceof ContractRefusedError && !OWN_ERRORS.has(error.reason);

/** One contract call. */
export type Call<
  TAbi extends Abi,
  TName extends ContractFunctionName<TAbi, "nonpayable" | "payable">,
> = {
  readonly address: `0x${string}`;
  readonly abi: TAbi;
  readonly functionName: TName;
  readonly args: ContractFunctionArgs<TAbi, "nonpayable" | "payable", TName>;
  readonly value?: bigint;
  /** A limit, where the node's own estimate is not to be had. */
  readonly gas?: bigint;
};

/**
 * Simulates, sends and waits for one confirmation.
 * @throws ContractRefusedError, NotSentError before anything is sent; TransactionFailedError, TransactionReplacedError where it had no effect;
 * UnsettledError where it may still have one: then nothing may be sent in its place
 */
export async function send<
  const TAbi extends Abi,
  TName extends ContractFunctionName<TAbi, "nonpayable" | "payable">,
>(client: WriteClient, call: Call<TAbi, TName>): Promise<TransactionReceipt> {
  await simulate(client, call);
  const { address, value, gas, ...encoded } = call;
  return sendTransaction(client, call.functionName, {
    to: address,
    data: encodeFunctionData(encoded as unknown as EncodeFunctionDataParameters),
    value,
    gas,
  });
}

/** Whether a call would be taken as things are, or would be with other contracts in some places. @throws ContractRefusedError */
export async function simulate<
  const TAbi extends Abi,
  TName extends ContractFunctionName<TAbi, "nonpayable" | "payable">,
>(
  { read, wallet }: WriteClient,
  call: Call<TAbi, TName>,
  stateOverride?: StateOverride,
): Promise<void> {
  try {
    await read.simulateContract({
      ...call,
      ...(stateOverride === undefined ? {} : { stateOverride }),
      abi: [...call.abi, ...FOREIGN_ERRORS],
      account: wallet.account,
    } as unknown as Parameters<typeof read.simulateContract>[0]);
  } catch (cause) {
    throw refusal(call.functionName, cause);
  }
}

/** A plain transaction: to whom, with which data, coin in wei and gas. */
export type Transaction = {
  readonly to: Address;
  readonly data?: Hex | undefined;
  readonly value?: bigint | undefined;
  readonly gas?: bigint | undefined;
};

/** Sends without a simulation. Throws as `send`. */
export async function sendTransaction(
  client: WriteClient,
  what: string,
  transaction: Transaction,
): Promise<TransactionReceipt> {
  return settled(client, what, await broadcast(client, what, transaction));
}

/** How long a transaction is waited for; one of an account with several owners, whose wallet may have only proposed it, less long. */
const PATIENCE_MS = 180_000;
const OWNERS_PATIENCE_MS = 10_000;

/** A local account's transaction has its hash before it leaves, so that it can be looked for whatever the node answers. */
async function broadcast(
  client: WriteClient,
  what: string,
  transaction: Transaction,
): Promise<Sent> {
  const { wallet, read } = client;
  const account = wallet.account.address;
  if (wallet.account.type !== "local") {
    const hash = await wallet
      .sendTransaction({
        ...transaction,
        account: wallet.account,
        chain: null,
      } as Parameters<typeof wallet.sendTransaction>[0])
      .catch((error: unknown) => {
        const why = findNotSentReason(error);
        // An owner's refusal is passed on as it is: whoever shows it knows wallets.
        if (why === "declined" || why === "coin") throw error;
        if (why !== undefined) throw new NotSentError(what, why, error);
        throw new UnsettledError(what, { state: "perhapsSent", hash: undefined }, error);
      });
    return { hash, account };
  }
  const { raw, nonce } = await sign(client, what, transaction);
  const sent: Sent = { hash: keccak256(raw), account, nonce };
  try {
    await wallet.sendRawTransaction({ serializedTransaction: raw });
  } catch (error) {
    if (isKnownAlready(error)) return sent;
    const { state } = await readFate(read, sent).catch(() => ({ state: undefined }));
    if (state === "pending" || state === "mined" || state === "reverted") return sent;
    const why = findNotSentReason(error);
    throw why === undefined
      ? new UnsettledError(what, { state: "perhapsSent", hash: sent.hash }, error)
      : new NotSentError(what, why, error);
  }
  return sent;
}

/** @throws NotSentError, ContractRefusedError, and what a silent node's failures are: nothing has left yet */
async function sign(
  { wallet }: WriteClient,
  what: string,
  transaction: Transaction,
): Promise<{ readonly raw: Hex; readonly nonce: number | undefined }> {
  try {
    const request = (await wallet.prepareTransactionRequest({
      ...transaction,
      account: wallet.account,
      chain: null,
    } as unknown as Parameters<typeof wallet.prepareTransactionRequest>[0])) as {
      readonly nonce?: number;
    };
    const raw = await wallet.signTransaction(
      request as unknown as Parameters<typeof wallet.signTransaction>[0],
    );
    return { raw, nonce: request.nonce };
  } catch (cause) {
    const why = findNotSentReason(cause);
    throw why === undefined ? refusal(what, cause) : new NotSentError(what, why, cause);
  }
}

/** @throws TransactionFailedError, TransactionReplacedError, UnsettledError */
async function settled(
  { read, wallet, patience }: WriteClient,
  what: string,
  sent: Sent,
): Promise<TransactionReceipt> {
  const { hash } = sent;
  let replaced: { readonly reason: string; readonly by: Hex } | undefined;
  try {
    const hasOwners =
      wallet.account.type !== "local" && (await isContract(read, sent.account).catch(() => false));
    const receipt = await read.waitForTransactionReceipt({
      hash,
      timeout: patience ?? (hasOwners ? OWNERS_PATIENCE_MS : PATIENCE_MS),
      onReplaced: ({ reason, transaction }) => {
        replaced = { reason, by: transaction.hash };
      },
    });
    // One with a higher fee is the same call.
    if (replaced !== undefined && replaced.reason !== "repriced")
      throw new TransactionReplacedError(what, hash, replaced.by);
    if (receipt.status !== "success")
      throw new TransactionFailedError(what, receipt.transactionHash, receipt.blockNumber);
    return receipt;
  } catch (error) {
    if (error instanceof TransactionError) throw error;
    const fate = await readFate(read, sent).catch((): Fate => ({ state: "perhapsSent", hash }));
    if (fate.state === "mined") return read.getTransactionReceipt({ hash });
    if (fate.state === "reverted") throw new TransactionFailedError(what, hash, fate.block);
    if (fate.state === "replaced") throw new TransactionReplacedError(what, hash, fate.by);
    throw new UnsettledError(
      what,
      fate.state === "pending" || fate.state === "proposed" ? fate : { state: "perhapsSent", hash },
      error,
    );
  }
}

/** A contract's revert as ContractRefusedError; any other error as it is. */
export function refusal(call: string, error: unknown): unknown {
  const reverted = findRevert(error);
  if (reverted === undefined) return error;
  const { data, reason, signature, raw } = reverted;
  if (data === undefined && reason === undefined && signature !== undefined)
    return new ContractRefusedError(
      call,
      `unknown error ${signature}`,
      raw === undefined || raw.length <= signature.length
        ? []
        : [`0x${raw.slice(signature.length)}`],
      error,
      FOREIGN_FIX,
    );
  return new ContractRefusedError(
    call,
    data?.errorName ?? reason ?? "no reason given",
    data?.args ?? [],
    error,
  );
}

/** The name of a contract's error by its selector, or the selector where the error is of a contract that this version does not know. */
export function errorName(selector: Hex): string {
  const known = [...iRoundAbi, ...FOREIGN_ERRORS].find(
    (item) => item.type === "error" && toFunctionSelector(item as never) === selector,
  );
  return known !== undefined && "name" in known ? known.name : selector;
}

function displayArgument(value: unknown): string {
  return typeof value === "object" && value !== null ? stringify(value) : String(value);
}
