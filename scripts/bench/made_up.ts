import {
  generateCoordinatorKeyPair,
  generateKeyPair,
  type KeyPair,
} from "../../src/protocol/key.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { listItems, type Item } from "../../src/protocol/item.ts";
import { chainValueOf } from "../../src/coordinator/following/sync.ts";
import type { Link } from "../../src/protocol/link.ts";
import { createMessages } from "../../src/protocol/message.ts";
import { localCoordinatorKey, type CoordinatorKey } from "../../src/protocol/coordinator_key.ts";
import type { Statement } from "../../src/transcript/challenges.ts";

/** A round that was never on a chain. */
export type MadeUpRound = {
  readonly coordinator: KeyPair;
  readonly key: CoordinatorKey;
  readonly statement: Statement;
  readonly links: readonly Link[];
  readonly items: readonly Item[];
};

/**
 * So many donors, each with a contribution and a message to four projects; then the messages again and again until there are `messages` of them. Copies
 * count for nothing, and are decrypted, sorted and proved like others; making different ones takes longer than reading them.
 */
export function madeUpRound(donors: number, messages = donors): MadeUpRound {
  const coordinator = generateCoordinatorKeyPair();
  const ctx = 5n;
  const ballot = new Map([
    [3, 10n],
    [7, 20n],
    [9, 1n],
    [11, 2n],
  ]);
  const pairs = Array.from({ length: donors }, (_, i): Link[] => {
    const key = generateKeyPair();
    const tag = deriveTag(`0x${(i + 1).toString(16).padStart(40, "0")}`, key.publicKey);
    const request = { ctx, coordinatorKey: coordinator.publicKey, tag, ballot, itemsSeen: 0 };
    const [words] = createMessages({ ...request, signer: key, newKey: key.publicKey });
    return [
      { kind: "contribution", tag, key: key.publicKey, credits: 10_000n },
      { kind: "message", words: words as bigint[] },
    ];
  });
  const links = [
    ...pairs.map(([contribution]) => contribution as Link),
    ...Array.from({ length: messages }, (_, i) => pairs[i % donors]?.[1] as Link),
  ];
  const items = listItems(links);
  const statement = {
    projects: 200,
    signs: false,
    ctx,
    chainHead: chainValueOf(links),
    items: items.length,
    coordinatorKey: coordinator.publicKey,
  };
  return { coordinator, key: localCoordinatorKey(coordinator.secret), statement, links, items };
}
