import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  clearCofactor,
  recomputeCommitment,
  equalPoints,
  IDENTITY,
  isAcceptable,
  isInPrimeSubgroup,
  isOnCurve,
  isSmallOrder,
  multiply,
  multiplyBase,
  multiplySecret,
  negate,
  toMontgomery,
} from "../../src/crypto/curve.ts";
import { mod } from "../../src/crypto/field.ts";
import { keystream, sharedPoint, sharedRoot } from "../../src/crypto/keystream.ts";
import { BASE, L, MONTGOMERY_A, P } from "../../src/params.ts";
import * as arbitrary from "../helpers/arbitraries.ts";
import { isGoodPoint } from "../helpers/naive_crypto.ts";
import { mixedOrder, ORDER_8, TORSION, UNACCEPTABLE } from "../helpers/points.ts";

// EIP-2494, "Test vectors".
const P1 = {
  x: 17777552123799933955779906779655732241715742912184938656739573121738514868268n,
  y: 2626589144620713026669568689430873010625803728049924121243784502389097019475n,
};
const P2 = {
  x: 16540640123574156134436876038791482806971768689494387082833631921987005038935n,
  y: 20819045374670962167435360035096875258406992893633759881276124905556507972311n,
};
const GENERATOR = {
  x: 995203441582195749578291179787384436505546430278305826713579947235728471134n,
  y: 5472060717959818805561601436314318772137091100104008585924551046643952123905n,
};

describe("PARAM-2: Baby Jubjub as in EIP-2494", () => {
  test("addition and doubling", () => {
    expect(add(P1, P2)).toEqual({
      x: 7916061937171219682591368294088513039687205273691143098332585753343424131937n,
      y: 14035240266687799601661095864649209771790948434046947201833777492504781204499n,
    });
    expect(add(P1, P1)).toEqual({
      x: 6890855772600357754907169075114257697580319025794532037257385534741338397365n,
      y: 4338620300185947561074059802482547481416142213883829469920100239455078257889n,
    });
    expect(add(IDENTITY, IDENTITY)).toEqual(IDENTITY);
  });

  test("membership", () => {
    expect(isOnCurve(IDENTITY)).toBe(true);
    expect(isOnCurve({ x: 1n, y: 0n })).toBe(false);
    expect(isOnCurve(GENERATOR)).toBe(true);
  });

  test("base point and its order", () => {
    expect(multiply(GENERATOR, 8n)).toEqual(BASE);
    expect(add(multiply(BASE, L - 1n), BASE)).toEqual(IDENTITY);
    expect(isInPrimeSubgroup(BASE)).toBe(true);
    expect(isInPrimeSubgroup(GENERATOR)).toBe(false);
  });

  test("the Montgomery form", () => {
    fc.assert(
      fc.property(arbitrary.publicKey, (point) => {
        const { u, v } = toMontgomery(point);
        expect(mod(v * v)).toBe(mod(u * u * u + MONTGOMERY_A * u * u + u));
        expect(toMontgomery(negate(point))).toEqual({ u, v: mod(-v) });
      }),
      { numRuns: 25 },
    );
  });
});

describe("KEY-1: acceptable points", () => {
  test("the eight points of small order are exactly those that are refused on the curve", () => {
    expect(new Set(TORSION.map(({ x, y }) => `${x} ${y}`)).size).toBe(8);
    expect(add(TORSION[7] as typeof ORDER_8, ORDER_8)).toEqual(IDENTITY);
    expect(
      TORSION.every((point) => isOnCurve(point) && isSmallOrder(point) && !isAcceptable(point)),
    ).toBe(true);
  });

  test("no listed bad point is accepted, nor any point with a coordinate from p on", () => {
    expect(
      UNACCEPTABLE.filter(({ point }) => isAcceptable(point) || isGoodPoint(point.x, point.y)),
    ).toEqual([]);
    for (const point of [
      { x: BASE.x + P, y: BASE.y },
      { x: BASE.x, y: BASE.y + P },
      { x: BASE.x - P, y: BASE.y },
    ])
      expect(isAcceptable(point)).toBe(false);
  });

  test("keys with torsion are acceptable, but outside the subgroup; eight times them is inside", () => {
    fc.assert(
      fc.property(arbitrary.scalar, (secret) => {
        const point = mixedOrder(secret);
        expect([
          isAcceptable(point),
          isGoodPoint(point.x, point.y),
          isInPrimeSubgroup(point),
        ]).toEqual([true, true, false]);
        expect(clearCofactor(point)).toEqual(clearCofactor(multiplyBase(secret)));
      }),
      { numRuns: 20 },
    );
  });
});

describe("scalars", () => {
  test("group laws, constant-time and plain multiplication agree", () => {
    fc.assert(
      fc.property(arbitrary.scalar, arbitrary.scalar, (a, b) => {
        const A = multiplyBase(a);
        expect(multiplySecret(A, b)).toEqual(multiply(A, b));
        expect(multiply(A, b)).toEqual(multiplyBase(a * b));
        expect(add(A, multiplyBase(b))).toEqual(multiplyBase(a + b));
        expect(equalPoints(add(A, negate(A)), IDENTITY)).toBe(true);
        expect(recomputeCommitment(a + L * b, b, A)).toEqual(add(A, negate(multiply(A, b))));
      }),
      { numRuns: 20 },
    );
    expect(multiplyBase(0n)).toEqual(IDENTITY);
    expect(multiplyBase(L)).toEqual(IDENTITY);
    expect(recomputeCommitment(0n, 0n, BASE)).toEqual(IDENTITY);
  });

  test("MSG-2: both sides find the same shared point, whatever torsion R carries", () => {
    fc.assert(
      fc.property(arbitrary.scalar, arbitrary.scalar, (r, c) => {
        const shared = sharedPoint(sharedRoot(r, multiplyBase(c)));
        expect(sharedPoint(sharedRoot(c, multiplyBase(r)))).toEqual(shared);
        expect(sharedPoint(sharedRoot(c, mixedOrder(r)))).toEqual(shared);
        expect(new Set(keystream(shared, 1n)).size).toBe(9);
      }),
      { numRuns: 15 },
    );
  });
});
