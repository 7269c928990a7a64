import { buildBabyjub, buildEddsa, buildPoseidon, type Field, type Pair } from "circomlibjs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  add,
  isInPrimeSubgroup,
  multiply,
  multiplyBase,
  type Point,
} from "../../src/crypto/curve.ts";
import { hash, permute } from "../../src/crypto/poseidon.ts";
import { BASE, DOMAIN, L } from "../../src/params.ts";
import * as arbitrary from "../helpers/arbitraries.ts";
import { mixedOrder } from "../helpers/points.ts";

// circomlib's own JavaScript shares no line with what src/crypto stands on, and is what its circuits are tested against.

let poseidon: Awaited<ReturnType<typeof buildPoseidon>>;
let curve: Awaited<ReturnType<typeof buildBabyjub>>;
let eddsa: Awaited<ReturnType<typeof buildEddsa>>;

beforeAll(async () => {
  [poseidon, curve, eddsa] = await Promise.all([buildPoseidon(), buildBabyjub(), buildEddsa()]);
});

const toPair = (F: Field, { x, y }: Point): Pair => [F.e(x), F.e(y)];
const toPoint = (F: Field, [x, y]: Pair): Point => ({ x: F.toObject(x), y: F.toObject(y) });

describe("circomlibjs as the independent implementation", () => {
  test.each(Array.from({ length: 16 }, (_, i) => i + 1))(
    "PARAM-3: Poseidon of %i inputs, in every output and with every capacity",
    (n) => {
      fc.assert(
        fc.property(
          fc.array(arbitrary.word, { minLength: n, maxLength: n }),
          fc.constantFrom(0n, ...Object.values(DOMAIN)),
          (inputs, capacity) => {
            expect(permute([capacity, ...inputs])).toEqual(
              poseidon(inputs, capacity, n + 1).map((element) => poseidon.F.toObject(element)),
            );
          },
        ),
        { numRuns: 3 },
      );
    },
  );

  test("PARAM-2: base point, addition and multiplication on Baby Jubjub, torsion included", () => {
    expect(toPoint(curve.F, curve.Base8)).toEqual(BASE);
    const points = fc.oneof(arbitrary.publicKey, arbitrary.scalar.map(mixedOrder));
    fc.assert(
      fc.property(points, points, arbitrary.scalar, (a, b, scalar) => {
        expect(add(a, b)).toEqual(
          toPoint(curve.F, curve.addPoint(toPair(curve.F, a), toPair(curve.F, b))),
        );
        expect(multiply(a, scalar)).toEqual(
          toPoint(curve.F, curve.mulPointEscalar(toPair(curve.F, a), scalar)),
        );
        expect(isInPrimeSubgroup(a)).toBe(curve.inSubgroup(toPair(curve.F, a)));
      }),
      { numRuns: 10 },
    );
  });

  test("an EdDSA signature of circomlib's holds by our curve and our Poseidon: S·B = R + 8h·A", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        arbitrary.word,
        (key, message) => {
          const { R8, S } = eddsa.signPoseidon(key, eddsa.F.e(message));
          const [R, A] = [toPoint(eddsa.F, R8), toPoint(eddsa.F, eddsa.prv2pub(key))];
          const holds = (word: bigint) => {
            const right = add(R, multiply(A, (8n * hash(0n, [R.x, R.y, A.x, A.y, word])) % L));
            const left = multiplyBase(S);
            return left.x === right.x && left.y === right.y;
          };
          expect(holds(message)).toBe(true);
          expect(holds(message ^ 1n)).toBe(false);
        },
      ),
      { numRuns: 5 },
    );
  });
});
