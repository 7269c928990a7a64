import type { BrowserContext } from "playwright-core";
import { numberToHex, type Address, type Hex } from "viem";
import type { WriteClient } from "../../../src/chain/client.ts";
import { addressOf as embeddedAddress, type EmbeddedChain } from "../../../src/cli/embedded/chain.ts";

type Transaction = { readonly from: Address; readonly to: Address; readonly data?: Hex; readonly value?: Hex };

/** As on a chain where gas is not free. */
const GAS_PRICE = 10n ** 9n;

/**
 * A wallet for tests: announced to the page by EIP-6963, signing in this process with the embedded chain's accounts. The page cannot
 * tell it from an extension's.
 */
export type TestWallet = {
  /** Changes the account, as a user does in a wallet's own window. */
  readonly choose: (name: string) => Promise<void>;
  /** Declines the next request that asks for something to be signed. */
  readonly declineNext: () => void;
  /** Methods asked for, in order. */
  readonly asked: string[];
};

export async function addWallet(context: BrowserContext, chain: EmbeddedChain, first: string, { batch = false }: { readonly batch?: boolean } = {}): Promise<TestWallet> {
  // Kept: asking the chain for a name's client again would fill its purse.
  const clients = new Map<string, WriteClient>();
  const asked: string[] = [];
  let selected = await addressOf(first);
  let declines = false;
  let authorised = false; // a wallet shows no account before its owner has agreed

  async function addressOf(name: string): Promise<Address> {
    const address = embeddedAddress(name);
    if (!clients.has(address.toLowerCase())) clients.set(address.toLowerCase(), await chain.as(name));
    return address;
  }
  const clientOf = (address: string) => clients.get(address.toLowerCase()) as WriteClient;
  const transact = ({ from, to, data, value }: Transaction) =>
    clientOf(from).wallet.sendTransaction({ to, ...(data === undefined ? {} : { data }), value: BigInt(value ?? 0), gasPrice: GAS_PRICE, chain: null });

  async function answer(method: string, params: readonly unknown[]): Promise<unknown> {
    asked.push(method);
    if (/^(personal_sign|eth_sendTransaction|wallet_sendCalls)$/.test(method) && declines) {
      declines = false;
      throw Object.assign(new Error("User rejected the request."), { code: 4001 });
    }
    switch (method) {
      case "eth_accounts": return authorised ? [selected] : [];
      case "eth_requestAccounts": authorised = true; return [selected];
      case "eth_chainId": return numberToHex(31337);
      case "wallet_requestPermissions": authorised = true; return [{ parentCapability: "eth_accounts" }];
      case "wallet_switchEthereumChain": case "wallet_revokePermissions": return null;
      case "personal_sign": return clientOf(params[1] as string).wallet.signMessage({ message: { raw: params[0] as Hex } });
      case "eth_sendTransaction": return transact(params[0] as Transaction);
      case "wallet_getCapabilities": return batch ? { "0x7a69": { atomic: { status: "supported" } } } : {};
      case "wallet_sendCalls": {
        const { from, calls } = params[0] as { from: Address; calls: readonly Omit<Transaction, "from">[] };
        let id: Hex = "0x";
        for (const call of calls) id = await transact({ ...call, from });
        return { id };
      }
      case "wallet_getCallsStatus": return { version: "2.0.0", id: params[0], chainId: "0x7a69", status: 200, atomic: true, receipts: [] };
      default: return chain.provider.request({ method, params } as never);
    }
  }

  await context.exposeFunction("tacitTestWallet", async (method: string, params: readonly unknown[]) => {
    try {
      return { result: await answer(method, params) };
    } catch (error) {
      const { code = -32603, message, data } = error as { code?: number; message: string; data?: unknown };
      return { error: { code, message, data } };
    }
  });
  await context.addInitScript(announce);
  return {
    asked,
    declineNext: () => void (declines = true),
    async choose(name) {
      selected = await addressOf(name);
      for (const page of context.pages()) await page.evaluate((account) => dispatchEvent(new CustomEvent("tacit-test-accounts", { detail: account })), selected);
    },
  };
}

/** Runs in the page before its own code. */
function announce(): void {
  type Answer = { result?: unknown; error?: { code: number; message: string } };
  const ask = (globalThis as unknown as { tacitTestWallet: (method: string, params: unknown) => Promise<Answer> }).tacitTestWallet;
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const provider = {
    async request({ method, params = [] }: { method: string; params?: unknown }) {
      const { result, error } = await ask(method, params);
      if (error !== undefined) throw Object.assign(new Error(error.message), error);
      return result;
    },
    on: (event: string, listener: (value: unknown) => void) => void listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    removeListener: (event: string, listener: (value: unknown) => void) => void listeners.get(event)?.delete(listener),
  };
  addEventListener("tacit-test-accounts", (event) => {
    for (const listener of listeners.get("accountsChanged") ?? []) listener([(event as CustomEvent<string>).detail]);
  });
  const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' height='8'/%3E%3C/svg%3E";
  const detail = Object.freeze({ info: { uuid: "6b1c5d6e-0f9f-4c53-9a0e-3f7c2f1f0001", name: "Test wallet", icon, rdns: "example.test" }, provider });
  const tell = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  addEventListener("eip6963:requestProvider", tell);
  tell();
}
