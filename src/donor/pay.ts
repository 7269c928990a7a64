import {
  BaseError as ViemError,
  encodeFunctionData,
  erc20Abi,
  zeroAddress,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import type { ReadClient, WriteClient } from "../chain/client.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { send, TransactionFailedError } from "../chain/send.ts";
import { approve, readBalance } from "../chain/token.ts";
import { BaseError } from "../errors.ts";

/** A round's calls that take money in. */
export type PayCall =
  | {
      readonly functionName: "contribute";
      readonly args: readonly [keyX: bigint, keyY: bigint, amount: bigint, gateData: Hex];
    }
  | {
      readonly functionName: "topUp";
      readonly args: readonly [tag: bigint, amount: bigint, gateData: Hex];
    }
  | { readonly functionName: "fund"; readonly args: readonly [amount: bigint] };

/** What the payer is asked for next. */
export type PayStep = "approving" | "paying" | "together";

/**
 * How the round's token is paid: `token` by an allowance; `coin` in the chain's own coin, which the token wraps; `fuller` by whichever of the
 * two the account has more of.
 */
export type PayBy = "token" | "coin" | "fuller";

/** The transaction that paid. A wallet that takes calls together may name it only later. */
export type Paid = {
  readonly transactionHash: Hex | undefined;
  readonly gasUsed: bigint | undefined;
};

/** The account holds less than what it is to pay: nothing was asked of the wallet. */
export class InsufficientBalanceError extends BaseError {
  constructor(account: Address, held: bigint, needed: bigint) {
    super(`${account} holds ${held} token units, less than the ${needed} to be paid.`, {
      fix: "Get more of the token, or give less; nothing was sent.",
    });
  }
}

/** Kept back for gas where the chain's own coin is given: a contribution takes about 200,000, and prices move. */
const GAS_KEPT = 600_000n;

/** What an account can give to a round, in token units: `coin` where that is the chain's own coin, and then without what its gas needs. */
export type Balance = { readonly held: bigint; readonly coin: boolean };

/** `undefined` for a round without money. */
export async function payableBalance(
  read: ReadClient,
  {
    token,
    account,
    by,
  }: { readonly token: Address; readonly account: Address; readonly by: PayBy },
): Promise<Balance | undefined> {
  if (token === zeroAddress) return undefined;
  const held = by === "coin" ? 0n : await readBalance(read, token, account);
  if (by === "token") return { held, coin: false };
  const [coin, gasPrice] = await Promise.all([
    read.getBalance({ address: account }),
    read.getGasPrice(),
  ]);
  const spendable = coin > GAS_KEPT * gasPrice ? coin - GAS_KEPT * gasPrice : 0n;
  return spendable >= held ? { held: spendable, coin: true } : { held, coin: false };
}

export type Payment = {
  readonly round: Address;
  readonly token: Address;
  /** Token units. */
  readonly amount: bigint;
  readonly by: PayBy;
  readonly call: PayCall;
  readonly onStep?: ((step: PayStep) => void) | undefined;
};

/**
 * Moves `amount` into a round by one of its calls: allowance and call in one step where the wallet can (EIP-5792), else one after
 * the other; native coin by value; nothing to allow in a round without money. Each part can be repeated.
 * @throws InsufficientBalanceError before anything is asked of the wallet
 */
export async function payIn(client: WriteClient, payment: Payment): Promise<Paid> {
  const { round, token, amount, by, call, onStep } = payment;
  const account = client.wallet.account.address;
  const balance = await payableBalance(client.read, { token, account, by });
  if (balance !== undefined && balance.held < amount)
    throw new InsufficientBalanceError(account, balance.held, amount);
  const coin = balance?.coin === true;
  if (balance !== undefined && !coin) {
    const allowed = await client.read.readContract({
      address: token,
      abi: erc20Abi,
      functionName: "allowance",
      args: [account, round],
    });
    if (allowed < amount) {
      const together = (await takesCallsTogether(client))
        ? await payTogether(client, payment)
        : undefined;
      if (together !== undefined) return together;
      onStep?.("approving");
      await approve(client, { token, spender: round, amount });
    }
  }
  onStep?.("paying");
  const { transactionHash, gasUsed } = await send(client, {
    address: round,
    abi: iRoundAbi,
    ...call,
    value: coin ? amount : 0n,
  } as never);
  return { transactionHash, gasUsed };
}

async function takesCallsTogether({ wallet, chainId }: WriteClient): Promise<boolean> {
  if (wallet.account.type === "local") return false;
  try {
    const { atomic } = (await wallet.getCapabilities({ account: wallet.account, chainId })) as {
      atomic?: { status?: string };
    };
    return atomic?.status === "supported" || atomic?.status === "ready";
  } catch {
    return false; // a wallet that does not know the question
  }
}

/** Codes of EIP-5792 with which a wallet says that it does not take calls together after all, for example because its owner keeps a plain account. */
const NOT_TOGETHER = [5700, 5710, 5740, 5750, 5760];

/** Undefined where the wallet would rather have the calls one by one. */
async function payTogether(
  { wallet, chainId }: WriteClient,
  { round, token, amount, call, onStep }: Payment,
): Promise<Paid | undefined> {
  onStep?.("together");
  const sent = await wallet
    .sendCalls({
      account: wallet.account,
      chain: wallet.chain as never,
      forceAtomic: true,
      calls: [
        {
          to: token,
          data: encodeFunctionData({
            abi: erc20Abi,
            functionName: "approve",
            args: [round, amount],
          }),
        },
        {
          to: round,
          data: encodeFunctionData({
            abi: iRoundAbi as Abi,
            functionName: call.functionName,
            args: call.args,
          }),
        },
      ],
    })
    .catch((error: unknown) => {
      if (declinesTogether(error)) return undefined;
      throw error;
    });
  if (sent === undefined) return undefined;
  const { status, receipts } = await wallet.waitForCallsStatus({ id: sent.id, timeout: 180_000 });
  if (status !== "success")
    throw new TransactionFailedError(`${call.functionName} on chain ${chainId}`, sent.id);
  const receipt = receipts?.at(-1);
  return { transactionHash: receipt?.transactionHash, gasUsed: receipt?.gasUsed };
}

function declinesTogether(error: unknown): boolean {
  const hasCode = (one: unknown) =>
    NOT_TOGETHER.includes((one as { readonly code?: number }).code ?? 0);
  return hasCode(error) || (error instanceof ViemError && error.walk(hasCode) !== null);
}
