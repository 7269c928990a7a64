pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "montgomery.circom";

// What the ladder needs of the digits d1, d2 = +-1 of c1 and c2. Its i-th summand is T = d1*P - d2*S, one of +-(P - S), +-(P + S).
bus HalfSizeDigits(n) {
    signal isSum[n];        // 1 iff T = +-(P + S), that is d1 != d2
    signal ofDifference[n]; // coefficient of P - S in T: 1, -1 or 0
    signal ofSum[n];        // coefficient of P + S in T: 1, -1 or 0
}

// The digits of c1 and c2 (FOLD-4): c = sum d_i*2^i. Proves that both are odd and of absolute value below 2^n: exactly those
// integers have n such digits, each one way.
// Needs: nothing.
template DecomposeHalfSize(n) {
    assert(n <= 250);
    signal input c1;
    signal input c2;
    output HalfSizeDigits(n) digits;

    // d_i = 2*bit_i - 1, so sum bit_i*2^i = (c + 2^n - 1)/2.
    component bits1 = Num2Bits(n);
    component bits2 = Num2Bits(n);
    bits1.in <== (c1 + (1 << n) - 1) / 2;
    bits2.in <== (c2 + (1 << n) - 1) / 2;
    signal both[n];
    for (var i = 0; i < n; i++) {
        both[i] <== bits1.out[i] * bits2.out[i];
        digits.isSum[i] <== bits1.out[i] + bits2.out[i] - 2 * both[i];
        digits.ofDifference[i] <== bits1.out[i] + bits2.out[i] - 1;
        digits.ofSum[i] <== bits1.out[i] - bits2.out[i];
    }
}

// S = (c1/c2 mod l)*8R for a point R (ROW-5), given root with 8*root = S: proves c1*(8R) = c2*(8*root).
// R and root are proved on the curve, and not of small order, as three doublings have no solution from a point of order 1 to 8.
//
// Needs: digits are DecomposeHalfSize's of c1 and c2. Of R and root nothing: what a door admits must not matter here (docs/SOUNDNESS.md).
//   in Row, section 2: proved by Fold, which decomposes c1 and c2 once for all rows.
//   in Close, section 2: proved by DecomposeHalfSize.
//
// Unique: P = 8R and S = 8*root lie in the subgroup of prime order l; c2 is odd and below l, so it has an inverse mod l.
// Complete: root = c*R does, if c is not +-1 mod l and no prefix of the digits gives a_i = b_i*c mod l; KEY-3 sees to it.
//
// No exceptional addition for any root that the prover chooses: let O2 = (0, 0), the point of order 2. The summands at odd i are
// T + O2 instead of T. So the accumulator before summand i has the torsion component of summand i + 1, which differs from that of
// summand i: Q is not +-T, whatever their components of prime order. (T is not the identity, as P != +-S is proved.) The surplus O2 are
// doubled away: the last summand, i = 0, has none, and the last doubling takes away the accumulator's. All of this holds for points on
// the curve only: off it, the accumulator and the summand can meet, and a slope is free.
template HalfSizeMultiple(n) {
    assert(n % 2 == 1 && n >= 3);
    input MontgomeryPoint() R;
    input MontgomeryPoint() root;
    input HalfSizeDigits(n) digits;
    output MontgomeryPoint() S;

    MontgomeryOnCurve()(R);
    MontgomeryOnCurve()(root);
    MontgomeryPoint() p8[4];
    MontgomeryPoint() s8[4];
    p8[0] <== R;
    s8[0] <== root;
    for (var i = 0; i < 3; i++) {
        p8[i + 1] <== MontgomeryDouble()(p8[i]);
        s8[i + 1] <== MontgomeryDouble()(s8[i]);
    }
    MontgomeryPoint() P <== p8[3];
    S <== s8[3];

    // P != +-S.
    signal inverse <-- 1 / (S.u - P.u);
    inverse * (S.u - P.u) === 1;

    // The summands: [0] as they are, for even i; [1] plus O2, for odd i.
    MontgomeryPoint() difference[2];
    MontgomeryPoint() sum[2];
    MontgomeryPoint() minusS;
    minusS.u <== S.u;
    minusS.v <== -S.v;
    difference[0] <== MontgomeryAdd()(P, minusS);
    sum[0] <== MontgomeryAdd()(P, S);
    difference[1] <== AddOrderTwo()(difference[0]);
    sum[1] <== AddOrderTwo()(sum[0]);

    MontgomeryPoint() T[n];
    signal partV[n];
    for (var i = 0; i < n; i++) {
        T[i].u <== difference[i % 2].u + digits.isSum[i] * (sum[i % 2].u - difference[i % 2].u);
        partV[i] <== digits.ofDifference[i] * difference[i % 2].v;
        T[i].v <== partV[i] + digits.ofSum[i] * sum[i % 2].v;
    }

    // Q = T[n-1], then Q = 2Q + T[i] down to i = 1; at last 2Q = -T[0].
    MontgomeryPoint() Q[n];
    Q[n - 1] <== T[n - 1];
    for (var i = n - 2; i >= 1; i--) Q[i] <== MontgomeryDoubleAndAdd()(Q[i + 1], T[i]);
    component last = MontgomeryDouble();
    last.in <== Q[1];
    last.out.u === T[0].u;
    last.out.v === -T[0].v;
}
