import { readFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { PAGE_FOLDER } from "../page/build_page.ts";
import { filesBelow } from "../pipeline/imports.ts";
import type { Snapshot } from "./snapshot.ts";

const measureSize = async (file: string) => {
  const content = await readFile(path.join(PAGE_FOLDER, file));
  return file.endsWith(".woff2") ? content.length : gzipSync(content, { level: 9 }).length;
};

/** The built file of a source's name, such as `give_page`: names end in a hash. */
async function built(name: string, ending = ".js"): Promise<string> {
  const files = (await filesBelow(path.join(PAGE_FOLDER, "assets"), ending)).map((file) =>
    path.basename(file),
  );
  const found = files.find((file) => file.startsWith(`${name}-`));
  if (found === undefined) throw new TypeError(`the built page has no ${name}`);
  return `assets/${found}`;
}

/** A file with all that it imports at once. */
async function withImports(...files: readonly string[]): Promise<Set<string>> {
  const seen = new Set<string>();
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const source = await readFile(path.join(PAGE_FOLDER, file), "utf8");
    for (const [, next] of source.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g))
      waiting.push(`assets/${next as string}`);
  }
  return seen;
}

/** Bytes gzipped that a first visit loads, by what they are for, each counted once: see docs/PAGE.md. */
export async function pageSizes(): Promise<Record<string, number>> {
  const entry = await built("main");
  const parts: readonly (readonly [string, Iterable<string>])[] = [
    ["words", ["index.html", "start.js", await built("main", ".css")]],
    ["alive", [...(await withImports(entry)), await built("en")]],
    ["rounds", await withImports(await built("root"))],
    ["projects", await withImports(await built("round_page"))],
    ["gift", await withImports(await built("gift_page"), await built("keys.worker"))],
    ["results", await withImports(await built("results_page"))],
    [
      "verifier",
      ["verify.html", ...(await withImports(await built("verify"), await built("verify.worker")))],
    ],
    ["embedded", ["embed.html", ...(await withImports(await built("embed")))]],
    [
      "fonts",
      [
        await built("newsreader-latin-wght", ".woff2"),
        await built("instrument-sans-latin-wght", ".woff2"),
      ],
    ],
  ];
  const counted = new Set<string>();
  const sizes: Record<string, number> = {};
  for (const [name, files] of parts) {
    sizes[name] = 0;
    for (const file of files) {
      if (counted.has(file)) continue;
      counted.add(file);
      sizes[name] += await measureSize(file);
    }
  }
  return sizes;
}

/** Names with hashes compress a little differently with every change. */
export const page: Snapshot = { name: "page", measure: pageSizes, tolerance: 0.02 };
