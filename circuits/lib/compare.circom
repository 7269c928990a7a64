pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

// out = 1 iff a >= b.
// Needs: a and b integers far below p with -2^bits <= a - b < 2^bits; a word of a - b outside of that has no witness.
//   in Row, section 6: proved by decomposition for nonces, gaps and magnitudes, and by induction for the state; door for t, credits and J.
template IsAtLeast(bits) {
    assert(bits <= 252);
    signal input a;
    signal input b;
    signal output out;

    component difference = Num2Bits(bits + 1);
    difference.in <== a - b + (1 << bits);
    out <== difference.out[bits];
}
