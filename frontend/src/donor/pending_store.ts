import { isSameRound, type Pending, type RoundRef } from "../../../src/index.ts";
import { open, seal, wipe } from "../storage/vault.ts";

/** What is on its way: a first ballot with the gift to come, or a changed ballot. At most one of each a round is kept. */
export type PendingKind = "gift" | "change";

const pendingKind = ({ gift }: Pending): PendingKind => (gift === undefined ? "change" : "gift");
const isAt = (place: RoundRef, kind: PendingKind) => (one: Pending) =>
  isSameRound(one.round, place) && pendingKind(one) === kind;

export async function findPending(
  place: RoundRef,
  kind: PendingKind,
): Promise<Pending | undefined> {
  return (await open<Pending[]>("pending"))?.find(isAt(place, kind));
}

export async function keepPending(pending: Pending): Promise<void> {
  const at = isAt(pending.round, pendingKind(pending));
  const others = ((await open<Pending[]>("pending")) ?? []).filter((one) => !at(one));
  await seal("pending", [...others, pending]);
}

export async function wipePending(pending: Pending): Promise<void> {
  const at = isAt(pending.round, pendingKind(pending));
  const others = ((await open<Pending[]>("pending")) ?? []).filter((one) => !at(one));
  await (others.length === 0 ? wipe("pending") : seal("pending", others));
}
