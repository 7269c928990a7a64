import type { SignClient } from "@walletconnect/sign-client";
import type { Address } from "viem";
import type { Config, CreateConnectorFn } from "wagmi";
import type { SiteConfig } from "../config/site.ts";
import libraryUrl from "./sign_client.ts?worker&url";

type Client = Awaited<ReturnType<typeof SignClient.init>>;
type Session = Awaited<ReturnType<Awaited<ReturnType<Client["connect"]>>["approval"]>>;
type Option = NonNullable<SiteConfig["walletConnect"]>;
type Listener = (value: unknown) => void;

/** By which wagmi knows such a wallet. */
export type FarWalletId = "walletConnect";

/** What wallets call an owner's refusal (EIP-1193), and what WalletConnect calls it (CAIP-25: of the connection, of its chains, of its methods). */
const [DECLINED, REFUSALS] = [4001, [5000, 5001, 5002, 5003]];
const UNSUPPORTED = 4200;
const UNKNOWN_CHAIN = 4902;

/** All that this page ever asks of a wallet that is elsewhere. */
const METHODS = ["eth_sendTransaction", "personal_sign"];
const EVENTS = ["accountsChanged", "chainChanged"];

/** How long a relay may take to know of a new connection. */
const RELAY_MS = 20_000;

/** A connection that a wallet may take up. */
export type Pairing = {
  /** For the wallet: by its camera, or by a link on the same device. Whoever has it can answer in the wallet's place, until one has. */
  readonly uri: string;
  /** The wallet, once it has agreed. Rejects with code 4001 if it declines, and otherwise after five minutes without an answer. */
  readonly wallet: Promise<CreateConnectorFn>;
  /** Nobody waits for a wallet any more: one that agrees all the same is left at once. */
  readonly abandon: () => void;
};

/** Asks the site's relay for a new connection. @throws Error where the relay does not answer, or refuses this site */
export async function startPairing(
  config: Config,
  option: Option,
  site: SiteConfig,
): Promise<Pairing> {
  const client = await within(RELAY_MS, openClient(option));
  const { uri, approval } = await within(
    RELAY_MS,
    client.connect({
      optionalNamespaces: {
        eip155: {
          chains: site.chains.map(({ id }) => `eip155:${id}`),
          methods: METHODS,
          events: EVENTS,
        },
      },
    }),
  );
  if (uri === undefined) throw new Error("The relay gave no connection.");
  let abandoned = false;
  const session = approval();
  session.then(
    ({ topic }) => (abandoned ? leave(client, topic) : undefined),
    () => undefined,
  );
  return {
    uri,
    abandon: () => void (abandoned = true),
    wallet: session.then(
      (agreed) => connectorOf(config, client, agreed),
      (error: unknown) => {
        throw inWalletsWords(error);
      },
    ),
  };
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The relay does not answer.")), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function loadLibrary(): Promise<typeof SignClient> {
  await import(/* @vite-ignore */ libraryUrl);
  return globalThis.tacitSignClient as typeof SignClient;
}

let opening: Promise<Client> | undefined;

/** One for all connections of this page. It keeps what it has in memory: keys and answers of a wallet must not be on the device. */
function openClient({ projectId, relay }: Option): Promise<Client> {
  opening ??= loadLibrary()
    .then((library) =>
      library.init({
        projectId,
        relayUrl: relay,
        logger: "silent",
        telemetryEnabled: false,
        storage: new InMemory(),
        metadata: {
          // Else the library takes the document's title and description, which say what is looked at.
          name: "Tacit",
          description: "Quadratic funding with secret ballots",
          url: location.origin,
          icons: [],
        },
      }),
    )
    .then(keepToItself, (error: unknown) => {
      opening = undefined;
      throw error;
    });
  return opening;
}

/**
 * The library asks its maker, by a frame of theirs, to vouch for each request's origin, and tells the relay in clear which method of which
 * contract is called. The policy forbids the first; here neither is tried.
 */
function keepToItself(client: Client): Client {
  const { verify, relayer } = client.core;
  verify.register = async () => "";
  const publish = relayer.publish.bind(relayer);
  relayer.publish = (topic, message, { tvf: _, ...options } = {}) =>
    publish(topic, message, options);
  const publishCustom = relayer.publishCustom.bind(relayer);
  relayer.publishCustom = ({ payload, opts: { tvf: _, ...opts } = {} }) =>
    publishCustom({ payload, opts });
  return client;
}

