import { sharedRoot } from "../../src/crypto/keystream.ts";
import { isMessage, type Item } from "../../src/protocol/item.ts";
import { readPoint } from "../../src/protocol/message.ts";
import { openMessages, type OpenedMessage } from "../../src/round/semantics.ts";

/** The messages among items, opened by the coordinator's secret c. */
export function openBySecret(items: readonly Item[], secret: bigint, ctx: bigint): OpenedMessage[] {
  return openMessages(
    items,
    items.filter(isMessage).map(({ words }) => sharedRoot(secret, readPoint(words))),
    ctx,
  );
}
