pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";
include "points.circom";
include "../generated/params.circom";

// p + q, for sums whose operands an adversary chooses.
// Needs: both on the curve, nothing else: A is a square and D is not, so the denominators 1 +- D*x1*x2*y1*y2 never vanish.
//   in FixedBaseMultiple: proved by MontgomeryToEdwards, as both segments end on the curve.
//   in SignatureHash: proved by FixedBaseMultiple for s*B; door for E*key, a multiple of an acceptable key.
template EdwardsAdd() {
    input EdwardsPoint() p;
    input EdwardsPoint() q;
    output EdwardsPoint() out;

    signal xy <== p.x * q.y;
    signal yx <== p.y * q.x;
    signal mixed <== (p.y - CURVE_A() * p.x) * (q.x + q.y); // = (p.y*q.y - A*p.x*q.x) + yx - A*xy
    signal tau <== xy * yx;
    out.x <-- (xy + yx) / (1 + CURVE_D() * tau);
    out.x * (1 + CURVE_D() * tau) === xy + yx;
    out.y <-- (mixed + CURVE_A() * xy - yx) / (1 - CURVE_D() * tau);
    out.y * (1 - CURVE_D() * tau) === mixed + CURVE_A() * xy - yx;
}

// Whether a pair of words is an acceptable point (KEY-1): on the curve, and not of small order, that is none of x = 0, y = 0,
// y^2 = A*x^2. Total: defined for every pair of words.
// Needs: nothing.
template IsAcceptable() {
    input EdwardsPoint() in;
    signal output onCurve;
    signal output notSmallOrder;

    signal xx <== in.x * in.x;
    signal yy <== in.y * in.y;
    signal xxyy <== xx * yy;
    onCurve <== IsZero()(CURVE_A() * xx + yy - 1 - CURVE_D() * xxyy);
    signal smallness <== xxyy * (yy - CURVE_A() * xx);
    signal isSmallOrder <== IsZero()(smallness);
    notSmallOrder <== 1 - isSmallOrder;
}
