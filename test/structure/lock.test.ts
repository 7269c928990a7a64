import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fromRoot } from "../../scripts/pipeline/paths.ts";

type Package = {
  resolved?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};
const lock = JSON.parse(readFileSync(fromRoot("package-lock.json"), "utf8")) as {
  packages: Record<string, Package>;
};
const own = JSON.parse(readFileSync(fromRoot("package.json"), "utf8")) as Package;
const tools = JSON.parse(readFileSync(fromRoot("tools", "package.json"), "utf8")) as Package;

test("dependencies are pinned exactly", () => {
  const versions = [own, tools].flatMap(({ dependencies, devDependencies }) =>
    Object.entries({ ...dependencies, ...devDependencies }),
  );
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("the lock names no registry", () => {
  expect(
    Object.entries(lock.packages).filter(
      ([, { resolved, link }]) =>
        resolved !== undefined && !(link === true && resolved === "tools"),
    ),
  ).toEqual([]);
});

// npm writes a lock without the packages of other platforms where it cannot find them, and `npm ci` then refuses that lock.
test("the lock has the packages of all platforms", () => {
  const isLocked = (from: string, name: string): boolean => {
    for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf("/node_modules/"))) {
      if (`${folder}/node_modules/${name}` in lock.packages) return true;
      if (!folder.includes("/node_modules/")) return `node_modules/${name}` in lock.packages;
    }
  };
  const missing = Object.entries(lock.packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(from, name)),
  );
  expect(missing).toEqual([]);
});
