import { getAbiItem, parseEventLogs, type Address } from "viem";
import type { ProjectDocument } from "../metadata/documents.ts";
import type { ReadClient } from "./client.ts";
import { readProjectDocuments } from "./documents.ts";
import { iOwnedRegistryAbi } from "./generated/abis.ts";
import { getReach, LogRangeError, readAllLogs } from "./logs.ts";
import { nameOf } from "./projects.ts";
import { readEligibility, readProjectCount } from "./round.ts";

/** A project of a list that comes in steps. `name` and `document`: as of `listProjects`, empty before its step. */
export type NamedProject = {
  readonly index: number;
  readonly eligible: boolean;
  readonly metadataURI: string;
  readonly name: string;
  readonly document: ProjectDocument | undefined;
  /** With which step its name came, from 0 on; undefined until then. */
  readonly step: number | undefined;
};

/** A registry's projects, as far as they have been read. One that has not changed is the same object in the next step. */
export type ProjectSteps = {
  /** All of them, by index. */
  readonly projects: readonly NamedProject[];
  /** In which they are read. */
  readonly order: readonly number[];
  /** How many steps there were. */
  readonly steps: number;
  /** Whether all have been read. */
  readonly isWhole: boolean;
  /** Whether the node gives no events, in which the names stand. */
  readonly nameless: boolean;
  /** The block at which the reading began. */
  readonly seen: bigint;
};

/** Projects of the first step: as many as are asked for before it is known how many there are. */
export const FIRST_STEP = 48;
/** Of each further step: little enough for a slow processor to read without a pause that is felt. */
const STEP = 50;
/** Blocks that are read once more for what is new: a chain may have put others in the place of young ones. */
const SETTLED = 1_000n;

const ADDED = getAbiItem({ abi: iOwnedRegistryAbi, name: "ProjectAdded" });

/**
 * A registry's projects, a step at a time, so that the first are there as soon in a long list as in a short one. `arrange` is given their number
 * and tells in which order they are read; it must not depend on what somebody looks at, for the node sees it. With `before` only what is new or
 * is still missing is asked for: documents never change.
 * @throws ProjectCountError, RpcUnreachableError
 */
export async function* readProjectSteps(
  client: ReadClient,
  {
    registry,
    documents,
    fromBlock,
  }: { readonly registry: Address; readonly documents: Address; readonly fromBlock: bigint },
  {
    arrange,
    before,
  }: {
    readonly arrange: (count: number) => readonly number[];
    readonly before?: ProjectSteps | undefined;
  },
): AsyncGenerator<ProjectSteps, void> {
  const known = before?.nameless === true ? undefined : before;
  const references = new Map(
    known?.projects.flatMap(({ index, metadataURI, step }) =>
      step === undefined && metadataURI === "" ? [] : [[index, metadataURI] as const],
    ),
  );
  let nameless = false;
  const unlessRefused =
    <T>(otherwise: T) =>
    (error: unknown): T => {
      if (!(error instanceof LogRangeError)) throw error;
      nameless = true;
      return otherwise;
    };
  const readReferences = async (from: bigint, some?: readonly number[]) => {
    if (some?.length === 0 || nameless) return;
    const filter = some && { event: ADDED, args: { project: some.map(BigInt) } };
    const logs = await readAllLogs(client, registry, from, filter, "everything").catch(
      unlessRefused([]),
    );
    for (const { args } of parseEventLogs({
      abi: iOwnedRegistryAbi,
      eventName: "ProjectAdded",
      logs,
    }))
      references.set(Number(args.project), args.metadataURI);
  };
  const since = known === undefined ? fromBlock : known.seen - SETTLED;
  const [count, seen] = await Promise.all([
    readProjectCount(client, registry),
    client.getBlockNumber(),
    known === undefined
      ? readReferences(
          fromBlock,
          Array.from({ length: FIRST_STEP }, (_, i) => i),
        )
      : readReferences(since > fromBlock ? since : fromBlock),
  ]);
  const reading = readEligibility(client, registry, count);
  reading.catch(() => undefined); // told where it is awaited
  const order = arrangeAnew(before?.order, count) ?? arrange(count);
  const unread = order.filter((index) => {
    const old = known?.projects[index];
    return (
      old?.step === undefined ||
      old.metadataURI !== references.get(index) ||
      (old.document === undefined && old.name === "" && old.metadataURI !== "")
    );
  });
  const isFirst = (known?.steps ?? 0) === 0;
  // A node that gives its logs in ranges alone is asked for all ranges with each step.
  const parts = getReach(client).refusesAll
    ? [unread].filter(({ length }) => length > 0)
    : cut(unread, isFirst ? FIRST_STEP : STEP);
  const askFor = async (part: readonly number[] | undefined) =>
    readReferences(
      fromBlock,
      part?.filter((index) => !references.has(index)),
    );
  await (parts[0] === undefined ? undefined : askFor(parts[0]));
  let steps = known?.steps ?? 0;
  let projects: NamedProject[] | undefined;
  for (const [i, part] of [...parts.entries()]) {
    const next = parts[i + 1];
    const [described, isEligible] = await Promise.all([
      readProjectDocuments(client, documents, {
        references: part.map((index) => references.get(index) ?? ""),
        fromBlock,
      }).catch(unlessRefused(new Map<string, ProjectDocument>())),
      reading,
      next && askFor(next),
    ]);
    projects ??= keep(known, count, isEligible);
    for (const index of part) {
      const metadataURI = references.get(index) ?? "";
      const document = described.get(metadataURI);
      const old = projects[index];
      if (old?.step !== undefined && old.metadataURI === metadataURI && document === undefined)
        continue;
      projects[index] = {
        index,
        eligible: isEligible(index),
        metadataURI,
        name: nameOf(metadataURI, document),
        document,
        step: old?.step ?? steps,
      };
    }
    steps++;
    yield { projects: [...projects], order, steps, isWhole: next === undefined, nameless, seen };
  }
  if (parts.length > 0) return;
  projects = keep(known, count, await reading);
  yield { projects, order, steps: Math.max(steps, 1), isWhole: true, nameless, seen };
}

/** The order of a reading that goes on: who has come since is last, whoever reads it keeps the place. */
function arrangeAnew(order: readonly number[] | undefined, count: number) {
  if (order === undefined || order.length === 0) return undefined;
  const still = order.filter((index) => index < count);
  const since = Array.from(
    { length: Math.max(0, count - order.length) },
    (_, i) => order.length + i,
  );
  return [...still, ...since];
}

function cut(indices: readonly number[], first: number): readonly (readonly number[])[] {
  const parts: (readonly number[])[] = [];
  for (let at = 0; at < indices.length; at += parts.length === 1 ? first : STEP)
    parts.push(indices.slice(at, at + (parts.length === 0 ? first : STEP)));
  return parts;
}

const keep = (
  known: ProjectSteps | undefined,
  count: number,
  isEligible: (project: number) => boolean,
): NamedProject[] =>
  Array.from({ length: count }, (_, index) => {
    const old = known?.projects[index];
    const eligible = isEligible(index);
    if (old !== undefined) return old.eligible === eligible ? old : { ...old, eligible };
    return { index, eligible, metadataURI: "", name: "", document: undefined, step: undefined };
  });
