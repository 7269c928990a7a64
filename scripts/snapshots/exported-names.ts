import type { Snapshot } from "./snapshot.ts";

/** What the library offers to browsers and other programs: each name and what it is. */
export const exportedNames: Snapshot = {
  name: "exported-names",
  tolerance: 0,
  async measure() {
    const library: Record<string, unknown> = await import("../../src/index.ts");
    const names = Object.keys(library).sort();
    return Object.fromEntries(names.map((name) => [name, typeof library[name]]));
  },
};
