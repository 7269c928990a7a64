pragma circom 2.2.0;

include "points.circom";
include "../generated/params.circom";

// Arithmetic on v^2 = u^3 + A*u^2 + u (PARAM-2). Its group is cyclic of order 8*l; the only point of order 2 is (0, 0).
//
// These formulas are incomplete. An addition of points with equal u has no slope, or, worse, any slope: 0 * slope === 0 leaves it to
// the prover, and that is a forgery. So every template names what it needs, and for each use who sees to it: "proved by" constraints and
// draws of the proof system itself, or "door", by what the contract admits, which holds only once PM is known to be the contract's.
// Where it holds, each division a/b is one constraint `slope * b === a` with b != 0, which has exactly one solution.

// (x, y) -> (u, v) = ((1 + y)/(1 - y), u/x).
// y = 1 has no witness. Needs: (x, y) is not (0, -1), where the prover could choose v.
//   in Row, section 2: proved by MontgomeryOnCurve in HalfSizeMultiple: v = 0 with u = 0, and (0, 0) cannot be doubled.
//   in Close, section 2: proved by MontgomeryOnCurve in HalfSizeMultiple, likewise.
//   in SignatureHash: door, the key is acceptable.
template EdwardsToMontgomery() {
    input EdwardsPoint() in;
    output MontgomeryPoint() out;

    out.u <-- (1 + in.y) / (1 - in.y);
    out.u * (1 - in.y) === 1 + in.y;
    out.v <-- out.u / in.x;
    out.v * in.x === out.u;
}

// (u, v) -> (x, y) = (u/v, (u - 1)/(u + 1)).
// Needs: on the curve and v != 0. Then u != -1, as v^2 = A - 2 is not a square.
//   in FixedBaseMultiple: proved by the table's generator: a segment ends at a multiple of B between 0 and l, of prime order.
//   in SignatureHash: door, E*key is of order l or more for an acceptable key, as E < l.
template MontgomeryToEdwards() {
    input MontgomeryPoint() in;
    output EdwardsPoint() out;

    out.x <-- in.u / in.v;
    out.x * in.v === in.u;
    out.y <-- (in.u - 1) / (in.u + 1);
    out.y * (in.u + 1) === in.u - 1;
}

// Proves that the point is on the curve.
// Needs: nothing.
template MontgomeryOnCurve() {
    input MontgomeryPoint() in;

    signal uSquared <== in.u * in.u;
    signal right <== in.u * (uSquared + MONTGOMERY_A() * in.u + 1);
    in.v * in.v === right;
}

// 2*in. If in is (0, 0), of order 2, there is no solution: 0 * slope === 1. So v != 0 is proved along.
// Needs: on the curve.
//   in HalfSizeMultiple: proved by MontgomeryOnCurve for R and root; what is made of points on the curve stays on it.
//   in OddMultiple: door, the point is acceptable.
template MontgomeryDouble() {
    input MontgomeryPoint() in;
    output MontgomeryPoint() out;

    signal uSquared <== in.u * in.u;
    signal slope <-- (3 * uSquared + 2 * MONTGOMERY_A() * in.u + 1) / (2 * in.v);
    slope * (2 * in.v) === 3 * uSquared + 2 * MONTGOMERY_A() * in.u + 1;
    out.u <== slope * slope - MONTGOMERY_A() - 2 * in.u;
    out.v <== slope * (in.u - out.u) - in.v;
}

// a + b.
// Needs: both on the curve, a.u != b.u.
//   in HalfSizeMultiple: proved by MontgomeryOnCurve and `inverse`, P.u != S.u.
//   in FixedBaseMultiple: proved by the table's generator, which checks every interval of multiples.
template MontgomeryAdd() {
    input MontgomeryPoint() a;
    input MontgomeryPoint() b;
    output MontgomeryPoint() out;

    signal slope <-- (b.v - a.v) / (b.u - a.u);
    slope * (b.u - a.u) === b.v - a.v;
    out.u <== slope * slope - MONTGOMERY_A() - a.u - b.u;
    out.v <== slope * (a.u - out.u) - a.v;
}

// 2*q + t as (q + t) + q, which saves the v of q + t: 5 constraints.
// Needs: q and t on the curve, t.u != q.u. Call w = q + t. Then w.u = q.u in two cases only:
// w = q, that is t the identity, which has no coordinates; or w = -q, that is 2q + t the identity. In the second the last slope
// has no solution, 0 === 2 * q.v, unless q.v = 0, and then q = -q and t would be the identity. So no wrong answer can be proved.
//   in HalfSizeMultiple: proved by MontgomeryOnCurve and AddOrderTwo: q and t differ in their torsion component.
//   in OddMultiple: door, the point is acceptable, so that all its multiples up to 3*2^n - 1 < l are different.
template MontgomeryDoubleAndAdd() {
    input MontgomeryPoint() q;
    input MontgomeryPoint() t;
    output MontgomeryPoint() out;

    signal slope <-- (t.v - q.v) / (t.u - q.u);
    slope * (t.u - q.u) === t.v - q.v;
    signal wU <== slope * slope - MONTGOMERY_A() - q.u - t.u;
    // The slope through w and q: (q.v - w.v)/(q.u - w.u) with w.v = slope*(q.u - w.u) - q.v put in.
    signal slope2 <-- 2 * q.v / (q.u - wU) - slope;
    (slope2 + slope) * (q.u - wU) === 2 * q.v;
    out.u <== slope2 * slope2 - MONTGOMERY_A() - wU - q.u;
    out.v <== slope2 * (q.u - out.u) - q.v;
}

// in + (0, 0), the point of order 2. With u = 0 there is no solution.
// Needs: on the curve.
//   in HalfSizeMultiple: proved by MontgomeryOnCurve, as P - S and P + S are sums of points on the curve.
template AddOrderTwo() {
    input MontgomeryPoint() in;
    output MontgomeryPoint() out;

    out.u <-- 1 / in.u;
    out.u * in.u === 1;
    signal ratio <== in.v * out.u;
    out.v <== -ratio * out.u;
}