/** The library's storage, as long as the page is open. */
class InMemory {
  readonly #items = new Map<string, string>();
  getKeys = async () => [...this.#items.keys()];
  getEntries = async <T>() =>
    [...this.#items].map(([key, text]): [string, T] => [key, JSON.parse(text) as T]);
  getItem = async <T>(key: string) => {
    const text = this.#items.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  };
  setItem = async <T>(key: string, value: T) => void this.#items.set(key, JSON.stringify(value));
  removeItem = async (key: string) => void this.#items.delete(key);
}

/** A wallet that has gone already need not be told. */
const leave = (client: Client, topic: string): Promise<void> =>
  client
    .disconnect({ topic, reason: { code: 6000, message: "User disconnected." } })
    .catch(() => undefined);

/** Refusals by the number that wallets on this device give for them. */
function inWalletsWords(error: unknown): unknown {
  const { code, message = "" } = (error ?? {}) as { code?: number; message?: string };
  return Object.assign(new Error(message), {
    code: code !== undefined && REFUSALS.includes(code) ? DECLINED : code,
  });
}

/** The connection as a wallet in this browser would be (EIP-1193): signing goes to the wallet, all reading to the site's own nodes. */
function connectorOf(config: Config, client: Client, session: Session): CreateConnectorFn {
  const { topic } = session;
  const listeners = new Map<string, Set<Listener>>();
  const tell = (event: string, value: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener(value);
  };

  let accounts = readAccounts(session);
  const chains = () => [...new Set(accounts.map(({ chainId }) => chainId))];
  const served = config.chains.map(({ id }) => id);
  let chainId = served.find((id) => chains().includes(id)) ?? chains()[0] ?? 0;
  let first = accounts[0]?.address;
  let gone = false;
  /** The accounts on the present chain, that which the wallet is on first. */
  const own = (): readonly Address[] => {
    const here = gone
      ? []
      : accounts.filter((one) => one.chainId === chainId).map(({ address }) => address);
    return here.toSorted((a, b) => Number(b === first) - Number(a === first));
  };
  const moveTo = (to: number) => {
    chainId = to;
    tell("chainChanged", inHex(to));
    tell("accountsChanged", own());
  };

  client.on("session_update", (update) => {
    if (update.topic !== topic) return;
    accounts = readAccounts(update.params);
    tell("accountsChanged", own());
  });
  client.on("session_event", ({ topic: of, params: { event } }) => {
    if (of !== topic) return;
    if (event.name === "accountsChanged") {
      const told = addressIn((event.data as readonly unknown[] | undefined)?.[0]);
      if (told === undefined || !accounts.some(({ address }) => address === told)) return;
      first = told;
      tell("accountsChanged", own());
    }
    if (event.name === "chainChanged" && chains().includes(Number(event.data)))
      moveTo(Number(event.data));
  });
  const end = () => {
    gone = true;
    tell("accountsChanged", []);
  };
  client.on("session_delete", ({ topic: of }) => of === topic && end());
  client.on("session_expire", ({ topic: of }) => of === topic && end());

  const answers: Record<string, (params: readonly unknown[]) => unknown> = {
    eth_accounts: own,
    eth_requestAccounts: own,
    eth_chainId: () => inHex(chainId),
    wallet_requestPermissions: () => [{ parentCapability: "eth_accounts" }],
    wallet_revokePermissions: async () => {
      end();
      await leave(client, topic);
      return null;
    },
    wallet_switchEthereumChain: ([wanted]) => {
      const to = Number((wanted as { chainId: string }).chainId);
      if (!chains().includes(to))
        throw Object.assign(new Error("Not agreed with the wallet."), { code: UNKNOWN_CHAIN });
      if (to !== chainId) moveTo(to);
      return null;
    },
  };
  const provider = {
    async request({ method, params = [] }: { method: string; params?: readonly unknown[] }) {
      const answer = answers[method];
      if (answer !== undefined) return answer(params);
      if (METHODS.includes(method))
        return client
          .request({ topic, chainId: `eip155:${chainId}`, request: { method, params } })
          .catch((error: unknown) => {
            throw inWalletsWords(error);
          });
      if (method.startsWith("wallet_"))
        throw Object.assign(new Error("Not agreed with the wallet."), { code: UNSUPPORTED });
      return config.getClient({ chainId }).request({ method, params } as never);
    },
    on: (event: string, listener: Listener) =>
      void listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    removeListener: (event: string, listener: Listener) =>
      void listeners.get(event)?.delete(listener),
  };
  // As if it had announced itself here (EIP-6963).
  return config._internal.connectors.providerDetailToConnector({
    info: {
      uuid: topic,
      rdns: "walletConnect" satisfies FarWalletId,
      name: session.peer.metadata.name,
      icon: "data:image/png,",
    },
    provider: provider as never,
  });
}

const inHex = (chainId: number) => `0x${chainId.toString(16)}`;

/** An address in small letters, whether alone or with its chain before it (CAIP-10). */
const addressIn = (text: unknown): Address | undefined =>
  /0x[0-9a-f]{40}$/.exec(String(text).toLowerCase())?.[0] as Address | undefined;

function readAccounts({ namespaces }: Pick<Session, "namespaces">) {
  return (namespaces["eip155"]?.accounts ?? []).flatMap((account) => {
    const [, chainId] = account.split(":");
    const address = addressIn(account);
    return address === undefined ? [] : [{ chainId: Number(chainId), address }];
  });
}
