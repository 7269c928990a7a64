import path from "node:path";
import { isBuiltin } from "node:module";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { closureOfTypeScript, filesBelow, listImports } from "../../scripts/pipeline/imports.ts";
import { fromRoot, toRelative } from "../../scripts/pipeline/paths.ts";

// The rooms of src/ and what each may import beside itself. The order is the direction: nobody imports from below.
const BASE = ["params", "errors", "date"];
// Where the code lies on disk, for Node alone.
const NODE = ["installation"];
const LIBRARY = [...BASE, "crypto", "protocol"];
const ALLOWED: Record<string, readonly string[]> = {
  params: [],
  errors: [],
  date: [],
  presets: [],
  installation: BASE,
  crypto: BASE,
  matching: BASE,
  readers: BASE,
  protocol: [...BASE, "crypto"],
  metadata: BASE,
  votes: [...BASE, "metadata", "round"],
  round: LIBRARY,
  transcript: [...LIBRARY, "round"],
  gates: [...LIBRARY, "round", "transcript"],
  payouts: [...LIBRARY, "matching", "round"],
  chain: [
    ...LIBRARY,
    "matching",
    "readers",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
  ],
  proofs: [...LIBRARY, ...NODE, "round", "transcript", "chain"],
  verify: [
    ...LIBRARY,
    ...NODE,
    "matching",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
    "chain",
    "proofs",
  ],
  donor: [
    ...LIBRARY,
    "matching",
    "readers",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
    "chain",
  ],
  coordinator: [
    ...LIBRARY,
    ...NODE,
    "matching",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
    "chain",
    "proofs",
  ],
  service: [
    ...LIBRARY,
    ...NODE,
    "matching",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
    "chain",
    "proofs",
    "donor",
    "coordinator",
    "verify",
  ],
  devnet: [
    ...LIBRARY,
    ...NODE,
    "matching",
    "readers",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
    "chain",
    "proofs",
    "donor",
    "coordinator",
    "verify",
  ],
  cli: [
    ...LIBRARY,
    ...NODE,
    "matching",
    "readers",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
    "chain",
    "proofs",
    "donor",
    "coordinator",
    "service",
    "verify",
    "devnet",
    "presets",
  ],
  index: [
    ...LIBRARY,
    "presets",
    "matching",
    "readers",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
    "chain",
    "proofs",
    "donor",
    "verify",
  ],
  entries: [
    ...LIBRARY,
    ...NODE,
    "matching",
    "readers",
    "round",
    "transcript",
    "gates",
    "payouts",
    "metadata",
    "votes",
    "chain",
    "proofs",
    "donor",
    "coordinator",
    "service",
    "verify",
    "index",
  ],
};

// Libraries that one room alone may touch, so that replacing them is that room's business.
const OWNED_BY: readonly [packages: RegExp, room: string][] = [
  [/^(@noble\/curves|poseidon-lite|circomlibjs|ffjavascript)/, "crypto"],
  [/^snarkjs/, "proofs"],
];

type Import = { from: string; to: string };
let files: string[];
let imports: Import[];

beforeAll(async () => {
  files = await filesBelow(fromRoot("src"), ".ts");
  const all = await Promise.all(
    files.map(async (file) => {
      const names = await listImports(file);
      return names.map((name) => ({
        from: toRelative(file),
        to: name.startsWith(".") ? toRelative(path.resolve(path.dirname(file), name)) : name,
      }));
    }),
  );
  imports = all.flat();
});

/** src/crypto/curve.ts -> crypto, src/params.ts -> params; undefined for what is not in src/. */
function findRoom(file: string): string | undefined {
  return /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(file)?.[1];
}

describe("direction of imports in src/", () => {
  test("the files are found", () => {
    expect(files.length).toBeGreaterThan(10);
    expect(imports.length).toBeGreaterThan(10);
  });

  test("every room is known here", () => {
    expect(
      [...new Set(files.map((file) => findRoom(toRelative(file)) ?? ""))].filter(
        (room) => !(room in ALLOWED),
      ),
    ).toEqual([]);
  });

  test("no room imports from a later one", () => {
    const wrong = imports.filter(({ from, to }) => {
      const [room, other] = [findRoom(from) ?? "", findRoom(to)];
      return other !== undefined && other !== room && !ALLOWED[room]?.includes(other);
    });
    expect(wrong).toEqual([]);
  });

  test("nothing imports test/, scripts/ or frontend/", () => {
    expect(imports.filter(({ to }) => /^(test|scripts|frontend)\//.test(to))).toEqual([]);
  });

  test("curve, Poseidon and proof libraries are imported by their room alone", () => {
    const wrong = imports.filter(({ from, to }) =>
      OWNED_BY.some(([packages, room]) => packages.test(to) && findRoom(from) !== room),
    );
    expect(wrong).toEqual([]);
  });

  // A file that counts folders up to the installation's root loses it when it is moved.
  test("only installation.ts knows how deep it lies", async () => {
    const sources = await Promise.all(
      files.map(async (file) => ({ file: toRelative(file), source: await readFile(file, "utf8") })),
    );
    const counting = sources.filter(({ source }) =>
      /import\.meta\.(dirname|filename|url)[^;\n]*"\.\.|createRequire\([^)]*\)\("\./.test(source),
    );
    expect(counting.map(({ file }) => file)).toEqual(["src/installation.ts"]);
  });

  test("relative imports carry their extension", () => {
    expect(imports.filter(({ to }) => to.startsWith("src/") && !/\.(ts|json)$/.test(to))).toEqual(
      [],
    );
  });

  test("there are no cycles", () => {
    expect(findCycle(imports)).toEqual([]);
  });
});

describe("src/index.ts is safe for browsers", () => {
  let reachable: string[];
  beforeAll(async () => {
    reachable = await closureOfTypeScript(fromRoot("src", "index.ts"));
  });

  test("it reaches no module of Node", () => {
    const fromIndex = new Set(reachable.map(toRelative));
    expect(imports.filter(({ from, to }) => fromIndex.has(from) && isBuiltin(to))).toEqual([]);
  });

  test("it reaches neither bytecode nor the Node-only rooms", () => {
    expect(
      reachable
        .map(toRelative)
        .filter((file) => /^src\/(coordinator|service|cli)\/|\/bytecode\.ts$/.test(file)),
    ).toEqual([]);
  });

  test("it uses no global of Node", async () => {
    const sources = await Promise.all(
      reachable.map(async (file) => ({
        file: toRelative(file),
        source: await readFile(file, "utf8"),
      })),
    );
    const withoutComments = (source: string) => source.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
    expect(
      sources
        .filter(({ source }) => /\b(process\.|Buffer\b|__dirname)/.test(withoutComments(source)))
        .map(({ file }) => file),
    ).toEqual([]);
  });
});

/** The files of one cycle, or nothing. Depth first; a file met again on the path that led to it closes a cycle. */
function findCycle(edges: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): string[] => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const other of next.get(file) ?? []) {
      const cycle = visit(other, [...trail, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
