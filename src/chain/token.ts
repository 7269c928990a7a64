import {
  BaseError as ViemError,
  ContractFunctionZeroDataError,
  erc20Abi,
  parseAbi,
  zeroAddress,
  type Address,
} from "viem";
import { BaseError } from "../errors.ts";
import { BOUNDED } from "./bounded.ts";
import type { ReadClient, WriteClient } from "./client.ts";
import { ContractRefusedError, send, simulate } from "./send.ts";

export type TokenFacts = {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
};

/** The token's contract did not say how many decimals it has, though it may have some: nothing may be computed from a guess. */
export class UnknownDecimalsError extends BaseError {
  constructor(token: Address, cause: unknown) {
    super(`The token ${token} did not tell how many decimals it has.`, {
      fix: "The node may be overloaded: try again in a moment, or use another RPC URL. Nothing was sent.",
      cause,
    });
  }
}

/** There is no token at this address: nothing there has a balance. */
export class NotATokenError extends BaseError {
  constructor(token: Address, cause: unknown) {
    super(`There is no ERC-20 token at ${token}.`, {
      fix: "Check the address, and that the RPC serves the token's chain. Nothing was sent.",
      cause,
    });
  }
}

/**
 * Symbol and decimals, for display. A token may leave out both: then its address and 0, where the contract itself says that it has no such
 * function. A node's failure says nothing of the token. A round without money counts credits.
 * @throws UnknownDecimalsError, NotATokenError
 */
export async function readToken(client: ReadClient, address: Address): Promise<TokenFacts> {
  if (address === zeroAddress) return { address, symbol: "credits", decimals: 0 };
  const at = { address, abi: erc20Abi, ...BOUNDED } as const;
  const [symbol, decimals] = await Promise.all([
    client.readContract({ ...at, functionName: "symbol" }).catch(() => address),
    client
      .readContract({ ...at, functionName: "decimals" })
      .catch((cause: unknown) => withoutDecimals(client, address, cause)),
  ]);
  return { address, symbol, decimals };
}

/** 0 where the contract is a token that has no decimals; whatever else kept it from answering is no answer. */
async function withoutDecimals(client: ReadClient, token: Address, cause: unknown): Promise<0> {
  if (!isMissingView(cause)) throw new UnknownDecimalsError(token, cause);
  try {
    await client.readContract({
      address: token,
      abi: erc20Abi,
      functionName: "totalSupply",
      ...BOUNDED,
    });
  } catch (error) {
    throw isMissingView(error)
      ? new NotATokenError(token, error)
      : new UnknownDecimalsError(token, error);
  }
  return 0;
}

/**
 * An answer of no bytes, or a revert: a contract that lacks the function gives one of them. Of the errors the innermost is asked, which has the
 * node's own words: what is put around it calls other failures a revert too.
 */
function isMissingView(error: unknown): boolean {
  if (!(error instanceof ViemError)) return false;
  if (error.walk((one) => one instanceof ContractFunctionZeroDataError) !== null) return true;
  const root = error.walk() as Error & { readonly details?: string };
  return /revert|invalid opcode/i.test(root.details ?? root.message);
}

export async function readBalance(
  client: ReadClient,
  token: Address,
  holder: Address,
): Promise<bigint> {
  return client.readContract({
    address: token,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [holder],
  });
}

/** The token let itself be called and allowed nothing. */
export class NotAllowedError extends BaseError {
  constructor(token: Address, spender: Address, allowed: bigint, amount: bigint) {
    super(
      `The token ${token} allows ${spender} ${allowed} of its units, not the ${amount} asked for.`,
      {
        fix: "This token does not keep to ERC-20's approve; use another way to pay. Nothing was paid.",
      },
    );
  }
}

/** As some tokens have it, which return nothing: of an answer nothing depends, as the allowance is read afterwards. */
const APPROVE = parseAbi(["function approve(address spender, uint256 amount)"]);

export type Approval = {
  readonly token: Address;
  readonly spender: Address;
  readonly amount: bigint;
};

export async function readAllowance(
  client: WriteClient,
  { token, spender }: Omit<Approval, "amount">,
): Promise<bigint> {
  return client.read.readContract({
    address: token,
    abi: erc20Abi,
    functionName: "allowance",
    args: [client.wallet.account.address, spender],
  });
}

/** The amounts to approve one after the other: some tokens take a change only from 0. */
export async function planApprovals(
  client: WriteClient,
  { token, spender, amount }: Approval,
  allowed: bigint,
): Promise<readonly bigint[]> {
  if (allowed >= amount) return [];
  if (allowed === 0n) return [amount];
  try {
    await simulate(client, encodeApproval({ token, spender, amount }));
    return [amount];
  } catch (error) {
    if (error instanceof ContractRefusedError) return [0n, amount];
    throw error;
  }
}

export const encodeApproval = ({ token, spender, amount }: Approval) =>
  ({
    address: token,
    abi: APPROVE,
    functionName: "approve",
    args: [spender, amount],
  }) as const;

/** Lets `spender` take `amount` of the sender's tokens, unless it may take that much already. @throws NotAllowedError, and as `send` */
export async function approve(client: WriteClient, approval: Approval) {
  const { token, spender, amount } = approval;
  const steps = await planApprovals(client, approval, await readAllowance(client, approval));
  for (const step of steps) await send(client, encodeApproval({ token, spender, amount: step }));
  if (steps.length === 0) return;
  const allowed = await readAllowance(client, approval);
  if (allowed < amount) throw new NotAllowedError(token, spender, allowed, amount);
}
