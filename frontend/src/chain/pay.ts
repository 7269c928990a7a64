import { encodeFunctionData, erc20Abi, isAddressEqual, zeroAddress, type Abi, type Address, type Hex } from "viem";
import { approve, iRoundAbi, send, TransactionFailedError, type WriteClient } from "../../../src/index.ts";
import type { SiteChain } from "../config/site.ts";

type PayCall =
  | { readonly functionName: "contribute"; readonly args: readonly [bigint, bigint, bigint, Hex] }
  | { readonly functionName: "topUp"; readonly args: readonly [bigint, bigint, Hex] }
  | { readonly functionName: "fund"; readonly args: readonly [bigint] };

export type PayStep = "approving" | "paying" | "together";

/** Whether the round's token is the wrapper of the chain's own coin, which then is given directly. */
export function isNative({ wrappedNative }: SiteChain, token: Address): boolean {
  return wrappedNative !== undefined && isAddressEqual(wrappedNative, token);
}

/**
 * Moves `amount` into a round by one of its calls: allowance and call in one step where the wallet can (EIP-5792), else one after
 * the other; native coin by value; nothing to allow in a round without money. Each part can be repeated.
 */
export async function payIn(
  client: WriteClient,
  { chain, round, token, amount, call, onStep }: { chain: SiteChain; round: Address; token: Address; amount: bigint; call: PayCall; onStep: (step: PayStep) => void },
): Promise<void> {
  const native = isNative(chain, token);
  if (!native && token !== zeroAddress) {
    const allowed = await client.read.readContract({ address: token, abi: erc20Abi, functionName: "allowance", args: [client.wallet.account.address, round] });
    if (allowed < amount) {
      if (await canBatch(client)) return payTogether(client, { round, token, amount, call, onStep });
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

async function payTogether({ wallet, chainId }: WriteClient, { round, token, amount, call, onStep }: { round: Address; token: Address; amount: bigint; call: PayCall; onStep: (step: PayStep) => void }): Promise<void> {
  onStep("together");
  const { id } = await wallet.sendCalls({
    account: wallet.account,
    chain: wallet.chain as never,
    forceAtomic: true,
    calls: [
      { to: token, data: encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [round, amount] }) },
      { to: round, data: encodeFunctionData({ abi: iRoundAbi as Abi, functionName: call.functionName, args: call.args }) },
    ],
  });
  const { status } = await wallet.waitForCallsStatus({ id, timeout: 180_000 });
  if (status !== "success") throw new TransactionFailedError(`${call.functionName} on chain ${chainId}`, id);
}
