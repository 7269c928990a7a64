import { readFileSync } from "node:fs";
import { BaseError } from "../../src/errors.ts";
import { fromRoot } from "./paths.ts";

type Lock = { packages: Record<string, { version?: string }> };

/** `name@version` as locked, so that a step runs anew when its tool changes. */
export function lockedVersions(...names: string[]): string[] {
  const lock = JSON.parse(readFileSync(fromRoot("package-lock.json"), "utf8")) as Lock;
  return names.map((name) => {
    const version = lock.packages[`node_modules/${name}`]?.version;
    if (version === undefined) throw new UnlockedPackageError(name);
    return `${name}@${version}`;
  });
}

class UnlockedPackageError extends BaseError {
  constructor(name: string) {
    super(`Package "${name}" is not in package-lock.json.`, { fix: "Run npm install." });
  }
}
