import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closureOfTypeScript } from "../../scripts/pipeline/imports.ts";
import { limit } from "../../scripts/pipeline/limit.ts";
import { withLock } from "../../scripts/pipeline/lock.ts";
import { fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";
import { describeUnless } from "../helpers/unless.ts";

/** What runs a program as the first process of its own, as containers do; killed with it. */
const CONTAINER = [
  "unshare",
  "--user",
  "--map-root-user",
  "--pid",
  "--fork",
  "--kill-child",
] as const;
const NO_NAMESPACES =
  spawnSync(CONTAINER[0], [...CONTAINER.slice(1), "true"]).status === 0
    ? undefined
    : "this system makes no process namespaces for its users";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "tacit-pipeline-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the build's lock", () => {
  test("is free after the work, also when it fails", async () => {
    const file = path.join(folder, "held");
    await expect(withLock(file, () => Promise.reject(new Error("work failed")))).rejects.toThrow(
      "work failed",
    );
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

  /** Takes the lock in a process of its own and writes `held`; `enter` are programs before it, such as `unshare`. */
  function hold(file: string, ...enter: string[]) {
    const [program = "", ...args] = [
      ...enter,
      process.execPath,
      "--experimental-strip-types",
      "--no-warnings",
      "--input-type=module",
      "-e",
      `import { withLock } from ${JSON.stringify(fromRoot("scripts/pipeline/lock.ts"))};
       await withLock(${JSON.stringify(file)}, () => new Promise((done) => { console.log("held"); setTimeout(done, 60_000); }));`,
    ];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    return { child, held: once(child.stdout, "data"), ended: once(child, "exit") };
  }

  test("of a killed process is free at once", async () => {
    const file = path.join(folder, "killed");
    const { child, held, ended } = hold(file);
    await held;
    child.kill("SIGKILL");
    await ended;
    expect(await withLock(file, async () => "done")).toBe("done");
  });

  describeUnless(NO_NAMESPACES, "between containers", () => {
    test("holds for processes of the same id, and is free when its holder is killed", async () => {
      const file = path.join(folder, "containers");
      const first = hold(file, ...CONTAINER);
      await first.held;
      const second = hold(file, ...CONTAINER);
      const early = await Promise.race([
        second.held.then(() => "both hold it"),
        delay(2000, "one"),
      ]);
      expect(early).toBe("one");
      first.child.kill("SIGKILL");
      await second.held; // a stale lock of "process 1" is waited for by nobody
      second.child.kill("SIGKILL");
      await Promise.all([first.ended, second.ended]);
    });

    test("and so does an installation's", async () => {
      const root = path.join(folder, "installation");
      await mkdir(path.join(root, "scripts"), { recursive: true });
      const script = (await readFile(fromRoot("scripts/enter.sh"), "utf8")).replace(
        /^find_node\n[^]*$/m,
        'lock "$root/.tools/install.lock"; echo held; exec sleep 60\n',
      );
      await writeFile(path.join(root, "scripts", "enter.sh"), script);
      const enter = () => {
        const child = spawn(
          CONTAINER[0],
          [...CONTAINER.slice(1), "bash", path.join(root, "scripts", "enter.sh"), "build"],
          {
            stdio: ["ignore", "pipe", "ignore"],
          },
        );
        return { child, held: once(child.stdout, "data"), ended: once(child, "exit") };
      };
      const first = enter();
      await first.held;
      const second = enter();
      expect(await Promise.race([second.held.then(() => "both hold it"), delay(2000, "one")])).toBe(
        "one",
      );
      first.child.kill("SIGKILL");
      await second.held;
      second.child.kill("SIGKILL");
      await Promise.all([first.ended, second.ended]);
    });
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
