import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";
import { LONG, longFirst } from "../setup/order.ts";

test("every file that is to start first exists", () => {
  expect(LONG.filter((file) => !existsSync(fromRoot(file)))).toEqual([]);
});

test("long files start first, the others keep their order, and none is lost", () => {
  const others = ["test/frontend/story.test.ts", "test/cli/help.test.ts", "test/spec/ids.test.ts"];
  const [story, ...rest] = others as [string, ...string[]];
  const files = [story, ...LONG.toReversed(), ...rest].map((name) => ({
    moduleId: fromRoot(name),
  }));
  expect(longFirst(files).map(({ moduleId }) => moduleId)).toEqual(
    [...LONG, ...others].map((name) => fromRoot(name)),
  );
});
