import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closureOfTypeScript } from "../../scripts/pipeline/imports.ts";
import { limit } from "../../scripts/pipeline/limit.ts";
import { withLock } from "../../scripts/pipeline/lock.ts";
import { fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "tacit-pipeline-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the build's lock", () => {
  test("is there while the work runs and gone after it, also when it fails", async () => {
    const file = path.join(folder, "held");
    await withLock(file, async () =>
      expect(await readFile(file, "utf8")).toMatch(new RegExp(`^${process.pid} `)),
    );
    expect(existsSync(file)).toBe(false);
    await expect(withLock(file, () => Promise.reject(new Error("work failed")))).rejects.toThrow(
      "work failed",
    );
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    ["a process that is no more", "4194305 1"], // one above Linux's greatest process id
    ["a process that took over the id of a dead one", `${process.pid} 1`],
    ["nobody", ""],
  ])("is taken from %s", async (_, owner) => {
    const file = path.join(folder, "dead");
    await writeFile(file, owner);
    expect(await withLock(file, async () => "done")).toBe("done");
  });

  test("lets one in at a time", async () => {
    const file = path.join(folder, "shared");
    let inside = 0;
    const work = async () => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
    };
    await Promise.all(Array.from({ length: 3 }, () => withLock(file, work)));
  });
});

test("limit runs no more pieces at a time than it has slots, in their order", async () => {
  const inTurn = limit(2);
  const order: number[] = [];
  let [running, most] = [0, 0];
  await Promise.all(
    [1, 2, 3, 4, 5].map((piece) =>
      inTurn(async () => {
        order.push(piece);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
      }),
    ),
  );
  expect(order).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test("what a script imports includes the files of its workers", async () => {
  const files = (await closureOfTypeScript(fromRoot("scripts/setup-keys.ts"))).map(toRelative);
  expect(files).toEqual(
    expect.arrayContaining([
      "scripts/keys/fixed-base-worker.ts",
      "scripts/keys/r1cs.ts",
      "src/errors.ts",
    ]),
  );
});
