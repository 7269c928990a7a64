import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fromRoot } from "../pipeline/paths.ts";
import type { Json, Snapshot } from "./snapshot.ts";

const require = createRequire(import.meta.url);

/** Contracts with storage that money or results depend on. */
const CONTRACTS = {
  Round: "contracts/Round.sol",
  ProjectRegistry: "contracts/registry/ProjectRegistry.sol",
  Gate: "contracts/gates/Gate.sol",
} as const;

type Layout = {
  readonly storage: readonly {
    readonly label: string;
    readonly slot: string;
    readonly offset: number;
    readonly type: string;
  }[];
  readonly types: Readonly<
    Record<
      string,
      {
        readonly label: string;
        readonly numberOfBytes: string;
        readonly members?: Layout["storage"];
      }
    >
  > | null;
};

/** Where each variable and each member of a struct lies: `slot 1, byte 8, uint32`. */
async function layouts(): Promise<Json> {
  const { compile } = require("solc") as { compile(input: string, callbacks: object): string };
  const sources = Object.fromEntries(
    Object.values(CONTRACTS).map((file) => [
      file,
      { content: readFileSync(fromRoot(file), "utf8") },
    ]),
  );
  const settings = { evmVersion: "prague", outputSelection: { "*": { "*": ["storageLayout"] } } };
  const contents = (file: string) => ({
    contents: readFileSync(
      file.startsWith("contracts/") ? fromRoot(file) : require.resolve(file),
      "utf8",
    ),
  });
  const output = JSON.parse(
    compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: contents }),
  ) as { contracts: Record<string, Record<string, { storageLayout: Layout }>> };
  return Object.fromEntries(
    Object.entries(CONTRACTS).map(([name, file]) => [
      name,
      describe(output.contracts[file]?.[name]?.storageLayout as Layout),
    ]),
  );
}

function describe({ storage, types }: Layout): Json {
  const line = ({ slot, offset, type }: Layout["storage"][number], base = 0) =>
    `slot ${Number(slot) + base}, byte ${offset}, ${types?.[type]?.label}`;
  return Object.fromEntries(
    storage.flatMap((variable): [string, Json][] => {
      const members = types?.[variable.type]?.members ?? [];
      return [
        [variable.label, line(variable)],
        ...members.map((member): [string, Json] => [
          `${variable.label}.${member.label}`,
          line(member, Number(variable.slot)),
        ]),
      ];
    }),
  );
}

export const storage: Snapshot = { name: "storage", measure: layouts, tolerance: 0 };
