import { useEffect, useSyncExternalStore } from "react";
import { roundRefText, type Phase, type RoundRef } from "../../../src/index.ts";
import { open, seal, wipe } from "../storage/vault.ts";

/** What a visitor thinks of giving: a plan, and never what was sent. It is gone in the moment in which the ballot is sealed. */
export type CartLine = { readonly project: number; readonly amount: string };
type Carts = Readonly<Record<string, readonly CartLine[]>>;

let carts: Carts = {};
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();
const NO_LINES: readonly CartLine[] = [];

function load(): Promise<void> {
  loading ??= open<Carts>("draft").then(
    (stored) => {
      if (stored !== undefined) carts = { ...stored, ...carts };
      for (const listener of listeners) listener();
    },
    () => undefined,
  );
  return loading;
}

function change(place: RoundRef, edit: (lines: readonly CartLine[]) => readonly CartLine[]): void {
  carts = { ...carts, [roundRefText(place)]: edit(carts[roundRefText(place)] ?? NO_LINES) };
  for (const listener of listeners) listener();
  // Where nothing can be stored the plan lasts as long as the page.
  void store().catch(() => undefined);
}

/** One write after the other, each of what is there when its turn comes: none may bring back what a later one has wiped. */
let writing: Promise<void> = Promise.resolve();
function store(): Promise<void> {
  const next = writing.then(() =>
    Object.values(carts).every((lines) => lines.length === 0)
      ? wipe("draft")
      : seal("draft", carts),
  );
  writing = next.catch(() => undefined);
  return next;
}

/** Forgets a round's plan here and on the device. */
export async function emptyCart(place: RoundRef): Promise<void> {
  await load(); // else the plans for other rounds, not read yet, would be forgotten too
  const { [roundRefText(place)]: lines, ...others } = carts;
  if (lines === undefined) return;
  carts = others;
  for (const listener of listeners) listener();
  await store();
}

/** Forgets a round's plan as soon as the chain says that the round takes no more gifts. */
export function useForgetfulCart(place: RoundRef, phase: Phase | undefined): void {
  const over = phase !== undefined && phase !== "before start" && phase !== "contributing";
  useEffect(() => {
    if (over) void emptyCart(place).catch(() => undefined); // what cannot be deleted now is tried again at the next visit
  }, [over, roundRefText(place)]);
}

export function useCart(place: RoundRef) {
  const lines = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => carts[roundRefText(place)] ?? NO_LINES,
  );
  useEffect(() => void load(), []);
  return {
    lines,
    toggle: (project: number) =>
      change(place, (all) =>
        all.some((line) => line.project === project)
          ? all.filter((line) => line.project !== project)
          : [...all, { project, amount: "" }],
      ),
    setAmount: (project: number, amount: string) =>
      change(place, (all) =>
        all.map((line) => (line.project === project ? { project, amount } : line)),
      ),
    setAll: (next: readonly CartLine[]) => change(place, () => next),
  };
}
