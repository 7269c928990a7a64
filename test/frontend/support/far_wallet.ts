import { SignClient } from "@walletconnect/sign-client";
import type { Address, Hex } from "viem";
import type { WriteClient } from "../../../src/chain/client.ts";
import { devnetAddress, type DevnetChain } from "../../../src/devnet/chain.ts";

const CHAIN = "eip155:31337";

type Asked = { readonly method: string; readonly params: readonly unknown[] };

/** A wallet on another device, made with the library of such wallets, signing with the devnet's accounts. */
export type FarWallet = {
  /** Takes up a connection by what a page shows or links to, or declines it. */
  readonly scan: (uri: string, options?: { readonly decline?: boolean }) => Promise<void>;
  readonly choose: (name: string) => Promise<void>;
  /** Declines the next request. */
  readonly declineNext: () => void;
  /** Ends the connection in place of answering the next transaction, sent or not. */
  readonly vanishAtNext: (options: { readonly sending: boolean }) => void;
  /** By which the relay knows it. */
  readonly name: string;
  /** What the page says of itself. */
  readonly peer: () => {
    readonly name: string;
    readonly description: string;
    readonly url: string;
  };
  /** All that it was asked to sign or send. */
  readonly asked: readonly Asked[];
  readonly close: () => Promise<void>;
};

export async function openFarWallet(
  relay: string,
  chain: DevnetChain,
  names: readonly string[],
): Promise<FarWallet> {
  const clients = new Map<string, WriteClient>();
  for (const name of names) clients.set(devnetAddress(name).toLowerCase(), await chain.as(name));
  const signer = await SignClient.init({
    projectId: "0".repeat(32),
    relayUrl: relay,
    logger: "silent",
    telemetryEnabled: false,
    storageOptions: { database: ":memory:" },
    customStoragePrefix: `wallet ${Math.random()}`,
    metadata: { name: "Far wallet", description: "", url: "http://127.0.0.1", icons: [] },
  });
  // It would ask the network whether the page's origin is known.
  signer.core.verify.resolve = async () => undefined as never;
  const asked: Asked[] = [];
  let topic: string | undefined;
  let declines = false;
  let vanishing: { readonly sending: boolean } | undefined;

  async function answer({ method, params }: Asked): Promise<unknown> {
    if (method === "personal_sign")
      return (clients.get(String(params[1]).toLowerCase()) as WriteClient).wallet.signMessage({
        message: { raw: params[0] as Hex },
      } as never);
    const { from, to, data, value, gas } = params[0] as {
      readonly from: Address;
      readonly to: Address;
      readonly data?: Hex;
      readonly value?: Hex;
      readonly gas?: Hex;
    };
    return (clients.get(from.toLowerCase()) as WriteClient).wallet.sendTransaction({
      to,
      ...(data === undefined ? {} : { data }),
      ...(gas === undefined ? {} : { gas: BigInt(gas) }),
      value: BigInt(value ?? 0),
      chain: null,
    });
  }
  const end = () =>
    signer.disconnect({
      topic: topic as string,
      reason: { code: 6000, message: "User disconnected." },
    });

  signer.on("session_request", ({ id, topic: of, params: { request } }) => {
    const { method, params } = request as Asked;
    asked.push({ method, params });
    const respond = (response: object) =>
      signer.respond({ topic: of, response: { id, jsonrpc: "2.0", ...response } as never });
    void (async () => {
      if (declines) {
        declines = false;
        return respond({ error: { code: 5000, message: "User rejected." } });
      }
      if (vanishing !== undefined && method === "eth_sendTransaction") {
        const { sending } = vanishing;
        vanishing = undefined;
        if (sending) await answer({ method, params });
        return end();
      }
      return respond({ result: await answer({ method, params }) });
    })();
  });

  return {
    asked,
    peer: () => signer.session.get(topic as string).peer.metadata,
    name: await signer.core.crypto.getClientId(),
    async scan(uri, { decline = false } = {}) {
      const proposed = new Promise<number>((resolve) =>
        signer.once("session_proposal", ({ id }) => resolve(id)),
      );
      await signer.pair({ uri });
      const id = await proposed;
      if (decline) return signer.reject({ id, reason: { code: 5000, message: "User rejected." } });
      const approved = await signer.approve({
        id,
        namespaces: {
          eip155: {
            chains: [CHAIN],
            methods: ["eth_sendTransaction", "personal_sign"],
            events: ["accountsChanged", "chainChanged"],
            accounts: names.map((name) => `${CHAIN}:${devnetAddress(name)}`),
          },
        },
      });
      topic = approved.topic;
      await approved.acknowledged();
    },
    async choose(name) {
      await signer.emit({
        topic: topic as string,
        event: { name: "accountsChanged", data: [devnetAddress(name)] },
        chainId: CHAIN,
      });
    },
    declineNext: () => void (declines = true),
    vanishAtNext: (options) => void (vanishing = options),
    async close() {
      signer.core.heartbeat.stop();
      await signer.core.relayer.transportClose();
    },
  };
}
