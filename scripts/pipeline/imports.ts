import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fromRoot } from "./paths.ts";

// `import … from "x"` and `export … from "x"`, type-only ones too; `import "x"`; `import("x")`; and the file of a worker.
// Statements start their line, which tells them from comments and strings.
const TS_IMPORTS = [
  /^(?:import|export)\s[^;"]*?\bfrom\s*"([^"\n]+)"/gm,
  /^import\s*"([^"\n]+)"/gm,
  /\bimport\(\s*"([^"\n]+)"/g,
  /\bnew URL\("([^"\n]+\.ts)", import\.meta\.url\)/g,
];
const CIRCOM_INCLUDE = /^\s*include\s+"([^"\n]+)"/gm;

/** What a TypeScript file imports, as written. */
export async function listImports(file: string): Promise<string[]> {
  const source = await readFile(file, "utf8");
  return TS_IMPORTS.flatMap((pattern) =>
    [...source.matchAll(pattern)].map((match) => match[1] ?? ""),
  );
}

/** The TypeScript file and all local files that it imports, directly or not. */
export function closureOfTypeScript(entry: string): Promise<string[]> {
  return closure(entry, async (file) =>
    (await listImports(file))
      .filter((name) => name.startsWith("."))
      .map((name) => path.resolve(path.dirname(file), name)),
  );
}

/** The circuit and all that it includes, directly or not, libraries too. */
export function closureOfCircuit(entry: string): Promise<string[]> {
  return closure(entry, async (file) => {
    const source = await readFile(file, "utf8");
    return [...source.matchAll(CIRCOM_INCLUDE)].map((match) =>
      resolveInclude(file, match[1] ?? ""),
    );
  });
}

/** All files below a folder with one of the endings, sorted; none where the folder is missing. */
export async function filesBelow(folder: string, ...endings: string[]): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

async function closure(
  entry: string,
  next: (file: string) => Promise<string[]>,
): Promise<string[]> {
  const seen = new Set<string>();
  const pending = [entry];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    pending.push(...(await next(file)));
  }
  return [...seen].sort();
}

/** As circom does: beside the including file, else in a library folder. */
function resolveInclude(from: string, name: string): string {
  const beside = path.resolve(path.dirname(from), name);
  return existsSync(beside) ? beside : fromRoot("node_modules", name);
}
