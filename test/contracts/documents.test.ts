import { network } from "hardhat";
import { parseEventLogs, sha256, toHex, type Hex } from "viem";
import { expect, it } from "vitest";
import { iDocumentsAbi } from "../../src/chain/generated/abis.ts";
import { expectRevert } from "./support/reverts.ts";

it("META-1 documents are published by their SHA-256, all of a call or none", async () => {
  const { viem } = await network.create();
  const board = await viem.deployContract("Documents");
  const client = await viem.getPublicClient();
  const documents: readonly Hex[] = [toHex("{}"), toHex("[]"), `0x${"7b".repeat(16_384)}`];
  const { logs } = await client.waitForTransactionReceipt({
    hash: await board.write.publish([documents]),
  });
  expect(parseEventLogs({ abi: iDocumentsAbi, logs }).map(({ args }) => args)).toEqual(
    documents.map((document) => ({ digest: sha256(document), document })),
  );
  const longer: Hex = `0x${"7b".repeat(16_385)}`;
  await expectRevert(
    board.write.publish([[toHex("{}"), longer]]),
    "DocumentLength",
    [1, 16_385, 16_384],
  );
  await expectRevert(board.write.publish([["0x"]]), "DocumentLength", [0, 0, 16_384]);
});
