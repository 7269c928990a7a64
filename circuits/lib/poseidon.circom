pragma circom 2.2.0;

include "circomlib/circuits/poseidon.circom";
include "../generated/params.circom";

// H[capacity](in...) (PARAM-3). Capacities are distinct small constants, or D, a hash itself (ROW-12).
// Needs: nothing.
template Hash(n) {
    signal input capacity;
    signal input in[n];
    signal output out;

    component permutation = PoseidonEx(n, 1);
    permutation.initialState <== capacity;
    permutation.inputs <== in;
    out <== permutation.out[0];
}

// The keystream of a shared point (MSG-3).
// Needs: nothing.
template Keystream(words) {
    signal input u;
    signal input v;
    signal input ctx;
    signal output out[words];

    component permutation = PoseidonEx(11, 1 + words);
    permutation.initialState <== DOMAIN_KEYSTREAM();
    permutation.inputs <== [u, v, ctx, 0, 0, 0, 0, 0, 0, 0, 0];
    for (var i = 0; i < words; i++) out[i] <== permutation.out[1 + i];
}
