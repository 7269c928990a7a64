import { concatHex, numberToHex, type Address, type Hex } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPrice } from "../../frontend/src/chain/price.ts";
import { startDevnetChain, type DevnetChain } from "../../src/devnet/chain.ts";

let chain: DevnetChain;
beforeAll(async () => {
  chain = await startDevnetChain();
});
afterAll(() => chain.close());

const MSTORE = "0x52";
const push = (value: bigint): Hex => concatHex(["0x7f", numberToHex(value, { size: 32 })]);

/** A contract that answers whatever it is asked with these words, as a feed of that form does: its decimals stand first. */
async function deployFeed(words: readonly bigint[]): Promise<Address> {
  const kept = words.flatMap((word, i) => [push(word), push(BigInt(32 * i)), MSTORE] as Hex[]);
  const code = concatHex([...kept, push(BigInt(32 * words.length)), push(0n), "0xf3"]);
  const size = BigInt((code.length - 2) / 2);
  // Five pushes of 33 bytes and two codes of one stand before it.
  const offset = BigInt(5 * 33 + 2);
  const init = concatHex([
    push(size),
    push(offset),
    push(0n),
    "0x39",
    push(size),
    push(0n),
    "0xf3",
  ]);
  const { wallet, read } = await chain.as("organiser");
  const hash = await wallet.sendTransaction({
    data: concatHex([init, code]),
    account: wallet.account,
    chain: null,
  } as never);
  const { contractAddress } = await read.waitForTransactionReceipt({ hash });
  return contractAddress as Address;
}

test("a feed's price is read; one that is too old, or no price, is none", async () => {
  const now = await chain.now();
  const feed = (answer: bigint, at: bigint) => deployFeed([8n, answer, at, at, 8n]);
  expect(await readPrice(chain.read, await feed(250_000_000_000n, now))).toEqual({
    answer: 250_000_000_000n,
    decimals: 8,
  });
  expect(await readPrice(chain.read, await feed(250_000_000_000n, now - 100_000n))).toBeUndefined();
  expect(await readPrice(chain.read, await feed(0n, now))).toBeUndefined();
  expect(await readPrice(chain.read, await feed(2n ** 256n - 1n, now))).toBeUndefined(); // -1
});
