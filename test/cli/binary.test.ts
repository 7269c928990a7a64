import { execFile } from "node:child_process";
import { mkdtemp, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

type Answer = { readonly code: number; readonly out: string; readonly err: string };

function run(program: string, args: readonly string[], cwd: string, stdin = ""): Promise<Answer> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { cwd, env: { ...process.env, INIT_CWD: undefined, NO_COLOR: undefined } },
      (error, out, err) =>
        resolve({
          code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1,
          out,
          err,
        }),
    );
    child.stdin?.end(stdin);
  });
}

const BINARY = fromRoot("bin", "tacit");
const folder = await mkdtemp(path.join(os.tmpdir(), "tacit-binary-"));

describe("bin/tacit", () => {
  test("answers exit codes, keeps stdout to itself, and shows no colours without a terminal", async () => {
    expect(await run(BINARY, ["--version"], folder)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
    expect(await run(BINARY, ["frobnicate"], folder)).toMatchObject({ code: 2, out: "" });
    const refused = await run(BINARY, ["match"], folder, "nonsense");
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(/error: Standard input is not a match request/);
    expect(refused.err).not.toMatch(/\u001b/);
  });

  test("all of a long answer reaches a slow reader of a pipe, and a reader who leaves early is no error", async () => {
    const request = JSON.stringify({
      unit: "1",
      pool: "1000",
      surplus: "pay",
      projects: Array.from({ length: 2_000 }, () => ({ votes: "5", credits: "13" })),
    });
    await writeFile(path.join(folder, "long.json"), request);
    const shell = (line: string) => run("bash", ["-c", `set -o pipefail; ${line}`], folder);
    const { code, out } = await shell(`"${BINARY}" match long.json --json | (sleep 1; cat)`);
    expect(code).toBe(0);
    expect((JSON.parse(out) as { projects: unknown[] }).projects).toHaveLength(2_000);
    const early = await shell(`"${BINARY}" match long.json --json | head -c 10`);
    expect([early.out.length, early.err]).toEqual([10, ""]);
  });

  test("takes file names from where it is called, also through a link", async () => {
    await writeFile(
      path.join(folder, "totals.json"),
      '{"unit":"2","pool":"10","surplus":"pay","projects":[{"votes":"3","credits":"5"}]}',
    );
    await symlink(BINARY, path.join(folder, "tacit"));
    const { code, out } = await run(
      path.join(folder, "tacit"),
      ["match", "totals.json", "--json"],
      folder,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      projects: [{ contribution: "10", match: "10", total: "20" }],
    });
  });
});
