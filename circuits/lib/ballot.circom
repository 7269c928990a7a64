pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";
include "../generated/params.circom";

// The integer with the given bits of an array, lowest first, as a linear expression.
// Needs: nothing.
template Field(from, bits, width) {
    signal input in[width];
    signal output out;

    var sum = 0;
    for (var i = 0; i < bits; i++) sum += in[from + i] * (1 << i);
    out <== sum;
}

// Reads one page of a ballot (BAL-1 to BAL-3) from position posBefore. Total, but for theta equal to a position.
// Needs: bits are bits; posBefore <= 2^16; theta is none of the integers from -1 to 2^16 + 24*2^12, where a fraction would be free.
//   in Row, section 6: proved by WellFormed for the bits; by induction for posBefore (a page is accepted only up to J); door for theta,
//   which the contract draws after D is fixed (2^-236), and for J <= 2^16.
template BallotPage() {
    var perWord = BALLOT_ENTRIES_PER_WORD(), gapBits = BALLOT_GAP_BITS(), signBits = BALLOT_SIGN_BITS(), magnitudeBits = BALLOT_MAGNITUDE_BITS();
    var entryBits = gapBits + signBits + magnitudeBits, width = BOUNDED_WORD_BITS(), entries = perWord * BALLOT_WORDS();
    assert(perWord * entryBits == width && signBits == 1);

    signal input bits[BALLOT_WORDS()][width];
    signal input posBefore;
    signal input theta;
    signal input delta;
    signal output pos;       // position after the last entry
    signal output cost;      // sum of v^2
    signal output fractions; // sum of (v + delta*v^2)/(theta - option) (ROW-10)
    signal output signs;     // number of sign bits that are set, in unused entries too

    signal gap[entries];
    signal magnitude[entries];
    signal unused[entries];
    signal negated[entries];
    signal square[entries];
    signal weight[entries];
    signal fraction[entries];
    var at = posBefore, costSum = 0, fractionSum = 0, signSum = 0;
    for (var k = 0; k < entries; k++) {
        var word = k \ perWord, from = (k % perWord) * entryBits;
        var sign = bits[word][from + gapBits];
        gap[k] <== Field(from, gapBits, width)(bits[word]);
        magnitude[k] <== Field(from + gapBits + signBits, magnitudeBits, width)(bits[word]);
        unused[k] <== IsZero()(magnitude[k]);
        at += gap[k] + 1 - unused[k];

        negated[k] <== sign * magnitude[k];
        square[k] <== magnitude[k] * magnitude[k];
        weight[k] <== magnitude[k] - 2 * negated[k] + delta * square[k];
        var option = at - 1;
        fraction[k] <-- weight[k] / (theta - option);
        fraction[k] * (theta - option) === weight[k];

        costSum += square[k];
        fractionSum += fraction[k];
        signSum += sign;
    }
    pos <== at;
    cost <== costSum;
    fractions <== fractionSum;
    signs <== signSum;
}
