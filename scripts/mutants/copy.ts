import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Built things that import nothing of ours, and are only read: the copy points to them. */
const SHARED = ["node_modules", "tools/node_modules", "build", "artifacts", "cache", ".tools"];
/** Generated sources: they import ours, so they must lie in the copy. */
const GENERATED = ["src/chain/generated", "circuits/generated", "contracts/generated"];

/** A copy of a git working tree, with what is not committed, in a temporary folder. A fault is never made anywhere else. */
export function copyTree(root: string): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), "tacit-mutants-"));
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 },
  );
  const files = [...new Set(listed.split("\0"))].filter((file) => file !== "");
  for (const file of [...files, ...GENERATED])
    if (existsSync(path.join(root, file)))
      cpSync(path.join(root, file), path.join(folder, file), { recursive: true });
  for (const name of SHARED) {
    if (!existsSync(path.join(root, name))) continue;
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    symlinkSync(path.join(root, name), path.join(folder, name));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
