import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { filesBelow } from "../pipeline/imports.ts";
import { BaseError } from "../../src/errors.ts";
import { listFaults } from "./faults.ts";
import type { Chosen } from "./judge.ts";
import { type Relations, roomOf } from "./related.ts";

/** Sources below these, but for what is generated. */
const SOURCES = ["src", "frontend/src"];

export class NothingToChangeError extends BaseError {
  constructor(name: string) {
    super(`There is no source in "${name}".`, {
      fix: "Name a room (matching), a folder (src/cli/input) or a file below src/ or frontend/src/.",
    });
  }
}

/** Sources of the rooms, folders and files that are named, all where none is; relative to the root. */
export async function findSources(root: string, names: readonly string[]): Promise<string[]> {
  const all = (
    await Promise.all(SOURCES.map((folder) => filesBelow(path.join(root, folder), ".ts", ".tsx")))
  )
    .flat()
    .map((file) => path.relative(root, file))
    .filter((file) => !file.includes("/generated/") && !file.endsWith(".d.ts"));
  if (names.length === 0) return all;
  const found = names.map((name) => {
    const place = name.replace(/\/+$/, "");
    const files = all.filter(
      (file) => file === place || file.startsWith(`${place}/`) || roomOf(file) === place,
    );
    if (files.length === 0) throw new NothingToChangeError(name);
    return files;
  });
  return [...new Set(found.flat())].sort();
}

/** For each file, the lines that differ from a commit: all of a file that it does not have. */
export function changedSince(
  root: string,
  commit: string,
): (file: string, line: number) => boolean {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  const base = git("merge-base", "--end-of-options", commit, "HEAD").trim();
  const fresh = new Set(git("ls-files", "-z", "--others", "--exclude-standard").split("\0"));
  const lines = new Map<string, Set<number>>();
  let file = "";
  for (const text of git("diff", "--unified=0", "--no-renames", "--no-ext-diff", base).split(
    "\n",
  )) {
    if (text.startsWith("+++ ")) file = text.slice("+++ b/".length);
    const [, start, count] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(text) ?? [];
    if (start === undefined) continue;
    const changed = lines.get(file) ?? new Set();
    for (let i = 0; i < Number(count ?? 1); i++) changed.add(Number(start) + i);
    lines.set(file, changed);
  }
  return (name, line) => fresh.has(name) || lines.get(name)?.has(line) === true;
}

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` faults of each room, every one as likely as the others; no two in the same place. */
export async function choose(
  root: string,
  files: readonly string[],
  {
    count,
    seed,
    relations,
    isFast,
    tests,
    touches = () => true,
  }: {
    readonly count: number;
    readonly seed: number;
    readonly relations: Relations;
    readonly isFast: (test: string) => boolean;
    /** In place of the related ones. */
    readonly tests?: readonly string[] | undefined;
    readonly touches?: (file: string, line: number) => boolean;
  },
): Promise<Chosen[]> {
  const rooms = new Map<string, Omit<Chosen, "tests">[]>();
  for (const file of files) {
    const room = roomOf(file);
    const source = await readFile(path.join(root, file), "utf8");
    for (const fault of listFaults(file, source)) {
      const line = source.slice(0, fault.start).split("\n").length;
      if (touches(file, line)) rooms.set(room, [...(rooms.get(room) ?? []), { room, file, fault }]);
    }
  }
  return [...rooms].flatMap(([, faults]) => {
    const next = random(seed);
    const left = [...faults];
    const chosen: Omit<Chosen, "tests">[] = [];
    while (chosen.length < count && left.length > 0) {
      const [one] = left.splice(Math.floor(next() * left.length), 1) as [Omit<Chosen, "tests">];
      const isTaken = chosen.some(
        ({ file, fault }) =>
          file === one.file && fault.start === one.fault.start && fault.end === one.fault.end,
      );
      if (!isTaken) chosen.push(one);
    }
    return chosen.map((one) => {
      const related = tests ?? relations.testsOf(one.file, isFast);
      const own = `test/${one.room}/`;
      const [near, far] = [
        related.filter((test) => test.startsWith(own)),
        related.filter((test) => !test.startsWith(own)),
      ];
      return {
        ...one,
        tests: [near.filter(isFast), far, near.filter((test) => !isFast(test))],
      };
    });
  });
}
