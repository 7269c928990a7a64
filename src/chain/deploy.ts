import type { Abi, Address, ContractConstructorArgs, Hex } from "viem";
import { BaseError } from "../errors.ts";
import type { WriteClient } from "./client.ts";
import {
  allowListGateAbi, closeVerifierAbi, foldVerifierSmallAbi, openGateAbi, quadraticPayoutAbi, roundAbi, roundFactoryAbi, testTokenAbi,
} from "./generated/abis.ts";
import {
  allowListGateBytecode, closeVerifierBytecode, foldVerifierLargeBytecode, foldVerifierSmallBytecode, openGateBytecode, quadraticPayoutBytecode,
  roundBytecode, roundFactoryBytecode, testTokenBytecode,
} from "./generated/bytecode.ts";
import { TransactionFailedError } from "./send.ts";

export class DeploymentFailedError extends BaseError {
  constructor(name: string, cause: unknown) {
    super(`${name} could not be deployed.`, { fix: "Check that the account has coin for gas, then repeat the command.", cause });
  }
}

/** The contracts that rounds need, once a chain. */
export type Deployment = {
  readonly chainId: number;
  readonly factory: Address;
  readonly openGate: Address;
  /** Quadratic matching that returns a surplus to the sponsors, or pays it out (MONEY-3). */
  readonly payoutRules: { readonly return: Address; readonly pay: Address };
};

/** Deploys one contract and waits for it. `name` is for messages. @throws DeploymentFailedError */
export async function deployContract<const TAbi extends Abi>(
  { read, wallet }: WriteClient,
  name: string,
  { abi, bytecode, args }: { readonly abi: TAbi; readonly bytecode: Hex; readonly args: ContractConstructorArgs<TAbi> },
): Promise<Address> {
  try {
    const hash = await wallet.deployContract({ abi, bytecode, args, chain: null } as unknown as Parameters<typeof wallet.deployContract>[0]);
    const receipt = await read.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success" || !receipt.contractAddress) throw new TransactionFailedError(`deploying ${name}`, hash);
    return receipt.contractAddress;
  } catch (cause) {
    throw new DeploymentFailedError(name, cause);
  }
}

/** Bytecode of the verifiers, where it is not that of the build: of keys from a ceremony. */
export type VerifierBytecodes = { readonly small: Hex; readonly large: Hex; readonly close: Hex };

const BUILT: VerifierBytecodes = { small: foldVerifierSmallBytecode, large: foldVerifierLargeBytecode, close: closeVerifierBytecode };

/** Deploys verifiers, round implementation, factory, open gate and both payout rules: nine transactions. */
export async function deployAll(client: WriteClient, onDeployed?: (name: string, address: Address) => void, verifiers: VerifierBytecodes = BUILT): Promise<Deployment> {
  const one = async <const TAbi extends Abi>(name: string, contract: { readonly abi: TAbi; readonly bytecode: Hex; readonly args: ContractConstructorArgs<TAbi> }) => {
    const address = await deployContract(client, name, contract);
    onDeployed?.(name, address);
    return address;
  };
  const small = await one("FoldVerifierSmall", { abi: foldVerifierSmallAbi, bytecode: verifiers.small, args: [] });
  const large = await one("FoldVerifierLarge", { abi: foldVerifierSmallAbi, bytecode: verifiers.large, args: [] });
  const close = await one("CloseVerifier", { abi: closeVerifierAbi, bytecode: verifiers.close, args: [] });
  const implementation = await one("Round", { abi: roundAbi, bytecode: roundBytecode, args: [] });
  const factory = await one("RoundFactory", { abi: roundFactoryAbi, bytecode: roundFactoryBytecode, args: [implementation, close, [small, large]] });
  const openGate = await one("OpenGate", { abi: openGateAbi, bytecode: openGateBytecode, args: [] });
  const returning = await one("QuadraticPayout (surplus returned)", { abi: quadraticPayoutAbi, bytecode: quadraticPayoutBytecode, args: [false] });
  const paying = await one("QuadraticPayout (surplus paid)", { abi: quadraticPayoutAbi, bytecode: quadraticPayoutBytecode, args: [true] });
  return { chainId: client.chainId, factory, openGate, payoutRules: { return: returning, pay: paying } };
}

/** A gate that admits the accounts of a Merkle tree (GATE-2). */
export async function deployAllowListGate(client: WriteClient, root: Hex): Promise<Address> {
  return deployContract(client, "AllowListGate", { abi: allowListGateAbi, bytecode: allowListGateBytecode, args: [root] });
}

/** A token that anybody may mint: for development chains. */
export async function deployTestToken(client: WriteClient): Promise<Address> {
  return deployContract(client, "TestToken", { abi: testTokenAbi, bytecode: testTokenBytecode, args: [] });
}
