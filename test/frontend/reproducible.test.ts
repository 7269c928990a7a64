import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PAGE_FOLDER } from "../../scripts/page/build_page.ts";
import { filesBelow } from "../../scripts/pipeline/imports.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

const run = promisify(execFile);

test("the page built in another folder is the same to the last byte", async () => {
  const elsewhere = await mkdtemp(path.join(os.tmpdir(), "tacit-build-elsewhere-"));
  for (const name of ["frontend", "src", "scripts", "types", "package.json", "tsconfig.json"])
    await cp(fromRoot(name), path.join(elsewhere, name), { recursive: true });
  // The packages too: linked from here they would be ordered by the path they have here, and the program cut up otherwise.
  const packages = [fromRoot("node_modules"), path.join(elsewhere, "node_modules")];
  await run("cp", ["-aT", "--link", ...packages]).catch(() => run("cp", ["-aT", ...packages]));
  const program = `import { buildPage } from "${path.join(elsewhere, "scripts/page/build_page.ts")}"; await buildPage();`;
  await run(
    process.execPath,
    ["--experimental-strip-types", "--no-warnings", "--input-type=module", "--eval", program],
    { cwd: elsewhere },
  );
  const made = path.join(elsewhere, "build", "page");
  const list = async (folder: string) =>
    (await filesBelow(folder, "")).map((file) => path.relative(folder, file));
  expect(await list(made)).toEqual(await list(PAGE_FOLDER));
  for (const name of await list(made))
    expect(
      (await readFile(path.join(made, name))).equals(await readFile(path.join(PAGE_FOLDER, name))),
      name,
    ).toBe(true);
  await rm(elsewhere, { recursive: true });
});
