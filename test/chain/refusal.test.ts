import {
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  encodeErrorResult,
  parseAbi,
  type Hex,
} from "viem";
import { expect, test } from "vitest";
import { refusal, type ContractRefusedError } from "../../src/chain/send.ts";

const abi = parseAbi(["function contribute()", "error TagTaken(uint256 tag)"]);
const refused = (data: Hex | undefined) =>
  refusal(
    "contribute",
    new ContractFunctionExecutionError(
      new ContractFunctionRevertedError({ abi, data: data as Hex, functionName: "contribute" }),
      { abi, functionName: "contribute" },
    ),
  ) as ContractRefusedError;

test("an error that this version knows has its name and its arguments", () => {
  const data = encodeErrorResult({ abi, errorName: "TagTaken", args: [7n] });
  expect(refused(data).message).toMatch(/refuses contribute: TagTaken\(7\)[^]*tacit keygen/);
});

test("an error of somebody else's contract is shown by its selector, with or without arguments", () => {
  expect(refused("0x12345678").shortMessage).toBe(
    "The contract refuses contribute: unknown error 0x12345678().",
  );
  expect(refused("0x12345678").message).toContain("a contract that the organiser chose");
  expect(refused("0x12345678aabb").shortMessage).toBe(
    "The contract refuses contribute: unknown error 0x12345678(0xaabb).",
  );
});

test("a revert without a word is called so", () => {
  expect(refused("0x").shortMessage).toBe("The contract refuses contribute: no reason given().");
});
