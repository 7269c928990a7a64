pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";

// out = 1 iff a >= b. Needs: -2^bits <= a - b < 2^bits as integers, else there is no witness.
template IsAtLeast(bits) {
    assert(bits <= 252);
    signal input a;
    signal input b;
    signal output out;

    component difference = Num2Bits(bits + 1);
    difference.in <== a - b + (1 << bits);
    out <== difference.out[bits];
}
