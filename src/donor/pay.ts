import {
  BaseError as ViemError,
  encodeFunctionData,
  zeroAddress,
  type Abi,
  type Address,
  type Hex,
} from "viem";
import type { ReadClient, WriteClient } from "../chain/client.ts";
import { iRoundAbi } from "../chain/generated/abis.ts";
import { NotSentError, TransactionFailedError, UnsettledError } from "../chain/fate.ts";
import { isTokenRefusal, send, simulate } from "../chain/send.ts";
import {
  readAllowance,
  encodeApproval,
  planApprovals,
  approve,
  readBalance,
} from "../chain/token.ts";
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
 * the other; native coin by value; nothing to allow in a round without money. What the round would refuse is refused before anything is allowed.
 * @throws InsufficientBalanceError, ContractRefusedError before anything is asked of the wallet; later as \`send\`
 */
export async function payIn(client: WriteClient, payment: Payment): Promise<Paid> {
  const { round, token, amount, by, onStep } = payment;
  const account = client.wallet.account.address;
  const balance = await payableBalance(client.read, { token, account, by });
  if (balance !== undefined && balance.held < amount)
    throw new InsufficientBalanceError(account, balance.held, amount);
  const coin = balance?.coin === true;
  if (balance !== undefined && !coin) {
    const approval = { token, spender: round, amount };
    const allowed = await readAllowance(client, approval);
    if (allowed < amount) {
      await requireTaken(client, payment);
      const together = (await takesCallsTogether(client))
        ? await payTogether(client, payment, await planApprovals(client, approval, allowed))
        : undefined;
      if (together !== undefined) return together;
      onStep?.("approving");
      await approve(client, approval);
    }
  }
  onStep?.("paying");
  const { transactionHash, gasUsed } = await send(client, encodeCall(payment, coin ? amount : 0n));
  return { transactionHash, gasUsed };
}

const encodeCall = ({ round, call }: Payment, value: bigint) =>
  ({ address: round, abi: iRoundAbi, ...call, value }) as never;

/** The round asks for the money last: where only the token objects, nothing but the allowance is missing. @throws ContractRefusedError */
async function requireTaken(client: WriteClient, payment: Payment): Promise<void> {
  try {
    await simulate(client, encodeCall(payment, 0n));
  } catch (error) {
    if (!isTokenRefusal(error)) throw error;
  }
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
  { wallet, patience }: WriteClient,
  { round, token, call, onStep }: Payment,
  approvals: readonly bigint[],
): Promise<Paid | undefined> {
  onStep?.("together");
  const sent = await wallet
    .sendCalls({
      account: wallet.account,
      chain: wallet.chain as never,
      forceAtomic: true,
      calls: [
        ...approvals.map((amount) => ({
          to: token,
          data: encodeFunctionData(encodeApproval({ token, spender: round, amount })),
        })),
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
  const told = await wallet
    .waitForCallsStatus({ id: sent.id, timeout: patience ?? PATIENCE_MS })
    .catch((error: unknown) => {
      // The wallet has them, under a name that no node knows: they may be mined at any time.
      throw new UnsettledError(call.functionName, { state: "proposed", id: sent.id }, error);
    });
  if (told.status === "failure") throw createCallsFailure(call.functionName, told);
  if (told.status !== "success")
    throw new UnsettledError(call.functionName, { state: "proposed", id: sent.id });
  const receipt = told.receipts?.at(-1);
  return { transactionHash: receipt?.transactionHash, gasUsed: receipt?.gasUsed };
}

/** How long a wallet's calls are waited for. */
const PATIENCE_MS = 180_000;
/** Of EIP-5792: from here on calls were on the chain and reverted; below they never were, and the wallet gives up. */
const REVERTED = 500;

function createCallsFailure(
  call: string,
  told: {
    readonly statusCode: number;
    readonly receipts?: readonly { readonly transactionHash: Hex; readonly blockNumber: bigint }[];
  },
): Error {
  const receipt = told.receipts?.at(-1);
  return told.statusCode >= REVERTED && receipt !== undefined
    ? new TransactionFailedError(call, receipt.transactionHash, receipt.blockNumber)
    : new NotSentError(call, "invalid", new Error(`the wallet's status is ${told.statusCode}`));
}

function declinesTogether(error: unknown): boolean {
  const hasCode = (one: unknown) =>
    NOT_TOGETHER.includes((one as { readonly code?: number }).code ?? 0);
  return hasCode(error) || (error instanceof ViemError && error.walk(hasCode) !== null);
}
