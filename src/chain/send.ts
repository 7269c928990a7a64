import {
  BaseError as ViemError,
  ContractFunctionRevertedError,
  parseAbi,
  stringify,
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type TransactionReceipt,
} from "viem";
import { BaseError } from "../errors.ts";
import { CHECKERS } from "../gates/index.ts";
import type { WriteClient } from "./client.ts";
import { gateAbi } from "./generated/abis.ts";

export class ContractRefusedError extends BaseError {
  /** The contract's custom error, for example `OutsideInterval`. */
  readonly reason: string;

  constructor(call: string, reason: string, args: readonly unknown[], cause: unknown) {
    super(
      `The contract refuses ${call}: ${reason}(${args.map((value) => displayArgument(value)).join(", ")}).`,
      {
        fix: FIXES[reason] ?? "Check the arguments against `tacit status`; nothing was changed.",
        cause,
      },
    );
    this.reason = reason;
  }
}

export class TransactionFailedError extends BaseError {
  constructor(call: string, hash: string) {
    super(`The transaction ${hash} for ${call} was mined but reverted.`, {
      fix: "Look at `tacit status`: somebody may have made the same call first. Then repeat the command.",
    });
  }
}

/** What to do about the contract's errors that a user can meet. Times are seconds since 1970. */
const FIXES: Readonly<Record<string, string>> = {
  OutsideInterval:
    "The phase is closed or not yet open: arguments are (now, from, until). See `tacit status`.",
  NotLive: "The round has ended (1 finalized, 2 aborted, 3 cancelled). See `tacit status`.",
  NotFinalized: "Wait until the coordinator has finished the tally, or abort after the deadline.",
  TagTaken: "Contribute with another key: make one with `tacit keygen`.",
  TagZero: "Contribute with another key: make one with `tacit keygen`.",
  UnacceptablePoint: "The key is not a usable curve point: make one with `tacit keygen`.",
  AmountNotMultipleOfUnit: "Arguments are (amount, unit): use a multiple of the unit.",
  TooFewCredits: "Arguments are (credits, least credits): give more.",
  NotPayer: "Only the account that contributed can top up.",
  NotGuardian: "Only the account that the round names as guardian can dispute its result.",
  ReasonTooLong:
    "Arguments are (bytes, most bytes): write less, or give an address where the rest stands.",
  GuardianWindowConflict:
    "Arguments are (guardian, seconds): give a guardian and a dispute window, or neither.",
  GuardianIsCoordinator: "Name another guardian: the coordinator cannot judge its own tally.",
  TallyMostTooShort:
    "Arguments are (most, base) in seconds: the latest deadline may not come before the shortest.",
  NotCoordinator: "Use the account that the round names as coordinator.",
  WrongMessageFee: "Arguments are (sent, due) in wei.",
  InexactTransfer: "The token does not move exact amounts; such tokens cannot be used.",
  ERC20InsufficientBalance: "Arguments are (account, balance, needed): get more of the token.",
  ERC20InsufficientAllowance:
    "Arguments are (spender, allowance, needed): approve the round for the amount.",
  NothingToPay: "It was paid already, or there is nothing to pay.",
  NotClaimable: "The project has claimed already or is not eligible.",
  AboveLimit: "Arguments are (credits, most credits): the gate lets this account buy no more.",
  NotExactCredits:
    "Arguments are (credits, the round's credits): everybody has the same number in this round.",
  AlreadyAdmitted:
    "Arguments are (checker, identity, its tag): a person can contribute once; use `tacit top-up` for more.",
  UnknownClause: "The gate data names a clause that the gate does not have.",
  WrongEvidence:
    "Arguments are (given, expected): the gate data must hold one evidence for each checker of the clause.",
  UnexpectedHint: "A hint comes with the first entries only: see `restartResults`.",
  ...Object.fromEntries(CHECKERS.flatMap(({ fixes }) => Object.entries(fixes))),
};

/** Errors that a round's gate or token may add to the round's own. */
const FOREIGN_ERRORS: Abi = [...CHECKERS.flatMap(({ abi }) => abi), ...gateAbi]
  .filter(({ type }) => type === "error")
  .concat(
    parseAbi([
      "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
      "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
      "error SafeERC20FailedOperation(address token)",
    ]),
  );

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
};

/**
 * Simulates, sends and waits for one confirmation.
 * @throws ContractRefusedError before anything is sent, TransactionFailedError if it reverts after all
 */
export async function send<
  const TAbi extends Abi,
  TName extends ContractFunctionName<TAbi, "nonpayable" | "payable">,
>({ read, wallet }: WriteClient, call: Call<TAbi, TName>): Promise<TransactionReceipt> {
  const request = {
    ...call,
    abi: [...call.abi, ...FOREIGN_ERRORS],
    account: wallet.account,
  } as unknown as Parameters<typeof read.simulateContract>[0];
  try {
    await read.simulateContract(request);
  } catch (cause) {
    throw refusal(call.functionName, cause);
  }
  const hash = await wallet.writeContract({ ...request, chain: null } as unknown as Parameters<
    typeof wallet.writeContract
  >[0]);
  const receipt = await read.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new TransactionFailedError(call.functionName, hash);
  return receipt;
}

/** A contract's revert as ContractRefusedError; any other error as it is. */
export function refusal(call: string, error: unknown): unknown {
  const reverted =
    error instanceof ViemError
      ? error.walk((e) => e instanceof ContractFunctionRevertedError)
      : null;
  if (!(reverted instanceof ContractFunctionRevertedError)) return error;
  return new ContractRefusedError(
    call,
    reverted.data?.errorName ?? reverted.reason ?? "unknown reason",
    reverted.data?.args ?? [],
    error,
  );
}

function displayArgument(value: unknown): string {
  return typeof value === "object" && value !== null ? stringify(value) : String(value);
}
