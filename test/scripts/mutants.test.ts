import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changedSince, choose, findSources, random } from "../../scripts/mutants/choose.ts";
import { copyTree } from "../../scripts/mutants/copy.ts";
import { KINDS, listFaults, showFault, withFault } from "../../scripts/mutants/faults.ts";
import { Judge, type Verdict } from "../../scripts/mutants/judge.ts";
import { Relations } from "../../scripts/mutants/related.ts";
import { score, table } from "../../scripts/mutants/report.ts";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

/** What becomes of a source, one line for each fault. */
const faultsOf = (source: string) =>
  listFaults("a.ts", source).map((fault) => `${fault.kind}: ${withFault(source, fault)}`);

describe("the faults", () => {
  test.each([
    ["operator", "x = a + b;", "x = a - b;"],
    ["operator", "x = a /* + */ && b;", "x = a /* + */ || b;"],
    ["operator", "x = a ?? b;", "x = (a);"],
    ["operator", "i++;", "i--;"],
    ["boundary", "x = a < b;", "x = a <= b;"],
    ["constant", "x = 41;", "x = 42;"],
    ["constant", "x = 1_000n;", "x = 1001n;"],
    ["constant", "x = 0xffn;", "x = 256n;"],
    ["constant", "x = true;", "x = false;"],
    ["condition", "if (a) b();", "if (!(a)) b();"],
    ["condition", "x = a ? b : c;", "x = !(a) ? b : c;"],
    ["condition", "x = !a;", "x = !!a;"],
    ["check", "if (a) b();", "{}"],
    ["statement", "save(a);", "{}"],
    ["await", "x = await a();", "x = a();"],
    ["return", "function f() { a(); b(); }", "function f() { return; a(); b(); }"],
    ["call", "x = a.sort(by);", "x = a;"],
    ["call", "x = a.every(f);", "x = a.some(f);"],
  ])("%s: %s becomes %s", (kind, before, after) => {
    expect(faultsOf(before)).toContain(`${kind}: ${after}`);
  });

  test("each kind has a case above, and every fault parses", () => {
    const source = `export async function f(a: number[]): Promise<void> {
  if (a.length < 2 && !done) throw new Error();
  await save(a.sort());
  done = true;
}
`;
    const faults = listFaults("a.ts", source);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(KINDS));
    for (const fault of faults)
      expect(
        () => listFaults("a.ts", withFault(source, fault)),
        JSON.stringify(fault),
      ).not.toThrow();
  });

  test.each([
    'import { a } from "b";',
    "type A = 1 | 2;",
    "const a: 1 = b as 2;",
    "throw new RangeError(text, { limit: 1 + 2 });",
    "class A extends Error { constructor() { super(1 + 1); } }",
    'const a = "x" + b;',
    "'use strict';",
    "function f() { a; return 'x'; }",
  ])("none in types, imports, words: %s", (source) => {
    const dropped = source.includes("a;") ? ["statement"] : [];
    expect(listFaults("a.ts", source).map(({ kind }) => kind)).toEqual(dropped);
  });

  test("a page's sources too", () => {
    expect(listFaults("a.tsx", "const A = () => <p>{a && <b>1 &lt; 2</b>}</p>;")).toHaveLength(1);
  });

  test("are shown with their line, before and after", () => {
    const source = "a();\nif (x)\n  b();\nc();\n";
    const check = listFaults("a.ts", source).find(({ kind }) => kind === "check");
    expect(showFault(source, check as never)).toEqual({
      line: 2,
      diff: "- if (x)\n-   b();\n+ {}",
    });
  });
});

test("a seed repeats its choice, another makes another", () => {
  const draw = (seed: number) => {
    const next = random(seed);
    return Array.from({ length: 8 }, next);
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(8)).not.toEqual(draw(7));
  expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true);
});

