import { readFileSync } from "node:fs";
import { fromRoot } from "../../../scripts/pipeline/paths.ts";

const layout = JSON.parse(readFileSync(fromRoot("snapshots/storage.json"), "utf8")) as {
  Round: Record<string, string>;
  ProjectRegistry: Record<string, string>;
};

/** Slot and lowest bit of a variable, as snapshots/storage.json has them. */
export function findPlace(
  contract: keyof typeof layout,
  variable: string,
): { readonly slot: bigint; readonly bit: bigint } {
  const [, slot, byte] = /^slot (\d+), byte (\d+)/.exec(
    layout[contract][variable] as string,
  ) as unknown as [string, string, string];
  return { slot: BigInt(slot), bit: 8n * BigInt(byte) };
}
