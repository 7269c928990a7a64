import { encodeFunctionData, erc20Abi, isAddressEqual, zeroAddress, type Abi, type Address, type Hex } from "viem";
import { approve, balanceOf, iRoundAbi, send, TransactionFailedError, type ReadClient, type WriteClient } from "../../../src/index.ts";
import { codesOf } from "../causes.ts";
import type { SiteChain } from "../config/site.ts";

type PayCall =
  | { readonly functionName: "contribute"; readonly args: readonly [bigint, bigint, bigint, Hex] }
  | { readonly functionName: "topUp"; readonly args: readonly [bigint, bigint, Hex] }
  | { readonly functionName: "fund"; readonly args: readonly [bigint] };

export type PayStep = "approving" | "paying" | "together";

/** The account holds less than what it is to pay. */
export class EmptyPurseError extends Error {
  override readonly name = "EmptyPurseError";
}

/** Kept back for gas where the chain's own coin is given: a contribution takes about 200,000, and prices move. */
const GAS_KEPT = 600_000n;

/** Whether the round's token is the wrapper of the chain's own coin, which then can be given directly. */
export function isNative({ wrappedNative }: SiteChain, token: Address): boolean {
  return wrappedNative !== undefined && isAddressEqual(wrappedNative, token);
}

/** What an account can give to a round: `native` where that is the chain's own coin, and then without what its gas needs. */
export type Purse = { readonly held: bigint; readonly native: boolean };

/** The fuller of coin and wrapped coin where a round takes both; `undefined` for a round without money. */
export async function purseOf(read: ReadClient, chain: SiteChain, token: Address, account: Address): Promise<Purse | undefined> {
  if (token === zeroAddress) return undefined;
  const held = await balanceOf(read, token, account);
  if (!isNative(chain, token)) return { held, native: false };
  const [coin, gasPrice] = await Promise.all([read.getBalance({ address: account }), read.getGasPrice()]);
  const spendable = coin > GAS_KEPT * gasPrice ? coin - GAS_KEPT * gasPrice : 0n;
  return spendable >= held ? { held: spendable, native: true } : { held, native: false };
}

/**
 * Moves `amount` into a round by one of its calls: allowance and call in one step where the wallet can (EIP-5792), else one after
 * the other; native coin by value; nothing to allow in a round without money. Each part can be repeated.
 * @throws EmptyPurseError before anything is asked of the wallet
 */
export async function payIn(
  client: WriteClient,
  { chain, round, token, amount, call, onStep }: { chain: SiteChain; round: Address; token: Address; amount: bigint; call: PayCall; onStep: (step: PayStep) => void },
): Promise<void> {
  const account = client.wallet.account.address;
  const purse = await purseOf(client.read, chain, token, account);
  if (purse !== undefined && purse.held < amount) throw new EmptyPurseError();
  const native = purse?.native === true;
  if (purse !== undefined && !native) {
    const allowed = await client.read.readContract({ address: token, abi: erc20Abi, functionName: "allowance", args: [account, round] });
    if (allowed < amount) {
      if ((await canBatch(client)) && (await payTogether(client, { round, token, amount, call, onStep }))) return;
      onStep("approving");
      await approve(client, { token, spender: round, amount });
    }
  }
  onStep("paying");
  await send(client, { address: round, abi: iRoundAbi, ...call, value: native ? amount : 0n } as never);
}

async function canBatch({ wallet, chainId }: WriteClient): Promise<boolean> {
  try {
    const { atomic } = (await wallet.getCapabilities({ account: wallet.account, chainId })) as { atomic?: { status?: string } };
    return atomic?.status === "supported" || atomic?.status === "ready";
  } catch {
    return false; // a wallet that does not know the question
  }
}

/** Codes of EIP-5792 with which a wallet says that it does not take calls together after all, for example because its owner keeps a plain account. */
const NOT_TOGETHER = [5700, 5710, 5740, 5750, 5760];

/** False where the wallet would rather have the calls one by one. */
async function payTogether({ wallet, chainId }: WriteClient, { round, token, amount, call, onStep }: { round: Address; token: Address; amount: bigint; call: PayCall; onStep: (step: PayStep) => void }): Promise<boolean> {
  onStep("together");
  const sent = await wallet
    .sendCalls({
      account: wallet.account,
      chain: wallet.chain as never,
      forceAtomic: true,
      calls: [
        { to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [round, amount] }) },
        { to: round, data: encodeFunctionData({ abi: iRoundAbi as Abi, functionName: call.functionName, args: call.args }) },
      ],
    })
    .catch((error: unknown) => {
      if (codesOf(error).some((code) => NOT_TOGETHER.includes(code))) return undefined;
      throw error;
    });
  if (sent === undefined) return false;
  const { status } = await wallet.waitForCallsStatus({ id: sent.id, timeout: 180_000 });
  if (status !== "success") throw new TransactionFailedError(`${call.functionName} on chain ${chainId}`, sent.id);
  return true;
}
