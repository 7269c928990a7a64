pragma circom 2.2.0;

include "montgomery.circom";

// (2^n + 2*b + 1)*P, and proves 0 <= b < 2^n.
// Needs: P on the curve and not of small order (an acceptable point; it may have a torsion component).
//   in SignatureHash: door, the key is acceptable. b and its signs have one value for any other key too: v != 0, as v = 0 has no witness.
//
// Ladder: Q = 2P, then n times Q = 2Q +- P. The signs are those of b's bits, most significant first: bit 1 is +, bit 0 is -.
// Complete and sound: Q = k*P with 2 <= k, and 2k + 1 <= 3*2^n - 1 < l, at most the order of P. So Q is never the identity, (0, 0) or
// +-P, and 2Q +- P is never the identity: no addition is exceptional. (From k = 2 each step takes k to 2k + 1 at most.)
//
// The bits exist only as +-P.v: squares equal to P.v^2 with P.v != 0 make each one of the two, and their weighted sum is
// P.v * sum (2*bit_i - 1)*2^i = P.v * (2b - (2^n - 1)), which fixes b. This replaces a decomposition of b.
template OddMultiple(n) {
    assert(n <= 248); // 3*2^248 - 1 < l
    input MontgomeryPoint() point;
    signal input b;
    output MontgomeryPoint() out;

    signal vSquared <== point.v * point.v;
    signal signedV[n];
    var weighted = 0;
    for (var i = 0; i < n; i++) {
        signedV[i] <-- (2 * ((b >> i) & 1) - 1) * point.v;
        signedV[i] * signedV[i] === vSquared;
        weighted += signedV[i] * (1 << i);
    }
    point.v * (2 * b - ((1 << n) - 1)) === weighted;

    MontgomeryPoint() q[n + 1];
    q[0] <== MontgomeryDouble()(point);
    component step[n];
    for (var i = 0; i < n; i++) {
        step[i] = MontgomeryDoubleAndAdd();
        step[i].q <== q[i];
        step[i].t.u <== point.u;
        step[i].t.v <== signedV[n - 1 - i];
        q[i + 1] <== step[i].out;
    }
    out <== q[n];
}
