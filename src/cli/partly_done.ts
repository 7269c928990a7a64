import { BaseError, describeError } from "../errors.ts";
import { UnsettledError } from "../chain/fate.ts";
import type { TokenFacts } from "../chain/token.ts";
import type { PayStep } from "../donor/pay.ts";
import { showAmount } from "./input/amounts.ts";

/** A command of several steps stopped in between: what is done stays done, and the command goes on from there. */
export class PartlyDoneError extends BaseError {
  constructor(done: readonly string[], cause: unknown) {
    const rest =
      cause instanceof BaseError && cause.fix !== undefined
        ? cause.fix
        : "Repeat the command when the cause is gone.";
    super(`Stopped in between: ${describeError(cause)}`, {
      details: ["done before that, and not to be done again:", ...done],
      fix:
        cause instanceof UnsettledError
          ? rest
          : `${rest} The command, given again, goes on from there.`,
      cause: cause instanceof Error ? cause.cause : undefined,
    });
  }
}

/** Runs steps that tell `done` what each did. @throws PartlyDoneError where one fails after another did something */
export async function stepByStep<T>(run: (done: (what: string) => void) => Promise<T>): Promise<T> {
  const all: string[] = [];
  try {
    return await run((what) => all.push(what));
  } catch (error) {
    throw all.length === 0 ? error : new PartlyDoneError(all, error);
  }
}

/** For `payIn`'s steps: once the payment itself is asked for, the allowance before it stands. */
export function tellApproval(
  amount: bigint,
  token: TokenFacts,
  done: (what: string) => void,
): (step: PayStep) => void {
  let approving = false;
  return (step) => {
    if (step === "approving") approving = true;
    else if (step === "paying" && approving)
      done(`the round may take ${showAmount(amount, token)} of yours; nothing was taken`);
  };
}
