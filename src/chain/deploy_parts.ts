import { concatHex, type Address, type Hex } from "viem";
import { BaseError } from "../errors.ts";
import type { CheckerSettings } from "../gates/checker.ts";
import type { PayoutChoice } from "../payouts/rule.ts";
import type { OptimisticSettings } from "./applications.ts";
import type { WriteClient } from "./client.ts";
import { create2Address, DEPLOYER, SALT } from "./create2.ts";
import { UnsettledError } from "./fate.ts";
import { checkerInitCode, gateInitCode, optimisticInitCode } from "./parts.ts";
import { payoutInitCodes } from "./payout.ts";
import { reviewsInitCode, type Panel } from "./qualifier.ts";
import type { Contracts } from "./provenance.ts";
import { sendTransaction } from "./send.ts";

export class DeploymentFailedError extends BaseError {
  constructor(name: string, cause: unknown) {
    super(`${name} could not be deployed.`, {
      fix: "Check that the account has coin for gas, then repeat the command: what is deployed stays, and is not deployed again.",
      cause,
    });
  }
}

export class UnknownCheckerError extends BaseError {
  constructor(id: string, known: readonly string[]) {
    super(`This version has no checker "${id}".`, { fix: `It has: ${known.join(", ")}.` });
  }
}

/** What a gate shall ask: up to four clauses of up to four checkers each, by kind and settings. */
export type GatePlan = {
  readonly clauses: readonly (readonly {
    readonly id: string;
    readonly settings: CheckerSettings;
  }[])[];
  /** Credits that each contribution must have; 0 for any number. */
  readonly exactCredits?: bigint;
};

/** Creation code of what organisers make with arguments of their own, as a page has it of the contracts that it trusts. */
export type PartsCode = Contracts["creationCode"];

/** @throws UnknownCheckerError */
function checkerCode(
  { checkers }: Pick<PartsCode, "checkers">,
  one: GatePlan["clauses"][number][number],
): Hex {
  const initCode = checkerInitCode(checkers, one);
  if (initCode === undefined) throw new UnknownCheckerError(one.id, Object.keys(checkers));
  return initCode;
}

/** Init code of a gate's checkers, by clause, and of the gate. @throws UnknownCheckerError */
function gateInitCodes(code: PartsCode, { clauses, exactCredits = 0n }: GatePlan) {
  const checkers = clauses.map((clause) =>
    clause.map((one) => ({ id: one.id, initCode: checkerCode(code, one) })),
  );
  const addresses = checkers.map((clause) =>
    clause.map(({ initCode }) => create2Address(initCode)),
  );
  return { checkers: checkers.flat(), gate: gateInitCode(code.gate, addresses, exactCredits) };
}

/** Where a gate with this plan is, or would be: its address is a function of it (PROV-3). @throws UnknownCheckerError */
export const locateGate = (code: PartsCode, plan: GatePlan): Address =>
  create2Address(gateInitCodes(code, plan).gate);

/** Makes a gate with its checkers (GATE-3), each unless it is there. Rounds with the same plan share all of them. @throws UnknownCheckerError, DeploymentFailedError */
export async function createGate(
  client: WriteClient,
  code: PartsCode,
  plan: GatePlan,
): Promise<Address> {
  const { checkers, gate } = gateInitCodes(code, plan);
  for (const { id, initCode } of checkers) await createAt(client, `checker "${id}"`, initCode);
  return createAt(client, "Gate", gate);
}

/** Where a checker with these settings is, or would be (GATE-3). @throws UnknownCheckerError */
export function locateChecker(
  code: Pick<PartsCode, "checkers">,
  one: GatePlan["clauses"][number][number],
): Address {
  return create2Address(checkerCode(code, one));
}

/** Where a payout rule with these arguments is, or would be (PROV-5). */
export const locatePayoutRule = (code: PartsCode, choice: PayoutChoice): Address =>
  create2Address(payoutInitCodes(code.payoutRules, choice).at(-1) as Hex);

/** Makes a payout rule with arguments of the organiser's (PROV-5), unless it is there. Rounds with the same share it. @throws DeploymentFailedError */
export async function createPayoutRule(
  client: WriteClient,
  code: PartsCode,
  choice: PayoutChoice,
): Promise<Address> {
  for (const initCode of payoutInitCodes(code.payoutRules, choice))
    await createAt(client, `the payout rule ${choice.id}`, initCode);
  return locatePayoutRule(code, choice);
}

/** Where a panel of reviewers is, or would be. */
export const locateReviews = (code: Pick<PartsCode, "reviews">, panel: Panel): Address =>
  create2Address(reviewsInitCode(code.reviews, panel));

/** Makes a panel of reviewers (REVIEW-1), unless it is there. @throws DeploymentFailedError */
export const createReviews = async (
  client: WriteClient,
  code: Pick<PartsCode, "reviews">,
  panel: Panel,
): Promise<Address> => createAt(client, "Reviews", reviewsInitCode(code.reviews, panel));

/** Makes what makes escrows (ESCROW-1), unless it is there. @throws DeploymentFailedError */
export const createEscrowFactory = async (
  client: WriteClient,
  code: Pick<PartsCode, "escrowFactory">,
): Promise<Address> => createAt(client, "InstalmentEscrowFactory", code.escrowFactory);

/** Where a registry in which silence accepts is, or would be: its address is a function of its settings (PROV-4). */
export const locateOptimisticRegistry = (
  code: Pick<PartsCode, "optimisticRegistry">,
  settings: OptimisticSettings,
): Address => create2Address(optimisticInitCode(code.optimisticRegistry, settings));

/** Makes a registry in which silence accepts (REG-3), unless it is there; who makes it has no part in it. @throws DeploymentFailedError */
export const createOptimisticRegistry = async (
  client: WriteClient,
  code: Pick<PartsCode, "optimisticRegistry">,
  settings: OptimisticSettings,
): Promise<Address> =>
  createAt(client, "the project registry", optimisticInitCode(code.optimisticRegistry, settings));

/**
 * Puts the contract of this init code at its address (PROV-1), if nobody has yet: what is there can be nothing else. `name` is for messages;
 * the chain must have the deployer.
 * @throws DeploymentFailedError
 */
export async function createAt(client: WriteClient, name: string, initCode: Hex): Promise<Address> {
  const address = create2Address(initCode);
  if (await hasCode(client, address)) return address;
  try {
    await sendTransaction(client, `deploying ${name}`, {
      to: DEPLOYER,
      data: concatHex([SALT, initCode]),
    });
  } catch (cause) {
    // Somebody else may have deployed it meanwhile.
    if (!(await hasCode(client, address)))
      throw cause instanceof UnsettledError ? cause : new DeploymentFailedError(name, cause);
  }
  if (!(await hasCode(client, address))) throw new DeploymentFailedError(name, undefined);
  return address;
}

export async function hasCode(
  { read }: Pick<WriteClient, "read">,
  address: Address,
): Promise<boolean> {
  return ((await read.getCode({ address })) ?? "0x") !== "0x";
}
