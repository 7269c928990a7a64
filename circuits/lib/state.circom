pragma circom 2.2.0;

include "points.circom";
include "poseidon.circom";

// What rows hand on (section 7 of the specification).
bus State() {
    signal owner;          // tag of the group being read
    EdwardsPoint() key;    // its current key
    signal credits;
    signal nonce;          // last accepted
    signal lastT;          // tau of the last owned row
    signal F;              // the current ballot's sum of fractions
    signal cost;           // and what it costs
    signal pos;            // and its position after the last page
    signal PM;             // product over the items so far
    signal acc;            // sum of F over the finished groups
    signal D;              // hash over the rows so far
}

// The same for all rows of a transcript.
bus Constants() {
    signal g;
    signal beta;
    signal theta;
    signal delta;
    signal c1;    // c1 = c*c2 mod l, of half size, mod p (KEY-3)
    signal c2;
    signal ctx;
    signal J;
    signal signs; // 1 where votes may be negative
}

// FOLD-1's order of the state.
// Needs: nothing.
template StateOf() {
    signal input in[12];
    output State() out;

    out.owner <== in[0];
    out.key.x <== in[1];
    out.key.y <== in[2];
    out.credits <== in[3];
    out.nonce <== in[4];
    out.lastT <== in[5];
    out.F <== in[6];
    out.cost <== in[7];
    out.pos <== in[8];
    out.PM <== in[9];
    out.acc <== in[10];
    out.D <== in[11];
}

// FOLD-1's hc.
// Needs: nothing.
template ConstantsHash() {
    input Constants() in;
    signal output out <== Hash(9)(DOMAIN_CONSTANTS(), [in.g, in.beta, in.theta, in.delta, in.c1, in.c2, in.ctx, in.J, in.signs]);
}

// FOLD-1's commit(state).
// Needs: nothing.
template StateCommitment() {
    signal input salt;
    signal input constantsHash;
    input State() in;
    signal output out <== Hash(14)(DOMAIN_STATE(), [
        salt, constantsHash, in.owner, in.key.x, in.key.y, in.credits, in.nonce, in.lastT, in.F, in.cost, in.pos, in.PM, in.acc, in.D
    ]);
}
