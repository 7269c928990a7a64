import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { concatHex, encodeEventTopics, numberToHex, type Hex } from "viem";
import { iRoundAbi } from "../../src/chain/generated/abis.ts";
import { startMemoryMeter } from "../../src/cli/memory.ts";
import { RoundFollower } from "../../src/coordinator/following/follow.ts";
import { OPENED_BYTES, TRACED_BYTES } from "../../src/coordinator/planning/packed_round.ts";
import { prepareInThreads } from "../../src/coordinator/planning/prepare.ts";
import { ReplayPlan } from "../../src/coordinator/planning/replay_plan.ts";
import { WORD_BYTES, Words } from "../../src/coordinator/planning/words.ts";
import { openDatabase } from "../../src/coordinator/store/database.ts";
import { eventLog, type StoredLog } from "../../src/coordinator/store/event_log.ts";
import { openedStore, type OpenedStore } from "../../src/coordinator/store/opened.ts";
import { toMontgomery, type Point } from "../../src/crypto/curve.ts";
import { foldInputs } from "../../src/proofs/inputs.ts";
import type { Link } from "../../src/protocol/link.ts";
import { roundRefText } from "../../src/protocol/round_ref.ts";
import { openItems } from "../../src/transcript/open_items.ts";
import { sealingKey } from "../../src/transcript/salts.ts";
import { say } from "../pipeline/progress.ts";
import { madeUpRound, type MadeUpRound } from "./made_up.ts";

export type SyntheticTimes = {
  readonly messages: number;
  readonly folds: number;
  /** Whether what decrypting and scanning come to was put into the store instead of computed. */
  readonly seeded: boolean;
  /** Seconds by stage. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Resident at most, all threads' together. */
  readonly memoryMB: number;
  /** Words of all folds' inputs. */
  readonly words: number;
};

const DIFFERENT = 250;
const LOGS_A_TIME = 5_000;
const ROWS = 45;
const ROUND = { chainId: 31337, address: `0x${"11".repeat(20)}` } as const;

/**
 * A round's items straight into a coordinator's database, and from there all that a tally does but the chain and the proofs: links read, messages opened, rows
 * arranged, the transcript, every chunk of the replay, every fold's inputs. With `seeded` the store already holds what opening and scanning come to, as after a crash
 * at their end: the messages' true content, and numbers without meaning for the rows' h and D.
 */
export async function timeSynthetic(messages: number, seeded: boolean): Promise<SyntheticTimes> {
  const folder = mkdtempSync(path.join(tmpdir(), "tacit-synthetic-"));
  const database = await openDatabase(path.join(folder, "tacit.sqlite"));
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    seconds[stage] = (performance.now() - started) / 1000;
    say(`${stage}: ${seconds[stage].toFixed(1)} s`);
    return result;
  };
  try {
    const made = madeUpRound(DIFFERENT, messages);
    const { key, statement } = made;
    await timed("items into the store", async () => {
      const log = eventLog(database, roundRefText(ROUND));
      await log.start(ROUND.chainId, ROUND.address, 0);
      for (let start = 0; start < made.links.length; start += LOGS_A_TIME) {
        const links = made.links.slice(start, start + LOGS_A_TIME);
        await log.append(
          links.map((link, i) => logOf(link, start + i)),
          start + links.length,
        );
      }
    });
    const real = openedStore(database, roundRefText(ROUND), await sealingKey(key, statement));
    const opened = seeded ? await seededStore(real, made) : real;
    const { length } = made.links;
    (made as { links: readonly Link[]; items: readonly unknown[] }).links = [];
    (made as { items: readonly unknown[] }).items = [];
    const meter = startMemoryMeter();
    const follower = new RoundFollower({
      database,
      nodes: [],
      chainId: ROUND.chainId,
      round: ROUND.address,
      finality: 0,
    });
    const links = await timed("links from the store", () => follower.links());
    if (links.length !== length) throw new Error("the store lost links");
    const prepared = await timed("opened, scanned, arranged, transcript", () =>
      prepareInThreads({ links, statement, key, rowsPerFold: ROWS, opened }),
    );
    const { folds, constants } = prepared.transcript;
    await timed("replay's chunks", async () => {
      const plan = new ReplayPlan(links);
      for (let left = links.length; left > 0; ) {
        const { start, h0 } = plan.chunk(left, Math.ceil(links.length / folds.length));
        if (plan.linksBefore(h0) !== start) throw new Error("the replay lost its place");
        left = start;
      }
    });
    let words = 0;
    await timed("every fold's inputs", async () => {
      for (const fold of folds)
        words += Object.values(
          foldInputs(prepared.withRows(fold), constants, prepared.rowsSalt),
        ).flat(2).length;
    });
    return {
      messages,
      folds: folds.length,
      seeded,
      seconds,
      memoryMB: Math.round(meter.stop()),
      words,
    };
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}

/** The event that tells of a link. */
function logOf(link: Link, place: number): StoredLog {
  const t = BigInt(place + 1);
  if (link.kind === "topUp") throw new RangeError("made-up rounds have no top-ups");
  const topics =
    link.kind === "message"
      ? encodeEventTopics({ abi: iRoundAbi, eventName: "MessagePublished", args: { t } })
      : encodeEventTopics({
          abi: iRoundAbi,
          eventName: "Contributed",
          args: { tag: link.tag, payer: ROUND.address },
        });
  // All fields that are not indexed are words.
  const words = link.kind === "message" ? link.words : [t, link.key.x, link.key.y, link.credits];
  const data = concatHex(words.map((word) => numberToHex(word, { size: 32 })));
  return {
    block: place + 1,
    logIndex: 0,
    txHash: `0x${t.toString(16).padStart(64, "0")}`,
    topics: topics as Hex[],
    data,
  };
}

/** A store that makes and keeps a record when it is asked for it first. */
async function seededStore(
  real: OpenedStore,
  { items, key, statement }: MadeUpRound,
): Promise<OpenedStore> {
  const different = items.slice(0, 2 * DIFFERENT); // its contributions come first, then each message once
  const { messages, roots } = await openItems(different, key, statement.ctx);
  const template = new Uint8Array(OPENED_BYTES * DIFFERENT);
  const words = new Words(template.buffer);
  for (const [i, { t, command }] of messages.entries()) {
    const { u, v } = toMontgomery(roots.get(t) as Point);
    for (const [w, word] of [...command, u, v].entries())
      words.set(i * OPENED_BYTES + w * WORD_BYTES, word);
  }
  return {
    ...real,
    async get(name) {
      const kept = await real.get(name);
      if (kept !== undefined) return kept;
      const [kind, from, to] = name.split(" ") as [string, string, string];
      const count = Number(to) - Number(from);
      const record = new Uint8Array(count * (kind === "rows" ? TRACED_BYTES : OPENED_BYTES));
      for (let i = 0; i < count; i++) {
        const which = (Number(from) + i) % DIFFERENT;
        if (kind === "rows")
          for (const at of [1, 1 + WORD_BYTES])
            record.set(randomBytes(WORD_BYTES - 1), i * TRACED_BYTES + at);
        else
          record.set(
            template.subarray(which * OPENED_BYTES, (which + 1) * OPENED_BYTES),
            i * OPENED_BYTES,
          );
      }
      await real.put(name, record);
      return record;
    },
  };
}
