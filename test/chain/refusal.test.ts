import {
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  encodeErrorResult,
  InvalidInputRpcError,
  parseAbi,
  type Abi,
  type Hex,
} from "viem";
import { expect, test } from "vitest";
import { fixFor } from "../../src/chain/fixes.ts";
import * as abis from "../../src/chain/generated/abis.ts";
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

/** Errors of libraries, which say nothing to who meets them, and of contracts that only tests have. */
const NOT_OURS =
  /^(ERC\d+|ECDSA|Safe|Reentrancy|Ownable|Create2|Clone|Failed|Insufficient|RLP|Trie|Semaphore__|FieldNot|InvalidShort|StringTooLong|Checkpoint|VotesExpired|InvalidAccount)/;
const ONLY_TESTS = /^(feeToken|greedy|hostile|oddToken|offchain|oldToken|reentrant|test|toy)/;

test("every error of our own contracts says what to do", () => {
  const without = Object.entries(abis).flatMap(([name, items]) =>
    ONLY_TESTS.test(name)
      ? []
      : (items as Abi).flatMap((item) =>
          item.type === "error" && !NOT_OURS.test(item.name) && fixFor(item.name) === undefined
            ? [`${name}: ${item.name}`]
            : [],
        ),
  );
  expect(without).toEqual([]);
});

test("a node that has another code for reverts is understood by the error's data", () => {
  const data = encodeErrorResult({ abi, errorName: "TagTaken", args: [7n] });
  const answered = (given: unknown) =>
    refusal(
      "contribute",
      new ContractFunctionExecutionError(
        new InvalidInputRpcError(Object.assign(new Error("VM Exception"), { data: given })),
        { abi, functionName: "contribute" },
      ),
    );
  for (const given of [data, { reason: "Revert", data }])
    expect((answered(given) as ContractRefusedError).shortMessage).toContain("TagTaken(7)");
  // A node's own failure stays one, whatever it says besides.
  for (const given of [undefined, "0x", "0x1234", "busy", { data: "0x12" }])
    expect(answered(given)).toBeInstanceOf(ContractFunctionExecutionError);
});
