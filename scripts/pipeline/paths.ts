import path from "node:path";

/** The repository's root, with symlinks left as they are. */
export const ROOT = path.resolve(import.meta.dirname, "../..");

/** All that the build keeps between runs, except sources it generates. */
export const BUILD = path.join(ROOT, "build");

export function fromRoot(...parts: string[]): string {
  return path.join(ROOT, ...parts);
}

/** As shown in messages and stored in stamps: relative to the root, with forward slashes. */
export function toRelative(file: string): string {
  return path.relative(ROOT, file).split(path.sep).join("/");
}
