import {
  BaseError as ViemError,
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  isHex,
  size,
  type Hex,
} from "viem";

/**
 * A call's revert; undefined where it failed otherwise. viem knows a revert by the node's code for it, and not every node has that code: what
 * comes with a contract's error is one, too.
 */
export function findRevert(error: unknown): ContractFunctionRevertedError | undefined {
  if (!(error instanceof ViemError)) return undefined;
  const known = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (known instanceof ContractFunctionRevertedError) return known;
  const call = error.walk((cause) => cause instanceof ContractFunctionExecutionError);
  const data = dataOf(error.walk((cause) => dataOf(cause) !== undefined));
  if (!(call instanceof ContractFunctionExecutionError) || data === undefined) return undefined;
  const { abi, functionName } = call;
  return new ContractFunctionRevertedError({ abi, functionName, data, cause: error });
}

/** A selector, and words of 32 bytes. */
function dataOf(cause: unknown): Hex | undefined {
  const { data } = Object(cause) as { data?: unknown };
  const raw = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
  return isHex(raw) && size(raw) % 32 === 4 ? raw : undefined;
}
