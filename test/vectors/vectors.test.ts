import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildBabyjub, buildPoseidon } from "circomlibjs";
import { beforeAll, describe, expect, test } from "vitest";
import { vectorFiles, VECTORS } from "../../scripts/vectors.ts";

let generated: Record<string, string>;
beforeAll(async () => {
  generated = await vectorFiles();
}, 120_000);

const stored = async (name: string) => readFile(join(VECTORS, name), "utf8");

describe("test/vectors (after a change of the protocol that is meant: node --experimental-strip-types scripts/vectors.ts)", () => {
  test("the folder holds the generated files and no others", async () => {
    expect((await readdir(VECTORS)).filter((name) => name.endsWith(".json")).sort()).toEqual(Object.keys(generated).sort());
  });

  test.each(["keys", "poseidon", "ballots", "commands", "messages", "round", "matching"])("%s.json is what the code gives", async (name) => {
    expect(JSON.parse(generated[`${name}.json`] as string)).toEqual(JSON.parse(await stored(`${name}.json`)));
    expect(generated[`${name}.json`]).toBe(await stored(`${name}.json`));
  });

  test("TALLY-9, ROW-10: the round in them is not a trivial one", async () => {
    const round = JSON.parse(await stored("round.json")) as { items: { verdict?: string }[]; folds: unknown[]; results: unknown[] };
    expect(new Set(round.items.map(({ verdict }) => verdict).filter((verdict) => verdict !== undefined))).toEqual(new Set(["accepted", "signature (SEM-4)", "malformed (CMD-3)", "unregistered tag (SEM-1)"]));
    expect([round.folds.length > 2, round.results.length > 2]).toEqual([true, true]);
  });

  test("hashes and key pairs are those of circomlib's own JavaScript, which shares no code with this", async () => {
    const [poseidon, curve] = await Promise.all([
      buildPoseidon(),
      buildBabyjub(),
    ]);
    type Keys = { keyPairs: { secret: string; publicKey: { x: string; y: string } }[] };
    type Hashes = { hashes: { capacity: string; inputs: string[]; hash: string }[] };
    const { hashes } = JSON.parse(await stored("poseidon.json")) as Hashes;
    const { keyPairs } = JSON.parse(await stored("keys.json")) as Keys;
    for (const { capacity, inputs, hash } of hashes) {
      const [first] = poseidon(inputs.map(BigInt), BigInt(capacity), 2);
      expect(String(poseidon.F.toObject(first as never))).toBe(hash);
    }
    for (const { secret, publicKey } of keyPairs) {
      const [x, y] = curve.mulPointEscalar(curve.Base8, BigInt(secret));
      expect({ x: String(curve.F.toObject(x)), y: String(curve.F.toObject(y)) }).toEqual(publicKey);
    }
    expect([hashes.length > 3, keyPairs.length > 3]).toEqual([true, true]);
  });
});
