import { grainGenConstants } from "@noble/curves/abstract/poseidon.js";
import { describe, expect, test } from "vitest";
import { Fp, mod } from "../../src/crypto/field.ts";
import { grainWords } from "../../src/crypto/grain.ts";

// The curve library's generator is the oracle.
describe.each([
  [2, 56],
  [3, 57],
  [12, 65],
  [15, 60],
  [17, 68],
])("width %i with %i partial rounds", (t, roundsPartial) => {
  test("the words are the library's, rejected and reduced ones", () => {
    const { roundConstants, mds } = grainGenConstants({
      Fp,
      t,
      roundsFull: 8,
      roundsPartial,
      sboxPower: 5,
    });
    const words = grainWords(t, 8, roundsPartial);
    expect(words(t * (8 + roundsPartial), true)).toEqual(roundConstants.flat());
    const [xs, ys] = [words(t, false), words(t, false)];
    expect(xs.map((x) => ys.map((y) => Fp.inv(mod(x + y))))).toEqual(mds);
  });
});
