// npm run docs [-- --base /folder/]: guides, documents and the API reference as a static site in build/docs, for a server's root or the
// folder that --base names; nothing on it comes from elsewhere.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { BaseError } from "../src/errors.ts";
import { build } from "./build.ts";
import { filesBelow } from "./pipeline/imports.ts";
import { BUILD, fromRoot } from "./pipeline/paths.ts";
import { say, withProgress } from "./pipeline/progress.ts";
import { runNode } from "./pipeline/run.ts";

const SOURCE = path.join(BUILD, "docs-source");
export const SITE = path.join(BUILD, "docs");

/** What the repository's own pages are, beside docs/. */
const ROOT_PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

export async function buildDocs(base = "/"): Promise<void> {
  await rm(SOURCE, { recursive: true, force: true });
  await mkdir(path.join(SOURCE, ".vitepress"), { recursive: true });
  await cp(fromRoot("docs"), SOURCE, { recursive: true });
  for (const name of ROOT_PAGES)
    await cp(fromRoot(name), path.join(SOURCE, name === "README.md" ? "index.md" : name));
  await cp(fromRoot("tools", "site", "config.mts"), path.join(SOURCE, ".vitepress", "config.mts"));
  for (const file of await filesBelow(SOURCE, ".md"))
    await writeFile(file, relink(path.relative(SOURCE, file), await readFile(file, "utf8")));
  await runNode(
    "Writing the API reference",
    [
      fromRoot("tools", "node_modules", "typedoc", "bin", "typedoc"),
      "--options",
      "tools/site/typedoc.json",
      "--treatWarningsAsErrors",
    ],
    "Mend the lines above: a name that a public function uses must be exported, and a link must lead somewhere.",
  );
  await runNode(
    "Building the site",
    [fromRoot("node_modules", "vitepress", "bin", "vitepress.js"), "build", SOURCE, "--base", base],
    "Mend the lines above; links between pages must lead to a page of the site.",
  );
}

/** The root's pages lie beside docs/ in the repository, and among its pages on the site; what is no page is named without a link. */
function relink(page: string, text: string): string {
  const folder = path.dirname(page);
  const isRoot = ROOT_PAGES.includes(page) || page === "index.md";
  const pictured = isRoot ? text.replaceAll('src="docs/', 'src="./') : text;
  return pictured.replace(
    /\[([^\]]+)\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)/g,
    (_whole, label: string, target: string, anchor = "") => {
      const resolved = path.normalize(path.join(isRoot ? "" : path.join("docs", folder), target));
      if (!/^docs\/.+\.md$|^[A-Z]+\.md$/.test(resolved))
        return label.startsWith("`") ? label : `\`${label}\``;
      const onSite = resolved.replace(/^docs\//, "").replace(/^README\.md$/, "index.md");
      const link = path.relative(folder, onSite);
      return `[${label}](${link.startsWith(".") ? link : `./${link}`}${anchor})`;
    },
  );
}

if (process.argv[1] === import.meta.filename) {
  try {
    const { values } = parseArgs({ options: { base: { type: "string" } } });
    await build(["circuits", "keys", "contracts"]);
    await withProgress("docs:", "building", async () => {
      await buildDocs(values.base);
      return `built in ${path.relative(fromRoot(), SITE)}`;
    });
    process.exit(0);
  } catch (error) {
    say(error instanceof BaseError ? `error: ${error.message}` : String((error as Error).stack));
    process.exit(1);
  }
}
