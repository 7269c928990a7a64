pragma circom 2.2.0;

include "../generated/params.circom";

// The fingerprint of a message (TALLY-3): t + g*kind + sum g^(5+i)*word_i.
// Needs: gPower[i] = g^i.
//   in Row, section 1: proved by Fold, which makes the powers.
template MessageFingerprint(words) {
    signal input t;
    signal input word[words];
    signal input gPower[6 + words];
    signal output out;

    signal term[words];
    var sum = t + KIND_MESSAGE() * gPower[1];
    for (var i = 0; i < words; i++) {
        term[i] <== gPower[6 + i] * word[i];
        sum += term[i];
    }
    out <== sum;
}

// The fingerprint of a contribution (TALLY-3): t + g*kind + g^2*tag + g^3*credits + g^4*key.x + g^5*key.y.
// Needs: gPower[i] = g^i.
//   in Row, section 1: proved by Fold, which makes the powers.
template ContributionFingerprint(words) {
    signal input t;
    signal input field[4]; // tag, credits, key.x, key.y
    signal input gPower[6 + words];
    signal output out;

    signal term[4];
    var sum = t + KIND_CONTRIBUTION() * gPower[1];
    for (var i = 0; i < 4; i++) {
        term[i] <== gPower[2 + i] * field[i];
        sum += term[i];
    }
    out <== sum;
}
