import { useEffect, useSyncExternalStore } from "react";
import { roundRefText, type Phase, type RoundRef } from "../../../src/index.ts";
import { hearNeighbours } from "./neighbours.ts";

/**
 * What a visitor thinks of giving: a plan, and never what was sent. It lies in this page's memory and nowhere else, for what a browser has
 * written once can be read from the disk long after it was deleted. It is gone when a ballot is sealed, here or in another tab.
 */
export type CartLine = {
  readonly project: number;
  readonly amount: string;
  /** Votes against it, where the round takes such. */
  readonly isAgainst?: boolean;
};

let carts: Readonly<Record<string, readonly CartLine[]>> = {};
/** Projects that were marked to come back to: nearly as telling as the plan, so kept as long and as little. */
let marks: Readonly<Record<string, readonly number[]>> = {};
const listeners = new Set<() => void>();
const NO_LINES: readonly CartLine[] = [];
const NO_MARKS: readonly number[] = [];

function set(place: string, lines: readonly CartLine[]): void {
  carts = { ...carts, [place]: lines };
  for (const listener of listeners) listener();
}

function mark(place: string, projects: readonly number[]): void {
  marks = { ...marks, [place]: projects };
  for (const listener of listeners) listener();
}

function forget(place: string): void {
  mark(place, NO_MARKS);
  set(place, NO_LINES);
}

const listen = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Forgets a round's plan. */
export const emptyCart = (round: RoundRef): void => forget(roundRefText(round));

hearNeighbours((news, place) => {
  if (news === "sealed") forget(place);
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
  const lines = useSyncExternalStore(listen, now);
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
        now().map((line) => (line.project === project ? { ...line, amount } : line)),
      ),
    setAgainst: (project: number, isAgainst: boolean) =>
      set(
        place,
        now().map((line) => (line.project === project ? { ...line, isAgainst } : line)),
      ),
    setAll: (next: readonly CartLine[]) => set(place, next),
  };
}

/** The projects of a round that the visitor has marked. */
export function useMarks(round: RoundRef) {
  const place = roundRefText(round);
  const now = () => marks[place] ?? NO_MARKS;
  const marked = useSyncExternalStore(listen, now);
  return {
    marked,
    toggle: (project: number) =>
      mark(
        place,
        now().includes(project) ? now().filter((one) => one !== project) : [...now(), project],
      ),
  };
}
