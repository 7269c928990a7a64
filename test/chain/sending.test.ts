import type { EIP1193Provider } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectWrite, type WriteClient } from "../../src/chain/client.ts";
import { findNotSentReason, NotSentError } from "../../src/chain/fate.ts";
import { sendTransaction } from "../../src/chain/send.ts";
import {
  devnetAccount,
  devnetAddress,
  startDevnetChain,
  type DevnetChain,
} from "../../src/devnet/chain.ts";

let chain: DevnetChain;
beforeAll(async () => {
  chain = await startDevnetChain();
  await chain.as("sender");
});
afterAll(() => chain.close());

const failure = (code: number, message: string) => Object.assign(new Error(message), { code });

/** The sender's client of a node that answers in a way of its own. */
async function through(
  answer: (method: string, forward: () => Promise<unknown>) => Promise<unknown>,
): Promise<WriteClient> {
  const request = (call: { readonly method: string }) =>
    answer(call.method, () => chain.provider.request(call as never));
  return {
    ...(await connectWrite({ request } as unknown as EIP1193Provider, devnetAccount("sender"))),
    patience: 5_000,
  };
}
const pay = (client: WriteClient) =>
  sendTransaction(client, "a payment", { to: devnetAddress("receiver"), value: 1n });

describe("what a node answers to a transaction", () => {
  test.each(["already known", "Known transaction", "AlreadyKnown", "transaction already imported"])(
    "that it has it already is no failure, also where the next question finds it nowhere: %s",
    async (words) => {
      let hidden = 0;
      const client = await through(async (method, forward) => {
        const answer = await forward();
        if (method === "eth_sendRawTransaction") {
          hidden = 2;
          throw failure(-32000, words);
        }
        const isAbout = ["eth_getTransactionReceipt", "eth_getTransactionByHash"].includes(method);
        return isAbout && hidden-- > 0 ? null : answer;
      });
      expect((await pay(client)).status).toBe("success");
    },
  );

  test("that it refuses it is a failure, and nothing is waited for", async () => {
    const client = await through((method, forward) =>
      method === "eth_sendRawTransaction"
        ? Promise.reject(failure(-32000, "insufficient funds for gas * price + value"))
        : forward(),
    );
    await expect(pay(client)).rejects.toThrow(NotSentError);
  });

  test.each([
    ["declined", 4001, "something in the wallet's own language"],
    ["declined", -32603, "MetaMask Tx Signature: User denied transaction signature."],
    ["declined", -32000, "user rejected transaction"],
    ["coin", -32000, "insufficient funds for gas * price + value: have 0 want 1"],
    ["coin", -32000, "sender doesn't have enough funds to send tx"],
    ["underpriced", -32000, "replacement transaction underpriced"],
    ["underpriced", -32000, "max fee per gas less than block base fee"],
    ["number", -32000, "nonce too low: next nonce 5, tx nonce 4"],
    ["number", -32010, "OldNonce, Current nonce: 5, nonce of rejected tx: 4"],
    ["invalid", -32000, "execution reverted"],
    ["invalid", -32601, "the method does not exist"],
    [undefined, -32000, "request timed out"],
    [undefined, -32603, "upstream connect error"],
  ])("is read as %s: %i %s", (reason, code, message) => {
    const wrapped = new Error("Transaction failed.", { cause: failure(code, message) });
    expect(findNotSentReason(wrapped)).toBe(reason);
  });
});
