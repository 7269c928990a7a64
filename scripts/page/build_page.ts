import { execFile } from "node:child_process";
import { cp, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { BUILD, fromRoot, ROOT } from "../pipeline/paths.ts";
import { filesBelow } from "../pipeline/imports.ts";
import { BaseError } from "../../src/errors.ts";
import { addFirstWords } from "./first_words.ts";

/** Where the built page lies: static files for any server. */
export const PAGE_FOLDER = path.join(BUILD, "page");

export class PageBuildError extends BaseError {
  constructor(cause: unknown) {
    super("The page could not be built.", {
      fix: "Read Vite's message below.",
      details: [String((cause as { stderr?: string }).stderr ?? "")],
      cause,
    });
  }
}

/** Builds the page with Vite, writes its first words into its file, and returns its files. @throws PageBuildError */
export async function buildPage(): Promise<string[]> {
  const aside = `${PAGE_FOLDER}.making`;
  const words = `${PAGE_FOLDER}.words`;
  const apart = `${PAGE_FOLDER}.apart`;
  await vite("--outDir", aside);
  await vite("--outDir", words, "--ssr", "src/prerender.tsx");
  await addFirstWords(aside, path.join(words, "prerender.js"));
  await rm(words, { recursive: true });
  await vite("--outDir", apart, "--mode", "apart");
  await rm(path.join(apart, ".vite"), { recursive: true });
  await cp(apart, aside, { recursive: true });
  await rm(apart, { recursive: true });
  await rm(PAGE_FOLDER, { recursive: true, force: true });
  await rename(aside, PAGE_FOLDER);
  return filesBelow(PAGE_FOLDER, ".html", ".js", ".css", ".svg", ".woff2");
}

/** In a process of its own: React's code for users or for developers is chosen by NODE_ENV, which a test run sets for itself. */
async function vite(...more: readonly string[]): Promise<void> {
  const args = [
    fromRoot("node_modules/vite/bin/vite.js"),
    "build",
    "--config",
    fromRoot("frontend/vite.config.ts"),
    "--emptyOutDir",
    "--logLevel",
    "error",
    ...more,
  ];
  await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production" },
  }).catch((cause: unknown) => {
    throw new PageBuildError(cause);
  });
}
