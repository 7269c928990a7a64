// A software bill of materials (CycloneDX 1.5, JSON) of what package-lock.json pins, on standard output: `npm run --silent sbom > sbom.json`.
import { readFile } from "node:fs/promises";
import { fromRoot } from "./pipeline/paths.ts";

type Locked = { readonly version: string; readonly integrity?: string; readonly dev?: boolean; readonly optional?: boolean; readonly license?: string };

const { name, version, packages } = JSON.parse(await readFile(fromRoot("package-lock.json"), "utf8")) as { name: string; version: string; packages: Record<string, Locked> };

/** `sha512-<base64>` as CycloneDX wants it. */
function hashesOf(integrity: string | undefined) {
  const [algorithm, digest] = integrity?.split("-") ?? [];
  if (algorithm === undefined || digest === undefined) return [];
  return [{ alg: algorithm.toUpperCase().replace(/^SHA/, "SHA-"), content: Buffer.from(digest, "base64").toString("hex") }];
}

const components = Object.entries(packages)
  .filter(([path]) => path.startsWith("node_modules/"))
  .map(([path, locked]) => {
    const package_ = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return {
      type: "library",
      name: package_,
      version: locked.version,
      purl: `pkg:npm/${package_.replace("@", "%40")}@${locked.version}`,
      scope: locked.dev === true || locked.optional === true ? "optional" : "required",
      hashes: hashesOf(locked.integrity),
      ...(locked.license === undefined ? {} : { licenses: [{ expression: locked.license }] }),
    };
  });

console.log(JSON.stringify({
  bomFormat: "CycloneDX", specVersion: "1.5", version: 1,
  metadata: { component: { type: "application", name, version, licenses: [{ license: { id: "GPL-3.0-or-later" } }] } },
  components,
}, undefined, 1));
