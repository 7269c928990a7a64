import { generateCoordinatorKeyPair, generateKeyPair } from "../../src/protocol/key.ts";
import { deriveTag } from "../../src/protocol/context.ts";
import { listItems } from "../../src/protocol/item.ts";
import { chainValues, type Link } from "../../src/protocol/link.ts";
import { createMessages } from "../../src/protocol/message.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { completeTranscript, prepareTally } from "../../src/transcript/transcript.ts";
import { openItems } from "../../src/transcript/open_items.ts";
import { localCoordinatorKey } from "../../src/protocol/coordinator_key.ts";

/** Seconds of one core for so many messages: decrypting and reading them; and all that comes before the first proof. */
export type DecryptTimes = {
  readonly messages: number;
  readonly open: number;
  readonly scan: number;
  readonly prepare: number;
};

/** Different messages that are repeated to make up the number: making them takes longer than reading them. */
const DIFFERENT = 250;

export async function timeDecryption(messages: number): Promise<DecryptTimes> {
  const coordinator = generateCoordinatorKeyPair();
  const ctx = 5n;
  const different = Array.from({ length: DIFFERENT }, (_, i): Link[] => {
    const key = generateKeyPair();
    const tag = deriveTag(`0x${(i + 1).toString(16).padStart(40, "0")}`, key.publicKey);
    const ballot = new Map([
      [3, 10n],
      [7, 20n],
      [9, 1n],
      [11, 2n],
    ]);
    const words = createMessages({
      ctx,
      coordinatorKey: coordinator.publicKey,
      tag,
      signer: key,
      newKey: key.publicKey,
      ballot,
      itemsSeen: 0,
    });
    return [
      { kind: "contribution", tag, key: key.publicKey, credits: 10_000n },
      ...words.map((w): Link => ({ kind: "message", words: w })),
    ];
  }).flat();
  const contributions = different.filter(({ kind }) => kind === "contribution");
  const published = different.filter(({ kind }) => kind === "message");
  const links = [
    ...contributions,
    ...Array.from({ length: messages }, (_, i) => published[i % DIFFERENT] as Link),
  ];
  const items = listItems(links);
  const rules = { projects: 200, signs: false, ctx };
  const key = localCoordinatorKey(coordinator.secret);
  const [{ messages: opened }, open] = await timed(() => openItems(items, key, ctx));
  const [, scan] = await timed(async () => computeOutcome(items, opened, rules));
  const statement = {
    ...rules,
    chainHead: chainValues(links).at(-1) as Uint8Array,
    items: items.length,
    coordinatorKey: coordinator.publicKey,
  };
  const [, prepare] = await timed(async () =>
    completeTranscript(await prepareTally(items, statement, key, 45), key),
  );
  return { messages, open, scan, prepare };
}

/** Seconds of processor time, so that what else the machine does counts little. */
async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}
