import type { BrowserContext } from "playwright-core";
import type { Address } from "viem";
import { deployAt } from "../../../src/chain/deploy.ts";
import { testWrappedNativeAbi } from "../../../src/chain/generated/abis.ts";
import { testWrappedNativeBytecode } from "../../../src/chain/generated/bytecode.ts";
import { send } from "../../../src/chain/send.ts";
import type { TestSite } from "./site.ts";

/** Two halves of what `newRound` puts into a pool: what an account is minted, anew for each, holds little more than one whole. */
const HALF_POOL = 500n * 10n ** 18n;

/** A wrapper of the chain's coin, of which the sponsor has enough for one round's pool. */
export async function deployWrapper({ chain }: TestSite): Promise<Address> {
  const token = await deployAt(
    await chain.as("Organiser"),
    "TestWrappedNative",
    testWrappedNativeBytecode,
  );
  for (let i = 0; i < 2; i++)
    await send(await chain.as("Sponsor"), {
      address: token,
      abi: testWrappedNativeAbi,
      functionName: "deposit",
      args: [],
      value: HALF_POOL,
    });
  return token;
}

/** Has the site's configuration name the wrapper, as an operator would. */
export async function configureWrapper(
  context: BrowserContext,
  wrappedNative: Address,
): Promise<void> {
  await context.route("**/config.json", async (route) => {
    const config = (await (await route.fetch()).json()) as { chains: object[] };
    await route.fulfill({
      json: { ...config, chains: config.chains.map((chain) => ({ ...chain, wrappedNative })) },
    });
  });
}
