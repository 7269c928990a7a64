import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify, type Address } from "viem";
import type { RoundHistory } from "../../chain/history.ts";
import type { RoundConfig } from "../../chain/provenance.ts";
import { listItems } from "../../protocol/item.ts";
import { decodeResult } from "../../transcript/results.ts";

export type ArchiveRequest = {
  readonly folder: string;
  readonly chainId: number;
  readonly round: Address;
  readonly config: RoundConfig;
  readonly history: RoundHistory;
};

/**
 * Writes what there is to know about a finished round, all of it public: `round.json` (settings, commitment, sums), `items.csv`,
 * `results.csv`, `proofs.json`. Each file is whole or not there. Gives the folder.
 */
export async function writeArchive({
  folder,
  chainId,
  round,
  config,
  history,
}: ArchiveRequest): Promise<string> {
  const target = path.join(folder, `${chainId}-${round.toLowerCase()}`);
  await mkdir(target, { recursive: true });
  const { links, payers, funded, tally, claims, ended, disputeReason } = history;
  const items = listItems(links);
  const results = (tally?.entries ?? []).map(decodeResult);
  const words = Array.from({ length: 11 }, (_, i) => `word${i}`);
  const rows = items.map((item) =>
    item.kind === "contribution"
      ? [
          item.t,
          item.kind,
          item.tag,
          payers.get(item.tag) ?? "",
          item.credits,
          item.key.x,
          item.key.y,
        ]
      : [item.t, item.kind, "", "", "", "", "", ...item.words],
  );
  await write(
    target,
    "items.csv",
    csv(["t", "kind", "tag", "payer", "finalCredits", "keyX", "keyY", ...words], rows),
  );
  await write(
    target,
    "results.csv",
    csv(
      ["project", "votes", "credits"],
      results.map(({ project, votes, credits }) => [project, votes, credits]),
    ),
  );
  await write(
    target,
    "proofs.json",
    json({ committed: tally?.committed, folds: tally?.folds ?? [], finalized: tally?.finalized }),
  );
  await write(
    target,
    "round.json",
    json({
      chainId,
      round,
      config,
      ended,
      disputeReason,
      items: items.length,
      links: links.length,
      contributions: payers.size,
      funded,
      results,
      claims,
      note: "Recheck it from the chain: tacit verify --round <address>",
    }),
  );
  return target;
}

async function write(folder: string, name: string, content: string): Promise<void> {
  const file = path.join(folder, name);
  await writeFile(`${file}.tmp`, content);
  await rename(`${file}.tmp`, file);
}

/** Integers, addresses and plain words only, so that nothing needs quotes. */
function csv(
  head: readonly string[],
  rows: readonly (readonly (string | number | bigint)[])[],
): string {
  return `${[head, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}

function json(value: unknown): string {
  return `${stringify(value, null, 2)}\n`;
}
