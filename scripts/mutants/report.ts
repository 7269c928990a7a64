import type { Verdict } from "./judge.ts";

/** Of the faults in a room, how many something noticed: `byTypes` of those only the compiler. */
export type Score = {
  readonly room: string;
  readonly faults: number;
  readonly killed: number;
  readonly byTypes: number;
};

export function score(verdicts: readonly Verdict[]): Score[] {
  return [...Map.groupBy(verdicts, ({ room }) => room)].map(([room, list]) => ({
    room,
    faults: list.length,
    killed: list.filter(({ by }) => by !== undefined).length,
    byTypes: list.filter(({ by }) => by === "types").length,
  }));
}

export function table(scores: readonly Score[]): string {
  const rows = scores.map(({ room, faults, killed, byTypes }) => [
    room,
    String(faults),
    String(killed),
    String(byTypes),
  ]);
  const line = ([room = "", ...numbers]: readonly string[]) =>
    room.padEnd(14) + numbers.map((text) => text.padStart(12)).join("");
  return [["room", "faults", "killed", "by types"], ...rows].map(line).join("\n");
}
