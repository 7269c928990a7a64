import type { BrowserContext } from "playwright-core";
import { numberToHex, type Address, type Hex } from "viem";
import type { WriteClient } from "../../../src/chain/client.ts";
import { devnetAddress, type DevnetChain } from "../../../src/devnet/chain.ts";

type Transaction = {
  readonly from: Address;
  readonly to: Address;
  readonly data?: Hex;
  readonly value?: Hex;
};

/** As on a chain where gas is not free. */
const GAS_PRICE = 10n ** 9n;

/**
 * A wallet for tests: announced to the page by EIP-6963, signing in this process with the devnet's accounts. The page cannot
 * tell it from an extension's.
 */
export type TestWallet = {
  /** Changes the account, as a user does in a wallet's own window. */
  readonly choose: (name: string) => Promise<void>;
  /** Changes the chain in the same way, or without the page hearing of it. */
  readonly moveTo: (chainId: number, options?: { readonly silently?: boolean }) => Promise<void>;
  /** Forgets the site's chain: it can go back there only when told again what that is. */
  readonly forgetChain: () => void;
  /** Declines the next request with one of these methods, by default any that asks for something to be signed; 4001 is the user's own refusal. */
  readonly declineNext: (methods?: RegExp, code?: number) => void;
  /** Does something once the next transaction is on its way, before the page hears of it. */
  readonly afterNext: (act: () => void) => void;
  /** From now on signatures of texts are what this makes of them. */
  readonly signAs: (change: (signature: Hex, text: Hex) => Hex | Promise<Hex>) => void;
  /** Methods asked for, in order. */
  readonly asked: string[];
};

const CHAIN_ID = 31337;
const SIGNING = /^(personal_sign|eth_sendTransaction|wallet_sendCalls)$/;
const failure = (code: number, message: string): Error =>
  Object.assign(new Error(message), { code });

