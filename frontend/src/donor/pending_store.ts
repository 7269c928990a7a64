import { roundRefText, type Pending, type RoundRef } from "../../../src/index.ts";
import {
  deleteSealed,
  openSealed,
  putSealed,
  recordKeyOf,
  sealedAt,
  type SealedRecord,
} from "../storage/vault.ts";
import { tellNeighbours } from "./neighbours.ts";

/** Each round's keys that this page has been given, the last one first. */
const keys = new Map<string, readonly CryptoKey[]>();
/** What the browser would not keep: it survives every way through the page, and no reload. */
const unkept = new Map<string, readonly Pending[]>();
/** Under which id the device keeps what this page knows. */
const ids = new WeakMap<Pending, string>();
/** Records that are to stay where they are: somebody else's. */
const left = new Set<string>();

/** From now on a round's records are sealed and opened with what the wallet signed, or with the code. */
export async function unlockPending(round: RoundRef, source: Uint8Array): Promise<void> {
  const place = roundRefText(round);
  keys.set(place, [await recordKeyOf(source), ...(keys.get(place) ?? [])]);
}

/**
 * What of a round is on its way, a first ballot with the gift to come or a changed one; "locked" where the device keeps something for which this
 * page has no key.
 */
export async function findPending(round: RoundRef): Promise<Pending | "locked" | undefined> {
  const place = roundRefText(round);
  const [found] = unkept.get(place) ?? [];
  if (found !== undefined) return found;
  let locked = false;
  for (const record of await sealedAt(place)) {
    const pending = await opened(record);
    if (pending !== undefined) return pending;
    locked ||= !left.has(record.id);
  }
  return locked ? "locked" : undefined;
}

async function opened(record: SealedRecord): Promise<Pending | undefined> {
  for (const key of keys.get(record.place) ?? []) {
    const pending = await openSealed<Pending>(record, key);
    if (pending === undefined) continue;
    ids.set(pending, record.id);
    return pending;
  }
  return undefined;
}

/** Keeps it on the device, else in this page; every other tab forgets what it planned for the round. */
export async function keepPending(pending: Pending): Promise<void> {
  const place = roundRefText(pending.round);
  const [key] = keys.get(place) ?? [];
  try {
    ids.set(pending, await putSealed(place, key as CryptoKey, pending));
  } catch {
    unkept.set(place, [...(unkept.get(place) ?? []), pending]);
  }
  tellNeighbours("sealed", pending.round);
}

/** Rejects only where the device keeps it and cannot delete it. */
export async function wipePending(pending: Pending): Promise<void> {
  const place = roundRefText(pending.round);
  unkept.set(
    place,
    (unkept.get(place) ?? []).filter((one) => one !== pending),
  );
  const id = ids.get(pending);
  if (id !== undefined) await deleteSealed(id);
  tellNeighbours("wiped", pending.round);
}

/** Deletes a round's records for which this page has no key, or lets them be. */
export async function settleLocked(round: RoundRef, by: "delete" | "leave"): Promise<void> {
  for (const record of await sealedAt(roundRefText(round))) {
    if ((await opened(record)) !== undefined) continue;
    if (by === "delete") await deleteSealed(record.id);
    else left.add(record.id);
  }
  if (by === "delete") tellNeighbours("wiped", round);
}
