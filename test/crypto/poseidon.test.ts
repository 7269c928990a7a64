import fc from "fast-check";
import * as lite from "poseidon-lite";
import { describe, expect, test } from "vitest";
import { hash, permute } from "../../src/crypto/poseidon.ts";
import { DOMAIN, P } from "../../src/params.ts";

const word = fc.bigInt(0n, P - 1n);
const findLite = (n: number) =>
  (lite as unknown as Record<string, (inputs: bigint[], outputs: number) => bigint | bigint[]>)[
    `poseidon${n}`
  ] as (inputs: bigint[], outputs: number) => bigint[];

describe("PARAM-3: Poseidon", () => {
  test("gives the values published with circomlib (test/poseidoncircuit.js)", () => {
    expect(hash(0n, [1n, 2n])).toBe(
      7853200120776062878684798364095072458815029376092732009249414926327459813530n,
    );
    expect(hash(0n, [1n, 2n, 0n, 0n, 0n])).toBe(
      1018317224307729531995786483840663576608797660851238720571059489595066344487n,
    );
    expect(hash(0n, [3n, 4n, 5n, 10n, 23n])).toBe(
      13034429309846638789535561449942021891039729847501137143363028890275222221409n,
    );
    expect(hash(0n, [3n, 4n])).toBe(
      14763215145315200506921711489642608356394854266165572616578112107564877678998n,
    );
  });

  test.each(Array.from({ length: 16 }, (_, i) => i + 1))(
    "agrees with poseidon-lite in every output, %i inputs",
    (n) => {
      const outputs = findLite(n);
      fc.assert(
        fc.property(fc.array(word, { minLength: n, maxLength: n }), (inputs) => {
          expect(permute([0n, ...inputs])).toEqual(outputs(inputs, n + 1));
        }),
        { numRuns: 4 },
      );
      for (const x of [0n, 1n, P - 1n])
        expect(hash(0n, Array(n).fill(x))).toBe(
          ([] as bigint[]).concat(outputs(Array(n).fill(x), 1))[0],
        );
    },
  );

  test("the capacity separates: the domains give different hashes", () => {
    const hashes = [0n, ...Object.values(DOMAIN)].map((domain) => hash(domain, [1n, 2n, 3n]));
    expect(new Set(hashes).size).toBe(6);
  });

  test("a width that Poseidon does not have is refused", () => {
    expect(() => permute([1n])).toThrow(RangeError);
    expect(() => permute(Array(18).fill(0n))).toThrow(RangeError);
  });
});
