import { LinkList } from "../../src/coordinator/planning/link_list.ts";
import { prepareInThreads } from "../../src/coordinator/planning/prepare.ts";
import { computeOutcome } from "../../src/round/semantics.ts";
import { openItems } from "../../src/transcript/open_items.ts";
import { madeUpRound } from "./made_up.ts";

/** Seconds for so many messages. Of processor time: decrypting and reading them; all that comes before the first proof. And how long that takes on all cores. */
export type DecryptTimes = {
  readonly messages: number;
  readonly open: number;
  readonly scan: number;
  readonly prepare: number;
  readonly elapsed: number;
};

const DIFFERENT = 250;

export async function timeDecryption(messages: number): Promise<DecryptTimes> {
  const { items, key, statement, links } = madeUpRound(DIFFERENT, messages);
  const { ctx } = statement;
  const [{ messages: opened }, open] = await timed(() => openItems(items, key, ctx));
  const [, scan] = await timed(async () => computeOutcome(items, opened, statement));
  const list = LinkList.from(links);
  const started = performance.now();
  const [, prepare] = await timed(() =>
    prepareInThreads({ links: list, statement, key, rowsPerFold: 45 }),
  );
  return { messages, open, scan, prepare, elapsed: (performance.now() - started) / 1000 };
}

/** Seconds of processor time, all threads', so that what else the machine does counts little. */
async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}
