import { bytesToInteger, integerToBytes } from "../crypto/field.ts";
import { keccak } from "../crypto/keccak.ts";
import type { ProjectResult } from "../round/semantics.ts";

/** A Merkle mountain range (MONEY-10). Hashes are 32 bytes. */
export type ResultsTree = {
  /** 32 zero bytes for an empty list, as the contract says. */
  readonly root: Uint8Array;
  /** The path from the leaf with this place in the list to the root. */
  readonly pathTo: (place: number) => Uint8Array[];
};

/** A leaf: keccak256(keccak256(abi.encode(j, T, S))), T as int256. */
export function resultLeaf({ project, votes, credits }: ProjectResult): Uint8Array {
  return keccak(
    keccak(
      integerToBytes(BigInt(project), 32),
      integerToBytes(BigInt.asUintN(256, votes), 32),
      integerToBytes(credits, 32),
    ),
  );
}

/** The tree over a result list, in list order. */
export function resultsTree(results: readonly ProjectResult[]): ResultsTree {
  return mountainRange(results.map(resultLeaf));
}

/** Perfect subtrees, the largest first, over the leaves in order; their roots are bagged from the last to the first. */
export function mountainRange(leaves: readonly Uint8Array[]): ResultsTree {
  const mountains: { readonly start: number; readonly levels: Uint8Array[][] }[] = [];
  for (let start = 0; start < leaves.length; ) {
    const size = 2 ** Math.floor(Math.log2(leaves.length - start));
    mountains.push({ start, levels: buildLevels(leaves.slice(start, start + size)) });
    start += size;
  }
  const peaks = mountains.map(({ levels }) => levels.at(-1)?.[0] as Uint8Array);
  /** bags[i]: peaks i, i + 1, … bagged. */
  const bags: Uint8Array[] = [];
  for (let i = peaks.length - 1; i >= 0; i--)
    bags[i] =
      i === peaks.length - 1
        ? (peaks[i] as Uint8Array)
        : hashPair(peaks[i] as Uint8Array, bags[i + 1] as Uint8Array);
  return {
    root: bags[0] ?? new Uint8Array(32),
    pathTo(place) {
      const m = mountains.findLastIndex(({ start }) => start <= place);
      const mountain = mountains[m];
      if (mountain === undefined || place >= leaves.length)
        throw new RangeError(`there is no entry ${place}`);
      const within = mountain.levels
        .slice(0, -1)
        .map((level, h) => level[((place - mountain.start) >> h) ^ 1] as Uint8Array);
      const after = bags[m + 1];
      return [...within, ...(after === undefined ? [] : [after]), ...peaks.slice(0, m).reverse()];
    },
  };
}

function buildLevels(leaves: readonly Uint8Array[]): Uint8Array[][] {
  const levels = [[...leaves]];
  for (let level = levels[0] as Uint8Array[]; level.length > 1; levels.push(level)) {
    level = Array.from({ length: level.length / 2 }, (_, i) =>
      hashPair(level[2 * i] as Uint8Array, level[2 * i + 1] as Uint8Array),
    );
  }
  return levels;
}

/** Sorted pairs, so that the path needs no sides. */
function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  return bytesToInteger(a) < bytesToInteger(b) ? keccak(a, b) : keccak(b, a);
}
