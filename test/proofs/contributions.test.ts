import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MalformedKeyError, readContributions } from "../../src/proofs/contributions.ts";

/* Files as snarkjs lays them out, made here by hand. That it makes and reads them so itself is in test/cli/setup.test.ts. */

const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "tacit-contributions-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const number = (value: number, length = 4) => {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntLE(value, 0, Math.min(length, 6));
  return bytes;
};
const bigEndian = (x: bigint) => Buffer.from(x.toString(16).padStart(64, "0"), "hex");
const littleEndian = (x: bigint) => bigEndian(x).reverse();
const section = (id: number, content: Buffer) =>
  Buffer.concat([number(id), number(content.length, 8), content]);
const file = (...sections: readonly Buffer[]) =>
  Buffer.concat([Buffer.from("zkey"), number(1), number(sections.length), ...sections]);

/** Three points of two coordinates, and one of twice two: all of different numbers. */
const COORDINATES = Array.from({ length: 10 }, (_, i) => Q - BigInt(i) ** 5n - 1n);
const AFTER = Buffer.alloc(64, 0xab);
/** As contributors publish it: plain numbers, the second half of each coordinate of the last point first. */
const HASH = createHash("blake2b512")
  .update(Buffer.concat([0, 1, 2, 3, 4, 5, 7, 6, 9, 8].map((i) => bigEndian(COORDINATES[i]!))))
  .update(AFTER)
  .digest("hex");

const named = (name: string) =>
  Buffer.concat([number(1, 1), number(name.length, 1), Buffer.from(name)]);
const iterated = (power: number) => Buffer.from([2, power]);
const valued = (...value: number[]) => Buffer.from([3, value.length, ...value]);
const step = (kind: number, ...parameters: readonly Buffer[]) => {
  const all = Buffer.concat(parameters);
  return Buffer.concat([
    ...COORDINATES.map((x) => littleEndian((x << 256n) % Q)),
    AFTER,
    number(kind),
    number(all.length),
    all,
  ]);
};
const transcript = (...steps: readonly Buffer[]) =>
  section(10, Buffer.concat([Buffer.alloc(64, 1), number(steps.length), ...steps]));
const HEADER = section(2, Buffer.concat([number(32), littleEndian(Q), Buffer.alloc(40, 7)]));
const OTHER = section(5, Buffer.alloc(33, 9));

const read = (bytes: Uint8Array) => {
  const name = path.join(folder, "key.zkey");
  writeFileSync(name, bytes);
  return readContributions(name, "the key");
};
const BEACON = step(1, named("block 5"), iterated(10), valued(0x0a, 0xff));
const STEPS = [step(0, named("Ann")), step(0), BEACON];
const KEY = file(OTHER, HEADER, OTHER, transcript(...STEPS));

describe("the steps of a key", () => {
  test("are read in order, wherever they stand in the file, with names, hashes, and what a beacon was made of", async () => {
    expect(await read(KEY)).toEqual([
      { place: 1, kind: "contribution", name: "Ann", hash: HASH },
      { place: 2, kind: "contribution", name: "", hash: HASH },
      { place: 3, kind: "beacon", name: "block 5", hash: HASH, value: "0aff", iterationsPower: 10 },
    ]);
    expect(await read(file(transcript(), HEADER))).toEqual([]);
  });

  test("of a file that is cut off anywhere are not read", async () => {
    for (let length = 0; length < KEY.length; length += length < 160 ? 1 : 13)
      await expect(read(KEY.subarray(0, length)), String(length)).rejects.toThrow(
        MalformedKeyError,
      );
    await expect(read(KEY.subarray(0, -1))).rejects.toThrow(MalformedKeyError);
  });

  const changed = (...steps: readonly Buffer[]) => file(HEADER, transcript(...steps));
  test.each<[string, Buffer, RegExp]>([
    ["of another kind", Buffer.concat([Buffer.from("wtns"), KEY.subarray(4)]), /begin like one/],
    ["without a header", file(transcript(...STEPS)), /a section is missing/],
    ["without steps", file(HEADER), /a section is missing/],
    ["with two lists", file(HEADER, transcript(), transcript(BEACON)), /section 10 twice/],
    [
      "with a section beyond any length",
      file(HEADER, Buffer.concat([number(10), number(2 ** 40, 8)])),
      /too long/,
    ],
    [
      "with fewer steps than it says",
      file(HEADER, section(10, Buffer.concat([Buffer.alloc(64), number(2), BEACON]))),
      /transcript is cut off/,
    ],
    [
      "with more than it says",
      file(HEADER, section(10, Buffer.concat([Buffer.alloc(64), number(1), BEACON, BEACON]))),
      /goes on behind its end/,
    ],
    ["with a step of a third type", changed(step(2)), /step 1 is neither/],
    ["with a beacon without a value", changed(step(1, iterated(10))), /step 1 is neither/],
    [
      "with a beacon without iterations",
      changed(STEPS[0]!, step(1, valued(1))),
      /step 2 is neither/,
    ],
    ["with a contribution with a value", changed(step(0, valued(1))), /step 1 is neither/],
    ["with a contribution with iterations", changed(step(0, iterated(1))), /step 1 is neither/],
    ["with two names", changed(step(0, named("a"), named("b"))), /do not parse/],
    ["with an unknown parameter", changed(step(0, Buffer.from([4, 1, 0]))), /do not parse/],
    ["with a name beyond its end", changed(step(0, Buffer.from([1, 5, 65]))), /do not parse/],
  ])("of a file %s are refused, and it says why", async (_, bytes, why) => {
    const reading = read(bytes);
    await expect(reading).rejects.toThrow(MalformedKeyError);
    await expect(reading).rejects.toThrow(why);
    await expect(reading).rejects.toThrow(/^the key is not a key/);
  });
});
