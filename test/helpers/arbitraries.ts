import fc from "fast-check";
import { multiplyBase } from "../../src/crypto/curve.ts";
import { L, MAX_VOTES, P } from "../../src/params.ts";

/** fast-check generators for the protocol's types. */
export const word = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(0n, P - 1n) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, P - 1n, 1n << 252n, P - (1n << 253n)) },
);
export const scalar = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(1n, L - 1n) },
  { weight: 1, arbitrary: fc.constantFrom(1n, 2n, L - 1n) },
);
export const publicKey = scalar.map(multiplyBase);
export const uint = (bits: number) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.bigInt(0n, (1n << BigInt(bits)) - 1n) },
    { weight: 1, arbitrary: fc.constantFrom(0n, 1n, (1n << BigInt(bits)) - 1n) },
  );
export const votes = fc
  .oneof(
    fc.bigInt(-MAX_VOTES, MAX_VOTES),
    fc.bigInt(-9n, 9n),
    fc.constantFrom(MAX_VOTES, -MAX_VOTES),
  )
  .filter((v) => v !== 0n);
/** Ballots over all 2^16 projects: gaps beyond 4,095 and more than one page come up. */
export const ballot = fc
  .uniqueArray(
    fc.tuple(
      fc.oneof(
        fc.nat({ max: 65_535 }),
        fc.nat({ max: 60 }),
        fc.constantFrom(0, 4_095, 4_096, 8_191, 65_535),
      ),
      votes,
    ),
    { selector: ([project]) => project, maxLength: 60 },
  )
  .map((entries) => new Map(entries));
