import type { Address } from "viem";
import { ContractRefusedError } from "../../../src/chain/send.ts";
import type { MessageWords } from "../../../src/protocol/message.ts";
import { openDatabase } from "../../../src/coordinator/store/database.ts";
import type { Step } from "../../../src/coordinator/sending/sender.ts";
import { makeStamp } from "../../../src/donor/stamp.ts";
import { clientNamer } from "../../../src/service/client_networks.ts";
import { Relay } from "../../../src/service/relay.ts";
import type { RelayOptions, RelayTrouble } from "../../../src/service/relay_options.ts";

export const ROUND: Address = "0x1111111111111111111111111111111111111111";
export const END = 1_000_000n;

/** A chain that a test holds in its hands: its time, its phase, what it refuses, and what was published in which transaction. */
export type HeldChain = {
  now: bigint;
  finalNow: bigint;
  phase: number;
  /** Asked of each transaction: the contract's reason to refuse it. */
  refuses: (messages: readonly MessageWords[]) => string | undefined;
  readonly batches: { readonly words: readonly string[]; readonly value: bigint }[];
};

/** A relay on such a chain, without a price unless `stampBits` says so. */
export async function heldRelay(settings: Partial<RelayOptions> = {}) {
  const chain: HeldChain = {
    now: 1_000n,
    finalNow: 1_000n,
    phase: 1,
    refuses: () => undefined,
    batches: [],
  };
  const troubles: RelayTrouble[] = [];
  const published: number[] = [];
  const database = await openDatabase(":memory:");
  const views: Record<string, unknown> = {
    chainHead: "0x00",
    items: 0,
    links: 0,
    contributions: 0,
    totalCredits: 0n,
    pool: 0n,
    tallyDeadline: 0n,
    paymentsFrom: 0n,
    tally: {},
  };
  const client = {
    getBlockNumber: async () => 5n,
    getBlock: async (asked: { blockNumber?: bigint; blockTag?: string } = {}) => ({
      number: asked.blockNumber ?? 5n,
      hash: "0x00",
      timestamp: Object.keys(asked).length === 0 ? chain.now : chain.finalNow,
    }),
    readContract: async ({ functionName }: { functionName: string }) =>
      functionName === "phase" ? chain.phase : views[functionName],
  };
  const sender = {
    isOrdered: false,
    settle: async () => undefined,
    async perform({ call }: Step, onSigned: () => void = () => undefined) {
      const { args, value = 0n } = await call();
      const messages = args[0] as MessageWords[];
      const reason = chain.refuses(messages);
      if (reason !== undefined)
        throw new ContractRefusedError("publishBatch", reason, [], undefined);
      onSigned();
      chain.batches.push({ words: messages.map((words) => words.join()), value });
      return { blockNumber: 1n, gasUsed: 1_000n, effectiveGasPrice: 2n } as never;
    },
  };
  const options: RelayOptions = {
    client: client as never,
    database,
    sender,
    chainId: 31337,
    round: ROUND,
    finality: 0,
    messageFee: 0n,
    end: END,
    batchSize: 50,
    batchSeconds: 300,
    coverPerHour: 0,
    coverFloor: 0,
    messagesPerHour: 2_000,
    stampBits: 0,
    onTrouble: (trouble) => troubles.push(trouble),
    onPublished: (count) => published.push(count),
    ...settings,
  };
  const relay = new Relay(options);
  const name = clientNamer();
  /** Hands messages in with the work that is asked for. */
  const post = async (messages: readonly MessageWords[], address = "192.0.2.1") =>
    relay.accept(messages, {
      stamp: await makeStamp(relay.challenge(), { round: ROUND, messages }),
      names: name(address),
    });
  return { relay, chain, post, troubles, published, database, options, name };
}
