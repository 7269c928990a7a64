import { concatHex, type Address, type Hex } from "viem";
import { BaseError } from "../errors.ts";
import { payoutInitCode } from "../payouts/index.ts";
import type { PayoutChoice } from "../payouts/rule.ts";
import type { WriteClient } from "./client.ts";
import {
  BUILT,
  CHECKER_BYTECODES,
  listInitCodes,
  locateContracts,
  PAYOUT_BYTECODES,
  type VerifierBytecodes,
} from "./contracts.ts";
import { create2Address, DEPLOYER, DEPLOYER_TRANSACTION, SALT } from "./create2.ts";
import { gateBytecode, testTokenBytecode } from "./generated/bytecode.ts";
import type { CheckerSettings } from "../gates/checker.ts";
import { checkerInitCode, gateInitCode } from "./parts.ts";
import type { Contracts } from "./provenance.ts";
import { TransactionFailedError, UnsettledError } from "./fate.ts";
import { sendTransaction } from "./send.ts";

export class DeploymentFailedError extends BaseError {
  constructor(name: string, cause: unknown) {
    super(`${name} could not be deployed.`, {
      fix: "Check that the account has coin for gas, then repeat the command: what is deployed stays, and is not deployed again.",
      cause,
    });
  }
}

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

export class UnknownCheckerError extends BaseError {
  constructor(id: string) {
    super(`This version has no checker "${id}".`, {
      fix: `It has: ${Object.keys(CHECKER_BYTECODES).join(", ")}.`,
    });
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

/** Init code of a gate's checkers, by clause, and of the gate. @throws UnknownCheckerError */
function gateInitCodes({ clauses, exactCredits = 0n }: GatePlan) {
  const checkers = clauses.map((clause) =>
    clause.map((one) => {
      const initCode = checkerInitCode(CHECKER_BYTECODES, one);
      if (initCode === undefined) throw new UnknownCheckerError(one.id);
      return { id: one.id, initCode };
    }),
  );
  const addresses = checkers.map((clause) =>
    clause.map(({ initCode }) => create2Address(initCode)),
  );
  return { checkers: checkers.flat(), gate: gateInitCode(gateBytecode, addresses, exactCredits) };
}

/** Where a gate with this plan is, or would be: its address is a function of it (PROV-3). @throws UnknownCheckerError */
export const gateAddress = (plan: GatePlan): Address => create2Address(gateInitCodes(plan).gate);

/** A gate of this version's, with its checkers (GATE-3). Rounds with the same plan share all of them. @throws UnknownCheckerError */
export async function deployGate(client: WriteClient, plan: GatePlan): Promise<Address> {
  const { checkers, gate } = gateInitCodes(plan);
  for (const { id, initCode } of checkers) await deployAt(client, `checker "${id}"`, initCode);
  return deployAt(client, "Gate", gate);
}

/** A gate that admits the accounts of a Merkle tree (GATE-4). */
export async function deployAllowListGate(client: WriteClient, root: Hex): Promise<Address> {
  return deployGate(client, { clauses: [[{ id: "merkle", settings: [root] }]] });
}

/** Where a payout rule with these arguments is, or would be (PROV-5). */
export const payoutRuleAddress = (choice: PayoutChoice): Address =>
  create2Address(payoutInitCode(PAYOUT_BYTECODES[choice.id] as Hex, choice));

/** A payout rule with arguments of the organiser's (PROV-5). Rounds with the same share it. */
export async function deployPayoutRule(
  client: WriteClient,
  choice: PayoutChoice,
): Promise<Address> {
  return deployAt(
    client,
    `the payout rule ${choice.id}`,
    payoutInitCode(PAYOUT_BYTECODES[choice.id] as Hex, choice),
  );
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
  const address = create2Address(initCode);
  if (await hasCode(client, address)) return address;
  if (!(await hasCode(client, DEPLOYER))) await putDeployer(client);
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

async function putDeployer(client: WriteClient): Promise<void> {
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

async function hasCode({ read }: WriteClient, address: Address): Promise<boolean> {
  return ((await read.getCode({ address })) ?? "0x") !== "0x";
}
