import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { stringify, type Address } from "viem";
import type { RoundHistory } from "../../chain/history.ts";
import type { RoundConfig } from "../../chain/provenance.ts";
import { eachItem } from "../../protocol/item.ts";
import { decodeResult } from "../../transcript/results.ts";
import type { LinkList } from "../planning/link_list.ts";

export type ArchiveRequest = {
  readonly folder: string;
  readonly chainId: number;
  readonly round: Address;
  readonly config: RoundConfig;
  readonly history: RoundHistory<LinkList>;
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
  const results = (tally?.entries ?? []).map(decodeResult);
  const words = Array.from({ length: 11 }, (_, i) => `word${i}`);
  const itemLines = function* () {
    yield line(["t", "kind", "tag", "payer", "finalCredits", "keyX", "keyY", ...words]);
    for (const item of eachItem(links)) {
      const { t, kind } = item;
      if (item.kind === "message") yield line([t, kind, "", "", "", "", "", ...item.words]);
      else {
        const { tag, credits, key } = item;
        yield line([t, kind, tag, payers.get(tag) ?? "", credits, key.x, key.y]);
      }
    }
  };
  await write(target, "items.csv", itemLines());
  await write(target, "results.csv", [
    line(["project", "votes", "credits"]),
    ...results.map(({ project, votes, credits }) => line([project, votes, credits])),
  ]);
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
      items: links.items,
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

async function write(folder: string, name: string, content: Iterable<string>): Promise<void> {
  const file = path.join(folder, name);
  await pipeline(content, createWriteStream(`${file}.tmp`));
  await rename(`${file}.tmp`, file);
}

/** Integers, addresses and plain words only, so that nothing needs quotes. */
const line = (fields: readonly (string | number | bigint)[]): string => `${fields.join(",")}\n`;

const json = (value: unknown): string[] => [`${stringify(value, null, 2)}\n`];
