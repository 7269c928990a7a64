import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { filesBelow, listImports } from "../pipeline/imports.ts";

/** Test files run against one fault, at most: those nearest to its file. */
const MOST = 6;

/** The room that a source file is in: a folder of src/, or the page. */
export function roomOf(file: string): string {
  const [first = "", second = ""] = file.split("/");
  if (first === "frontend") return "frontend";
  return second.endsWith(".ts") ? "root" : second;
}

/** Test files by what they import, for a tree at `root`. All names are relative to it. */
export class Relations {
  readonly #root: string;
  readonly #distances = new Map<string, ReadonlyMap<string, number>>();
  readonly #texts = new Map<string, string>();

  private constructor(root: string) {
    this.#root = root;
  }

  static async read(root: string): Promise<Relations> {
    const relations = new Relations(root);
    const known = new Map<string, readonly string[]>();
    for (const file of await filesBelow(path.join(root, "test"), ".test.ts")) {
      const test = path.relative(root, file);
      relations.#distances.set(test, await relations.#measure(file, known));
      relations.#texts.set(test, await readFile(file, "utf8"));
    }
    return relations;
  }

  /**
   * The test files that import the source file, directly or not: those of the room's own folder first, then the file's namesake, then by how far away it is, then by how often they
   * name it, as tests of the command line do that all import one program, then by how little else they reach.
   * Beside the room's own only fast ones are taken.
   */
  testsOf(file: string, isFast: (test: string) => boolean): string[] {
    const own = `test/${roomOf(file)}/`;
    const stem = path.parse(file).name;
    const names = new Set([`"${stem}"`, `"${stem.replaceAll("_", "-")}"`]);
    const mentions = (test: string) =>
      [...names].reduce(
        (sum, name) => sum + (this.#texts.get(test)?.split(name).length ?? 1) - 1,
        0,
      );
    const ranked = [...this.#distances]
      .flatMap(([test, distances]) => {
        const distance = distances.get(file);
        return distance === undefined
          ? []
          : [
              {
                ...{ test, distance, reached: distances.size },
                ...{ isOwn: test.startsWith(own), named: mentions(test) },
                isNamesake: path.basename(test) === `${stem}.test.ts`,
              },
            ];
      })
      .filter(({ test, isOwn }) => isOwn || isFast(test))
      .sort(
        (a, b) =>
          Number(b.isOwn) - Number(a.isOwn) ||
          Number(b.isNamesake) - Number(a.isNamesake) ||
          a.distance - b.distance ||
          b.named - a.named ||
          a.reached - b.reached ||
          a.test.localeCompare(b.test),
      );
    return ranked.slice(0, MOST).map(({ test }) => test);
  }

  /** How many imports lead from a file to each that it reaches. */
  async #measure(
    entry: string,
    known: Map<string, readonly string[]>,
  ): Promise<ReadonlyMap<string, number>> {
    const distances = new Map<string, number>();
    let ring = [entry];
    for (let distance = 0; ring.length > 0; distance++) {
      const next = new Set<string>();
      for (const file of ring) {
        const name = path.relative(this.#root, file);
        if (distances.has(name) || !existsSync(file)) continue;
        distances.set(name, distance);
        const imports = known.get(file) ?? (await listImports(file));
        known.set(file, imports);
        for (const one of imports)
          if (/^\..*\.tsx?$/.test(one)) next.add(path.resolve(path.dirname(file), one));
      }
      ring = [...next];
    }
    return distances;
  }
}