export async function addWallet(
  context: BrowserContext,
  chain: DevnetChain,
  first: string,
  { batch = false }: { readonly batch?: boolean } = {},
): Promise<TestWallet> {
  // Kept: asking the chain for a name's client again would mint for it.
  const clients = new Map<string, WriteClient>();
  const asked: string[] = [];
  let selected = await selectAddress(first);
  let chainId = CHAIN_ID;
  let knowsOurs = true;
  let declines: { readonly methods: RegExp; readonly code: number } | undefined;
  let afterNext: (() => void) | undefined;
  let signAs: (signature: Hex, text: Hex) => Hex | Promise<Hex> = (signature) => signature;
  let authorised = false; // a wallet shows no account before its owner has agreed

  async function selectAddress(name: string): Promise<Address> {
    const address = devnetAddress(name);
    if (!clients.has(address.toLowerCase()))
      clients.set(address.toLowerCase(), await chain.as(name));
    return address;
  }
  const findClient = (address: string) => clients.get(address.toLowerCase()) as WriteClient;
  const tell = async (event: string, value: unknown) => {
    for (const page of context.pages())
      await page.evaluate(
        (detail) => dispatchEvent(new CustomEvent("tacit-test-wallet", { detail })),
        { event, value },
      );
  };
  const move = async (to: number) => {
    chainId = to;
    await tell("chainChanged", numberToHex(to));
  };
  async function transact({ from, to, data, value }: Transaction): Promise<Hex> {
    if (chainId !== CHAIN_ID) throw new Error("sent on the wrong chain");
    const hash = await findClient(from).wallet.sendTransaction({
      to,
      ...(data === undefined ? {} : { data }),
      value: BigInt(value ?? 0),
      gasPrice: GAS_PRICE,
      chain: null,
    });
    const act = afterNext;
    afterNext = undefined;
    act?.();
    return hash;
  }

  async function answer(method: string, params: readonly unknown[]): Promise<unknown> {
    asked.push(method);
    if (declines?.methods.test(method) === true) {
      const { code } = declines;
      declines = undefined;
      throw failure(code, "User rejected the request.");
    }
    switch (method) {
      case "eth_accounts":
        return authorised ? [selected] : [];
      case "eth_requestAccounts":
        authorised = true;
        return [selected];
      case "eth_chainId":
        return numberToHex(chainId);
      case "wallet_requestPermissions":
        authorised = true;
        return [{ parentCapability: "eth_accounts" }];
      case "wallet_revokePermissions":
        return null;
      case "wallet_switchEthereumChain": {
        const to = Number((params[0] as { chainId: Hex }).chainId);
        if (to !== CHAIN_ID || !knowsOurs) throw failure(4902, "Unrecognized chain.");
        await move(to);
        return null;
      }
      case "wallet_addEthereumChain": {
        const {
          chainId: added,
          chainName,
          rpcUrls,
          nativeCurrency,
        } = params[0] as {
          chainId: Hex;
          chainName?: string;
          rpcUrls?: string[];
          nativeCurrency?: { decimals: number };
        };
        // As EIP-3085 has it; an address without host would be of no use to a wallet.
        if (
          chainName === undefined ||
          nativeCurrency?.decimals !== 18 ||
          rpcUrls?.every((url) => URL.canParse(url)) !== true
        )
          throw failure(-32602, "Invalid chain.");
        knowsOurs ||= Number(added) === CHAIN_ID;
        await move(Number(added));
        return null;
      }
      case "personal_sign":
        return signAs(
          await findClient(params[1] as string).wallet.signMessage({
            message: { raw: params[0] as Hex },
          }),
          params[0] as Hex,
        );
      case "eth_sendTransaction":
        return transact(params[0] as Transaction);
      case "wallet_getCapabilities":
        return batch ? { "0x7a69": { atomic: { status: "supported" } } } : {};
      case "wallet_sendCalls": {
        const { from, calls } = params[0] as {
          from: Address;
          calls: readonly Omit<Transaction, "from">[];
        };
        let id: Hex = "0x";
        for (const call of calls) id = await transact({ ...call, from });
        return { id };
      }
      case "wallet_getCallsStatus":
        return {
          version: "2.0.0",
          id: params[0],
          chainId: "0x7a69",
          status: 200,
          atomic: true,
          receipts: [],
        };
      default:
        return chain.provider.request({ method, params } as never);
    }
  }

  await context.exposeFunction(
    "tacitTestWallet",
    async (method: string, params: readonly unknown[]) => {
      try {
        return { result: await answer(method, params) };
      } catch (error) {
        const {
          code = -32603,
          message,
          data,
        } = error as { code?: number; message: string; data?: unknown };
        return { error: { code, message, data } };
      }
    },
  );
  await context.addInitScript(announce);
  return {
    asked,
    declineNext: (methods = SIGNING, code = 4001) => void (declines = { methods, code }),
    afterNext: (act) => void (afterNext = act),
    async moveTo(to, options) {
      if (options?.silently === true) chainId = to;
      else await move(to);
    },
    signAs: (change) => void (signAs = change),
    forgetChain: () => void (knowsOurs = false),
    async choose(name) {
      selected = await selectAddress(name);
      await tell("accountsChanged", [selected]);
    },
  };
}

/** Runs in the page before its own code. */
function announce(): void {
  type Answer = { result?: unknown; error?: { code: number; message: string } };
  const ask = (
    globalThis as unknown as {
      tacitTestWallet: (method: string, params: unknown) => Promise<Answer>;
    }
  ).tacitTestWallet;
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const provider = {
    async request({ method, params = [] }: { method: string; params?: unknown }) {
      const { result, error } = await ask(method, params);
      if (error !== undefined) throw Object.assign(new Error(error.message), error);
      return result;
    },
    on: (event: string, listener: (value: unknown) => void) =>
      void listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    removeListener: (event: string, listener: (value: unknown) => void) =>
      void listeners.get(event)?.delete(listener),
  };
  addEventListener("tacit-test-wallet", (happened) => {
    const { event, value } = (happened as CustomEvent<{ event: string; value: unknown }>).detail;
    for (const listener of listeners.get(event) ?? []) listener(value);
  });
  const icon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' height='8'/%3E%3C/svg%3E";
  const detail = Object.freeze({
    info: {
      uuid: "6b1c5d6e-0f9f-4c53-9a0e-3f7c2f1f0001",
      name: "Test wallet",
      icon,
      rdns: "example.test",
    },
    provider,
  });
  const tell = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  addEventListener("eip6963:requestProvider", tell);
  tell();
}
