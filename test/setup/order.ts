import path from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { ROOT } from "../../scripts/pipeline/paths.ts";

/** Short files that take ten seconds and more. By size, which is all that a clean clone knows of them, they would start last, and one core wait for the other. */
export const LONG: readonly string[] = [
  "test/scripts/docs.test.ts",
  "test/structure/snapshots.test.ts",
  "test/frontend/reproducible.test.ts",
  "test/scripts/watch.test.ts",
];

/** The long files first, in their order; the others keep theirs. Paths are absolute. */
export function longFirst<T extends { readonly moduleId: string }>(files: readonly T[]): T[] {
  const place = ({ moduleId }: T) => {
    const found = LONG.indexOf(path.relative(ROOT, moduleId));
    return found < 0 ? LONG.length : found;
  };
  return files.toSorted((a, b) => place(a) - place(b));
}

/** Vitest's own order (what failed or took longest the last time, else the largest), but the long files first. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return longFirst(await super.sort(files));
  }
}
