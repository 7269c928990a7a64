import type { Devnet } from "../../src/devnet/devnet.ts";
import type { TallyStore } from "../../src/coordinator/store/tally_store.ts";
import type { Artifacts } from "../../src/proofs/artifacts.ts";
import { createPlayRound, mintForPlayers } from "./sandbox/play_round.ts";
import { startRelay } from "./sandbox/relay.ts";
import { startSandbox } from "./sandbox/sandbox.ts";
import type { PageServer } from "./server.ts";

/** Tried first, so that the address is the same every time; any free port where it is taken. */
const PORT = 5175;

export type PageOffer = {
  readonly devnet: Devnet;
  readonly artifacts: Artifacts;
  readonly store: TallyStore;
  readonly rpcUrl: string;
  readonly onError: (error: unknown) => void;
};

/** The page on the story's chain: its finished round to look at and check, and an open one to play donor, briber and organiser in. */
export async function offerPage({
  devnet,
  artifacts,
  store,
  rpcUrl,
  onError,
}: PageOffer): Promise<PageServer> {
  const { chain, deployment, token, coordinator } = devnet;
  await mintForPlayers(chain, token.address);
  await createPlayRound(chain, {
    deployment,
    token: token.address,
    coordinatorKey: coordinator.publicKey,
  });
  const relay = await startRelay({ chain, deployment, onError });
  const sandbox = {
    chain,
    deployment,
    rpcUrl,
    tokens: [token.address],
    coordinator,
    artifacts,
    store,
    onTallyError: onError,
    relayUrl: () => relay.url,
  };
  const page = await startSandbox({ ...sandbox, port: PORT }).catch(() =>
    startSandbox({ ...sandbox, port: 0 }),
  );
  return { url: page.url, close: async () => void (await page.close(), await relay.close()) };
}
