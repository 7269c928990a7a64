import {
  createWalletClient,
  defineChain,
  http,
  keccak256,
  numberToHex,
  toHex,
  type Address,
  type Hex,
} from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import type { SiteConfig } from "../config/site.ts";
import { SANDBOX_SELECT, SANDBOX_WALLET } from "./sandbox_id.ts";

type Request = { readonly method: string; readonly params?: readonly unknown[] };
type Listener = (value: unknown) => void;

/**
 * A wallet in the page for the devnet, announced like any other (EIP-6963). Its keys are made from the
 * accounts' names by a public rule (src/devnet/chain.ts) and are worth nothing anywhere else.
 */
export async function announceSandboxWallet(site: SiteConfig): Promise<void> {
  const chain = site.chains.find(({ id }) => id === site.sandbox?.chainId);
  if (chain === undefined || site.sandbox === undefined) return;
  const url = new URL(chain.rpc[0] as string, location.href).href;
  const definition = defineChain({
    id: chain.id,
    name: chain.name,
    nativeCurrency: chain.currency,
    rpcUrls: { default: { http: [url] } },
  });
  const accounts = new Map(
    site.sandbox.accounts.map(({ name, address }) => [
      address.toLowerCase(),
      privateKeyToAccount(keccak256(toHex(`tacit devnet: ${name}`))),
    ]),
  );
  const listeners = new Map<string, Set<Listener>>();
  // Nobody is played until the visitor has chosen.
  let selected: Address | undefined;
  const own = () => (selected === undefined ? [] : [selected]);
  const findAccount = (address: unknown) =>
    accounts.get(String(address).toLowerCase()) as PrivateKeyAccount;

  const answers: Record<string, (params: readonly unknown[]) => unknown> = {
    [SANDBOX_SELECT]: ([address]) => {
      selected = address as Address;
      for (const listener of listeners.get("accountsChanged") ?? []) listener([selected]);
      return null;
    },
    eth_accounts: own,
    eth_requestAccounts: own,
    eth_chainId: () => numberToHex(chain.id),
    wallet_requestPermissions: () => [{ parentCapability: "eth_accounts" }],
    wallet_revokePermissions: () => null,
    wallet_switchEthereumChain: () => null,
    wallet_getCapabilities: () => ({}),
    personal_sign: ([data, address]) =>
      findAccount(address).signMessage({ message: { raw: data as Hex } }),
    eth_sendTransaction: ([transaction]) => {
      const { from, to, data, value, gas } = transaction as {
        from: Address;
        to: Address;
        data?: Hex;
        value?: Hex;
        gas?: Hex;
      };
      return createWalletClient({
        account: findAccount(from),
        chain: definition,
        transport: http(url),
      }).sendTransaction({
        to,
        ...(data === undefined ? {} : { data }),
        value: BigInt(value ?? 0),
        ...(gas === undefined ? {} : { gas: BigInt(gas) }),
      });
    },
  };

  const provider = {
    async request({ method, params = [] }: Request): Promise<unknown> {
      const answer = answers[method];
      if (answer !== undefined) return answer(params);
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      });
      const { result, error } = (await response.json()) as {
        result?: unknown;
        error?: { code: number; message: string; data?: unknown };
      };
      if (error !== undefined) throw Object.assign(new Error(error.message), error);
      return result;
    },
    on(event: string, listener: Listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    removeListener(event: string, listener: Listener) {
      listeners.get(event)?.delete(listener);
    },
  };
  const icon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Ccircle cx='16' cy='16' r='12' fill='%2317594a'/%3E%3C/svg%3E";
  const detail = Object.freeze({
    info: { uuid: crypto.randomUUID(), name: "Tacit sandbox", icon, rdns: SANDBOX_WALLET },
    provider,
  });
  const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  addEventListener("eip6963:requestProvider", announce);
  announce();
}
