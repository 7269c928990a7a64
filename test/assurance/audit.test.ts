import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

const read = (file: string) => readFileSync(fromRoot(file), "utf8");
const AUDIT = read("docs/AUDIT.md");

/** Paths in a text that stand for tests: `attacks/aliases`, `contracts/money.test.ts`. */
const testPaths = (text: string) =>
  [
    ...text.matchAll(
      /`((?:attacks|assurance|circuits|cli|contracts|crypto|invariants|protocol|round|scripts|structure|transcript)\/[a-z_-]+)(\.test)?(\.ts)?`/g,
    ),
  ].map(([, name]) => name as string);
const exists = (name: string) =>
  [".test.ts", ".ts"].some((end) => existsSync(fromRoot("test", `${name}${end}`))) ||
  existsSync(fromRoot(`${name}.ts`));

describe("documents for auditors", () => {
  test("docs/AUDIT.md lists every rule of docs/SPEC.md, with files that exist", () => {
    const rules = [...read("docs/SPEC.md").matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(
      ([, id]) => id as string,
    );
    const rows = AUDIT.split("\n").filter((line) => /^\| [A-Z]+-\d+ \| `/.test(line));
    expect(rows.map((row) => row.split(" ")[1])).toEqual(rules);
    const code = rows.flatMap((row) =>
      [...(row.split("|")[2] as string).matchAll(/`([^`]+)`/g)].map(([, file]) => file as string),
    );
    const tests = rows.flatMap((row) =>
      [...(row.split("|")[3] as string).matchAll(/`([^`]+)`/g)].map(([, file]) => file as string),
    );
    expect(code.filter((file) => !existsSync(fromRoot(file)))).toEqual([]);
    expect(tests.filter((file) => !existsSync(fromRoot("test", file)))).toEqual([]);
  });

  test.each([
    "docs/AUDIT.md",
    "docs/SOUNDNESS.md",
    "docs/THREAT-MODEL.md",
    "test/invariants/README.md",
    "SECURITY.md",
  ])("every test that %s names is there", (file) => {
    const named = [
      ...testPaths(read(file)),
      ...[...read(file).matchAll(/`test\/([\w/]+)\.test\.ts`/g)].map(([, name]) => name as string),
    ];
    expect(named.filter((name) => !exists(name))).toEqual([]);
  });

  test("every attack has its file named in the threat model or the audit", () => {
    const both = AUDIT + read("docs/THREAT-MODEL.md") + read("test/invariants/README.md");
    const attacks = readdirSync(fromRoot("test/attacks")).flatMap(
      (file) => /^(.+)\.test\.ts$/.exec(file)?.[1] ?? [],
    );
    expect(attacks.length).toBeGreaterThan(25);
    expect(attacks.filter((name) => !new RegExp(`attacks/${name}\\b`).test(both))).toEqual([]);
  });

  test("every package that the product depends on has a reason in SECURITY.md", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
      "dependencies" | "devDependencies",
      Record<string, string>
    >;
    const security = read("SECURITY.md");
    const family: Readonly<Record<string, string>> = {
      "@nomicfoundation/": "hardhat",
      "@fastify/": "fastify",
      "@fontsource-variable/": "react",
      "@tailwindcss/": "tailwind",
      tailwindcss: "tailwind",
      "@tanstack/": "wagmi",
      "@vitejs/": "vite",
      "react-dom": "react",
      "react-i18next": "i18next",
      typebox: "fastify",
    };
    const findName = (name: string) =>
      Object.entries(family).find(([prefix]) => name.startsWith(prefix))?.[1] ?? name;
    expect(
      Object.keys({ ...dependencies, ...devDependencies }).filter(
        (name) => !name.startsWith("@types/") && !security.includes(findName(name)),
      ),
    ).toEqual([]);
  });
});
