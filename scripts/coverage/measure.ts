import { readFile } from "node:fs/promises";
import path from "node:path";
import { filesBelow } from "../pipeline/imports.ts";
import { fromRoot } from "../pipeline/paths.ts";
import type { Point, Sources } from "./instrument.ts";
import { UNREACHABLE } from "./unreachable.ts";

type Share = { readonly of: number; readonly reached: number };
/** By file: both outcomes of a condition count as a branch each. */
export type Measured = ReadonlyMap<
  string,
  { readonly statements: Share; readonly branches: Share; readonly unreachable: number }
>;

export async function contractSources(): Promise<Sources> {
  const files = await filesBelow(fromRoot("contracts"), ".sol");
  return new Map(
    await Promise.all(
      files.map(
        async (file) =>
          [path.relative(fromRoot("contracts"), file), await readFile(file, "utf8")] as const,
      ),
    ),
  );
}

const isStatement = ({ kind }: Point) => kind === "statement";
const isListed = (point: Point) =>
  UNREACHABLE.some(
    ({ file, text, outcome }) =>
      point.file === file && point.text === text && point.kind === `branch ${outcome}`,
  );

/** What was reached; what was missed and is not listed as unreachable; what is listed and was reached. */
export function measure(points: readonly Point[], hits: ReadonlySet<number>) {
  const reached = ({ tag }: Point) => hits.has(tag);
  const share = (of: readonly Point[]): Share => ({
    of: of.length,
    reached: of.filter(reached).length,
  });
  const files = [...new Set(points.map(({ file }) => file))].map((file) => {
    const all = points.filter((point) => point.file === file && !isListed(point));
    const unreachable = points.filter((point) => point.file === file && isListed(point)).length;
    return [
      file,
      {
        statements: share(all.filter(isStatement)),
        branches: share(all.filter((point) => !isStatement(point))),
        unreachable,
      },
    ] as const;
  });
  return {
    files: new Map(files) as Measured,
    missed: points.filter((point) => !reached(point) && !isListed(point)),
    refuted: points
      .filter((point) => reached(point) && isListed(point))
      .map(({ file, line, text }) => `contracts/${file}:${line}: ${text}`),
  };
}
