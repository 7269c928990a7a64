import { equalPoints, type Point } from "../crypto/curve.ts";
import { isMessage, type Item } from "../protocol/item.ts";
import type { CoordinatorKey } from "../protocol/coordinator_key.ts";
import { decryptWith, readPoint } from "../protocol/message.ts";
import {
  messageHash,
  openMessages,
  type OpenedMessage,
  type SignatureHash,
} from "../round/semantics.ts";
import { PADDING_WORDS } from "./rows.ts";

/** A round's messages opened, with what a prover needs beside their commands. */
export type OpenedItems = {
  /** In chain order. */
  readonly messages: readonly OpenedMessage[];
  /** c·R by message number t (ROW-5). */
  readonly roots: ReadonlyMap<number, Point>;
  /** The message of a lane that is off (ROW-13), opened: its R is B, so its root is C. */
  readonly padding: { readonly root: Point; readonly command: readonly bigint[] };
};

/** Opens all messages by the coordinator's key: the only step of a tally that needs it for each message. */
export async function openItems(
  items: readonly Item[],
  key: CoordinatorKey,
  ctx: bigint,
): Promise<OpenedItems> {
  const messages = items.filter(isMessage);
  const roots = await key.sharedRoots(messages.map(({ words }) => readPoint(words)));
  return {
    messages: openMessages(items, roots, ctx),
    roots: new Map(messages.map(({ t }, i) => [t, roots[i] as Point])),
    padding: { root: key.publicKey, command: decryptWith(key.publicKey, PADDING_WORDS, ctx) },
  };
}

/** SIG-1's hashes that are known already: each costs two multiplications of a point. */
export type KnownHashes = { readonly find: (t: number, key: Point) => bigint | undefined };

/** The hashes as the semantics compute them, kept for who goes on to prove. */
export type HashMemory = KnownHashes & { readonly hash: SignatureHash };

export function hashMemory(): HashMemory {
  const known = new Map<number, { readonly key: Point; readonly h: bigint }>();
  return {
    hash(message, key, ctx) {
      const h = messageHash(message, key, ctx);
      known.set(message.t, { key, h });
      return h;
    },
    find(t, key) {
      const found = known.get(t);
      return found !== undefined && equalPoints(found.key, key) ? found.h : undefined;
    },
  };
}