describe("a small tree", () => {
  let root = "";
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
      cwd: root,
    });
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  };

  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), "tacit-mutants-test-"));
    symlinkSync(fromRoot("node_modules"), path.join(root, "node_modules"));
    write(".gitignore", "node_modules\n");
    write("package.json", '{ "type": "module" }');
    write(
      "tsconfig.json",
      `{ "compilerOptions": { "strict": true, "noUncheckedIndexedAccess": true, "noUnusedLocals": true, "types": [], "module": "nodenext",
         "noEmit": true, "allowImportingTsExtensions": true }, "include": ["src"] }`,
    );
    write("vitest.config.ts", 'export default { test: { include: ["test/**/*.test.ts"] } };\n');
    write(
      "src/sums/add.ts",
      `export const add = (a: number, b: number): number => a + b;
export const halve = (a: number): number => a / 2;
export const first = (a: number[]): number => a[0] ?? 7;
export const last = (a: number): number => { for (let i = 0; i < a; i++); return a; };
`,
    );
    write(
      "test/sums/add.test.ts",
      // Red where a fault is made in the tree itself.
      `import { expect, test } from "vitest";
import { add, last } from "../../src/sums/add.ts";
test("adds", () => expect(add(2, 3)).toBe(5));
test("ends", () => expect(last(3)).toBe(3));
test("is not the tree itself", () => expect(import.meta.dirname.startsWith(${JSON.stringify(root)} + "/")).toBe(false));
`,
    );
    write("test/other/red.test.ts", 'import "../../src/sums/add.ts";\nthrow new Error("red");\n');
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--message", "all");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const pick = async (count: number) =>
    choose(root, await findSources(root, ["sums"]), {
      count,
      seed: 1,
      relations: await Relations.read(root),
      isFast: () => true,
    });

  test("among tests as near as each other those come first that name the file, whether they were read early or late", async () => {
    const relations = await Relations.read(fromRoot());
    const testsOf = (command: string) =>
      relations.testsOf(`src/cli/commands/${command}.ts`, () => true);
    expect(testsOf("create_round")[0]).toBe("test/cli/create_round.test.ts");
    expect(testsOf("billboard")[0]).toBe("test/cli/billboard.test.ts");
    expect(testsOf("top_up")).toContain("test/cli/fate.test.ts");
    expect(testsOf("keygen")[0]).toBe("test/cli/keygen.test.ts");
  });

  test("what the tests notice is killed, what they do not is reported, and the tree is as it was", async () => {
    const chosen = await pick(100);
    expect(chosen[0]?.tests).toEqual([["test/sums/add.test.ts"], ["test/other/red.test.ts"], []]);
    const source = await readFile(path.join(root, "src/sums/add.ts"), "utf8");
    const copy = copyTree(root);
    try {
      const judge = new Judge(copy.folder, { times: 1, seconds: 10 });
      expect(await judge.prepare(["test/sums/add.test.ts", "test/other/red.test.ts"])).toEqual([
        "test/other/red.test.ts",
      ]);
      const fate = async (from: string, kind: string) => {
        const one = chosen.find(
          ({ fault }) => fault.kind === kind && source.slice(fault.start, fault.end) === from,
        );
        return judge.judge(one as never);
      };
      const verdicts = [
        await fate("+", "operator"),
        await fate("/", "operator"),
        await fate("a[0] ?? 7", "operator"),
        await fate("++", "operator"),
      ];
      expect(verdicts.map(({ by }) => by)).toEqual([
        "test/sums/add.test.ts: adds",
        undefined,
        "types",
        "time",
      ]);
      expect(verdicts[1]).toMatchObject({ file: "src/sums/add.ts", line: 2, room: "sums" });
      expect(verdicts[1]?.diff).toContain("\n+ export const halve = (a: number): number => a * 2;");
      expect(await readFile(path.join(copy.folder, "src/sums/add.ts"), "utf8")).toBe(source);
      // What does not compile without a fault either says nothing about one.
      await writeFile(path.join(copy.folder, "src/broken.ts"), "export const one: string = 1;\n");
      const again = new Judge(copy.folder);
      const fallback = chosen.find(({ fault }) => fault.text === "(a[0])");
      expect((await again.judge(fallback as never)).by).toBeUndefined();
    } finally {
      copy.remove();
    }
    expect(git("status", "--porcelain").toString()).toBe("");
  });

  test("the copy has what is not committed, and nothing of it is the tree's", async () => {
    await mkdir(path.join(root, "src/more"));
    await writeFile(path.join(root, "src/more/new.ts"), "export const one = 1;\n");
    const copy = copyTree(root);
    await writeFile(path.join(copy.folder, "src/more/new.ts"), "changed");
    copy.remove();
    expect(await readFile(path.join(root, "src/more/new.ts"), "utf8")).toBe(
      "export const one = 1;\n",
    );
    rmSync(path.join(root, "src/more"), { recursive: true });
  });

  test("--since takes lines that differ, and files that are new", async () => {
    const file = path.join(root, "src/sums/add.ts");
    const before = await readFile(file, "utf8");
    await writeFile(file, before.replace("a / 2", "a / 4"));
    await writeFile(path.join(root, "src/sums/fresh.ts"), "export const one = 1;\n");
    const touches = changedSince(root, "HEAD");
    expect([1, 2, 3].map((line) => touches("src/sums/add.ts", line))).toEqual([false, true, false]);
    expect(touches("src/sums/fresh.ts", 1)).toBe(true);
    await writeFile(file, before);
    rmSync(path.join(root, "src/sums/fresh.ts"));
  });

  test("as many of each room as are asked for, no two in one place, and names that mean nothing are refused", async () => {
    const chosen = await pick(5);
    expect(chosen).toHaveLength(5);
    expect(await pick(5)).toEqual(chosen);
    const places = (await pick(100)).map(({ fault }) => `${fault.start} ${fault.end}`);
    expect(new Set(places).size).toBe(places.length);
    await expect(findSources(root, ["nowhere"])).rejects.toThrow(/no source in "nowhere"/);
  });
});

test("the table counts by room what was killed, and what only the compiler noticed", () => {
  const verdict = (room: string, by: string | undefined) => ({ room, by }) as Verdict;
  const scores = score([
    verdict("a", "types"),
    verdict("a", undefined),
    verdict("b", "test/x.test.ts: y"),
  ]);
  expect(scores).toEqual([
    { room: "a", faults: 2, killed: 1, byTypes: 1 },
    { room: "b", faults: 1, killed: 1, byTypes: 0 },
  ]);
  expect(table(scores).split("\n")[1]).toMatch(/^a +2 +1 +1$/);
});
