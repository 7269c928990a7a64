import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";

type Params = Readonly<Record<string, unknown>>;
type Request = { readonly id: number; readonly method?: string; readonly params?: Params };
type Message = {
  readonly topic: string;
  readonly message: string;
  readonly publishedAt: number;
  readonly tag: number;
  readonly attestation?: unknown;
};

/** What somebody said to the relay, as the relay could read it. `by` is the key with which they signed in. */
export type Said = { readonly by: string; readonly method: string; readonly params: Params };

export type WalletRelay = {
  readonly url: string;
  /** Everything that was said, in order. */
  readonly said: readonly Said[];
  /** The web origins that spoke; programs have none. */
  readonly origins: ReadonlySet<string>;
  /** Ends every connection of a page, as when a phone sleeps. They may come back. */
  readonly hangUp: () => void;
  readonly close: () => Promise<void>;
};

/**
 * A relay as WalletConnect's own, by its clients' protocol: carries messages by topic, and keeps them for who asks later. It knows no keys.
 * https://specs.walletconnect.com/2.0/specs/servers/relay/relay-server-rpc
 */
export async function startWalletRelay(): Promise<WalletRelay> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const said: Said[] = [];
  const origins = new Set<string>();
  const pages = new Set<WebSocket>();
  const kept: (Message & { readonly from: string })[] = [];
  const listeners = new Map<string, Map<WebSocket, string>>(); // by topic: who listens, under which name
  let next = 1;

  const idOf = (topic: string) => `sub-${topic}`;
  const deliver = (socket: WebSocket, { topic, message, publishedAt, tag, attestation }: Message) =>
    socket.send(
      JSON.stringify({
        id: next++,
        jsonrpc: "2.0",
        method: "irn_subscription",
        params: {
          id: idOf(topic),
          data: { topic, message, publishedAt, tag, attestation },
        },
      }),
    );

  server.on("connection", (socket, request) => {
    const { searchParams } = new URL(request.url ?? "/", "ws://relay");
    if (request.headers.origin !== undefined) {
      origins.add(request.headers.origin);
      pages.add(socket);
    }
    const by = clientOf(searchParams.get("auth") ?? "");
    const waiting = (topic: string) => kept.filter((one) => one.topic === topic && one.from !== by);
    const subscribe = (topic: string): string => {
      listeners.set(topic, (listeners.get(topic) ?? new Map()).set(socket, by));
      for (const one of waiting(topic)) setImmediate(() => deliver(socket, one));
      return idOf(topic);
    };
    const publish = (topic: unknown, message: unknown, tag: unknown, attestation?: unknown) => {
      const one = {
        topic: String(topic),
        message: String(message),
        tag: Number(tag),
        publishedAt: Date.now(),
        attestation,
        from: by,
      };
      kept.push(one);
      for (const [other, name] of listeners.get(one.topic) ?? [])
        if (name !== by) deliver(other, one);
      return true;
    };
    const answers: Record<string, (params: Params) => unknown> = {
      irn_publish: ({ topic, message, tag, attestation }) =>
        publish(topic, message, tag, attestation),
      irn_subscribe: ({ topic }) => subscribe(String(topic)),
      irn_batchSubscribe: ({ topics }) => (topics as string[]).map(subscribe),
      irn_batchFetchMessages: ({ topics }) => ({
        messages: (topics as string[]).flatMap(waiting).map(({ from: _, ...one }) => one),
        hasMore: false,
      }),
      irn_unsubscribe: ({ topic }) => listeners.get(String(topic))?.delete(socket) ?? true,
      wc_proposeSession: ({ pairingTopic, sessionProposal, attestation }) => {
        subscribe(String(pairingTopic));
        return publish(pairingTopic, sessionProposal, 1100, attestation);
      },
      wc_approveSession: ({
        pairingTopic,
        sessionTopic,
        sessionProposalResponse,
        sessionSettlementRequest,
      }) => {
        subscribe(String(sessionTopic));
        publish(pairingTopic, sessionProposalResponse, 1101);
        return publish(sessionTopic, sessionSettlementRequest, 1102);
      },
    };
    socket.on("message", (data) => {
      const { id, method, params = {} } = JSON.parse(String(data)) as Request;
      if (method === undefined) return; // an acknowledgement
      said.push({ by, method, params });
      const answer = answers[method];
      socket.send(
        JSON.stringify(
          answer === undefined
            ? { id, jsonrpc: "2.0", error: { code: -32601, message: `no ${method}` } }
            : { id, jsonrpc: "2.0", result: answer(params) },
        ),
      );
    });
    socket.on("close", () => {
      for (const sockets of listeners.values()) sockets.delete(socket);
    });
  });

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said,
    origins,
    hangUp() {
      for (const socket of pages) socket.terminate();
      pages.clear();
    },
    async close() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The key with which a client has signed in, its name for the relay. */
function clientOf(token: string): string {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  return (JSON.parse(payload) as { iss: string }).iss;
}
