import type { Address, Hex } from "viem";
import { BaseError } from "../errors.ts";
import type { PayoutChoice } from "../payouts/rule.ts";
import type { WriteClient } from "./client.ts";
import {
  BUILT,
  CREATION_CODE,
  listInitCodes,
  locateContracts,
  PAYOUT_BYTECODES,
  type VerifierBytecodes,
} from "./contracts.ts";
import { create2Address, DEPLOYER, DEPLOYER_TRANSACTION } from "./create2.ts";
import type { VoteQuestion } from "../votes/outcome.ts";
import type { OptimisticSettings } from "./applications.ts";
import { billboardInitCode, type BillboardTerms } from "./billboard.ts";
import {
  createAt,
  createGate,
  createOptimisticRegistry,
  createReviews,
  hasCode,
  locateGate,
  locateReviews,
  type GatePlan,
} from "./deploy_parts.ts";
import {
  billboardBytecode,
  instalmentEscrowFactoryBytecode,
  qvOutcomeBytecode,
  testTokenBytecode,
} from "./generated/bytecode.ts";
import { outcomeInitCode } from "./outcome.ts";
import { payoutInitCodes } from "./payout.ts";
import type { Panel } from "./qualifier.ts";
import type { Contracts } from "./provenance.ts";
import { TransactionFailedError, UnsettledError } from "./fate.ts";
import { sendTransaction } from "./send.ts";

export class NoDeployerError extends BaseError {
  constructor(cause: unknown) {
    super(`This chain lacks the deployer at ${DEPLOYER}, and it could not be put there.`, {
      fix: "The transaction that makes it has no chain id. Use a node that takes such transactions, or ask who runs the chain to send it; then repeat the command.",
      details: [
        `send ${DEPLOYER_TRANSACTION.cost} wei to ${DEPLOYER_TRANSACTION.sender}, then the transaction ${DEPLOYER_TRANSACTION.raw}`,
      ],
      cause,
    });
  }
}

/** The contracts that rounds need, once a chain. */
export type Deployment = Pick<Contracts, "factory" | "openGate" | "documents" | "payoutRules"> & {
  readonly chainId: number;
};

/** Deploys verifiers, round implementation, factory, open gate, board of documents and both payout rules, each unless it is there: at most eleven transactions. */
export async function deployAll(
  client: WriteClient,
  onDeployed?: (name: string, address: Address) => void,
  verifiers: VerifierBytecodes = BUILT,
): Promise<Deployment> {
  for (const [name, initCode] of listInitCodes(verifiers)) {
    const address = await deployAt(client, name, initCode);
    onDeployed?.(name, address);
  }
  const { factory, openGate, documents, payoutRules } = locateContracts(verifiers);
  return { chainId: client.chainId, factory, openGate, documents, payoutRules };
}

/** Where a gate with this plan is, or would be: its address is a function of it (PROV-3). @throws UnknownCheckerError */
export const gateAddress = (plan: GatePlan): Address => locateGate(CREATION_CODE, plan);

/** A gate of this version's, with its checkers (GATE-3). Rounds with the same plan share all of them. @throws UnknownCheckerError, DeploymentFailedError, NoDeployerError */
export async function deployGate(client: WriteClient, plan: GatePlan): Promise<Address> {
  await putDeployer(client);
  return createGate(client, CREATION_CODE, plan);
}

/** A gate that admits the accounts of a Merkle tree (GATE-4). */
export async function deployAllowListGate(client: WriteClient, root: Hex): Promise<Address> {
  return deployGate(client, { clauses: [[{ id: "merkle", settings: [root] }]] });
}

/** A registry in which silence accepts (REG-3). */
export async function deployOptimisticRegistry(
  client: WriteClient,
  settings: OptimisticSettings,
): Promise<Address> {
  await putDeployer(client);
  return createOptimisticRegistry(client, CREATION_CODE, settings);
}

/** Where a payout rule with these arguments is, or would be (PROV-5). */
export const payoutRuleAddress = (choice: PayoutChoice): Address =>
  create2Address(payoutInitCodes(PAYOUT_BYTECODES, choice).at(-1) as Hex);

/** A payout rule with arguments of the organiser's (PROV-5). Rounds with the same share it. */
export async function deployPayoutRule(
  client: WriteClient,
  choice: PayoutChoice,
): Promise<Address> {
  for (const initCode of payoutInitCodes(PAYOUT_BYTECODES, choice))
    await deployAt(client, `the payout rule ${choice.id}`, initCode);
  return payoutRuleAddress(choice);
}

/** Where a panel of reviewers is, or would be. */
export const reviewsAddress = (panel: Panel): Address => locateReviews(CREATION_CODE, panel);

/** A panel of reviewers (REVIEW-1). */
export async function deployReviews(client: WriteClient, panel: Panel): Promise<Address> {
  await putDeployer(client);
  return createReviews(client, CREATION_CODE, panel);
}

/** What makes escrows (ESCROW-1), once a chain. */
export async function deployEscrowFactory(client: WriteClient): Promise<Address> {
  return deployAt(client, "InstalmentEscrowFactory", instalmentEscrowFactoryBytecode);
}

/** The contract that decides these questions, for other contracts to act on (VOTE-4). Rounds with the same share it. */
export async function deployOutcome(
  client: WriteClient,
  questions: readonly VoteQuestion[],
): Promise<Address> {
  return deployAt(client, "QvOutcome", outcomeInitCode(qvOutcomeBytecode, questions));
}

/** A billboard on these terms, one for all who want it (BOARD-1). */
export async function deployBillboard(
  client: WriteClient,
  terms: BillboardTerms,
): Promise<Address> {
  return deployAt(client, "Billboard", billboardInitCode(billboardBytecode, terms));
}

/** A token that anybody may mint: for development chains. */
export async function deployTestToken(client: WriteClient): Promise<Address> {
  return deployAt(client, "TestToken", testTokenBytecode);
}

/**
 * Puts the contract of this init code at its address (PROV-1), if nobody has yet: what is there can be nothing else. `name` is for messages.
 * @throws DeploymentFailedError, NoDeployerError
 */
export async function deployAt(client: WriteClient, name: string, initCode: Hex): Promise<Address> {
  await putDeployer(client);
  return createAt(client, name, initCode);
}

/** Unless the chain has it. @throws NoDeployerError, UnsettledError */
async function putDeployer(client: WriteClient): Promise<void> {
  if (await hasCode(client, DEPLOYER)) return;
  const { raw, sender, cost } = DEPLOYER_TRANSACTION;
  try {
    const missing = cost - (await client.read.getBalance({ address: sender }));
    if (missing > 0n)
      await sendTransaction(client, "paying for the deployer", { to: sender, value: missing });
    const receipt = await client.read.waitForTransactionReceipt({
      hash: await client.read.sendRawTransaction({ serializedTransaction: raw }),
    });
    if (receipt.status !== "success")
      throw new TransactionFailedError("making the deployer", receipt.transactionHash);
  } catch (cause) {
    if (cause instanceof UnsettledError) throw cause;
    throw new NoDeployerError(cause);
  }
}
