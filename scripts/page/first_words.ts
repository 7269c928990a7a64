import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** What frontend/src/prerender.tsx gives, built for Node. */
type Prerender = {
  readonly LANGUAGES: Readonly<Record<string, string>>;
  readonly prerender: (language: string, first: string) => Promise<string>;
};
/** Vite's list of what it built, by source file. */
type Manifest = Readonly<
  Record<
    string,
    {
      readonly file: string;
      readonly imports?: readonly string[];
      readonly dynamicImports?: readonly string[];
    }
  >
>;

const APP = "src/root.tsx";

/**
 * Puts into the page's file what public/start.js shows at once: the first words in every language, as templates, each with the name of
 * its catalogue's file. And has the browser fetch the app's files while it reads them, behind those that the words need.
 */
export async function addFirstWords(folder: string, builtForNode: string): Promise<void> {
  const { LANGUAGES, prerender } = (await import(pathToFileURL(builtForNode).href)) as Prerender;
  const manifest = JSON.parse(
    await readFile(path.join(folder, ".vite/manifest.json"), "utf8"),
  ) as Manifest;
  await rm(path.join(folder, ".vite"), { recursive: true });
  const templates: string[] = [];
  for (const language of Object.keys(LANGUAGES)) {
    const catalogue = path.basename(findFile(manifest, `src/i18n/${language}.json`), ".js");
    for (const first of ["rounds", "unknown"])
      templates.push(
        `<template id="${language}-${first}" data-catalogue="${catalogue}">${await prerender(language, first)}</template>`,
      );
  }
  const page = path.join(folder, "index.html");
  const html = await readFile(page, "utf8");
  const later = listImports(manifest, APP)
    .filter((file) => !html.includes(file))
    .map((file) => `<link rel="modulepreload" fetchpriority="low" crossorigin href="./${file}">`);
  await writeFile(
    page,
    html
      .replace("</head>", `  ${later.join("\n    ")}\n  </head>`)
      .replace("</body>", `  ${templates.join("\n    ")}\n  </body>`),
  );
}

function listImports(manifest: Manifest, start: string): string[] {
  const seen = new Set<string>();
  const visit = (source: string): void => {
    if (seen.has(source)) return;
    seen.add(source);
    for (const next of manifest[source]?.imports ?? []) visit(next);
  };
  visit(start);
  return [...seen].map((source) => findFile(manifest, source));
}

function findFile(manifest: Manifest, source: string): string {
  const built = manifest[source];
  if (built === undefined) throw new TypeError(`the page's build has no ${source}`);
  return built.file;
}
