import { useEffect } from "react";
import { roundRefText, type RoundRef } from "../../../src/index.ts";

/** What tabs of this page tell each other of a round. Nothing of a plan is in it, and whoever forges it makes others forget, no more. */
export type News = "sealed" | "wiped";

const channel = new BroadcastChannel("tacit");
const textOf = (news: News, place: string) => `${news} ${place}`;

export function tellNeighbours(news: News, round: RoundRef): void {
  channel.postMessage(textOf(news, roundRefText(round)));
}

/** @returns what ends the listening */
export function hearNeighbours(hear: (news: News, place: string) => void): () => void {
  const listener = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== "string") return;
    const [, news, place] = /^(sealed|wiped) (.{1,100})$/.exec(data) ?? [];
    if (news !== undefined && place !== undefined) hear(news as News, place);
  };
  channel.addEventListener("message", listener);
  return () => channel.removeEventListener("message", listener);
}

/** Hears what other tabs did about a round. */
export function useNeighbours(round: RoundRef, hear: (news: News) => void): void {
  const place = roundRefText(round);
  useEffect(() => hearNeighbours((news, where) => where === place && hear(news)), [place, hear]);
}

/** Another tab, or another page of this address, has begun something for the round and does not end it. Nothing was done here. */
export class BusyTabError extends Error {
  override readonly name = "BusyTabError";
}

/** How long another tab is waited for: it may be asking its wallet. */
const PATIENCE_MS = 30_000;

/** One tab at a time for a round; the others wait a while. @throws BusyTabError before anything is done, and what `act` throws */
export async function aloneAt<T>(round: RoundRef, act: () => Promise<T>): Promise<T> {
  let begun = false;
  const begin = () => {
    begun = true;
    return act();
  };
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return (await navigator.locks.request(`tacit ${roundRefText(round)}`, { signal }, begin)) as T;
  } catch (error) {
    throw begun ? error : new BusyTabError();
  }
}

// A page that the browser has kept whole and shows again has missed what others told.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
