import { useEffect, useSyncExternalStore } from "react";
import { roundRefText, type Phase, type RoundRef } from "../../../src/index.ts";
import { hearNeighbours } from "./neighbours.ts";

/**
 * What a visitor thinks of giving: a plan, and never what was sent. It lies in this page's memory and nowhere else, for what a browser has
 * written once can be read from the disk long after it was deleted. It is gone when a ballot is sealed, here or in another tab.
 */
export type CartLine = { readonly project: number; readonly amount: string };

let carts: Readonly<Record<string, readonly CartLine[]>> = {};
const listeners = new Set<() => void>();
const NO_LINES: readonly CartLine[] = [];

function set(place: string, lines: readonly CartLine[]): void {
  carts = { ...carts, [place]: lines };
  for (const listener of listeners) listener();
}

/** Forgets a round's plan. */
export const emptyCart = (round: RoundRef): void => set(roundRefText(round), NO_LINES);

hearNeighbours((news, place) => {
  if (news === "sealed") set(place, NO_LINES);
});

/** Forgets a round's plan as soon as the chain says that the round takes no more gifts. */
export function useForgetfulCart(place: RoundRef, phase: Phase | undefined): void {
  const over = phase !== undefined && phase !== "before start" && phase !== "contributing";
  useEffect(() => {
    if (over) emptyCart(place);
  }, [over, roundRefText(place)]);
}

export function useCart(round: RoundRef) {
  const place = roundRefText(round);
  const now = () => carts[place] ?? NO_LINES;
  const lines = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, now);
  return {
    lines,
    toggle: (project: number) =>
      set(
        place,
        now().some((line) => line.project === project)
          ? now().filter((line) => line.project !== project)
          : [...now(), { project, amount: "" }],
      ),
    setAmount: (project: number, amount: string) =>
      set(
        place,
        now().map((line) => (line.project === project ? { project, amount } : line)),
      ),
    setAll: (next: readonly CartLine[]) => set(place, next),
  };
}
