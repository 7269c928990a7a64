pragma circom 2.2.0;

include "circomlib/circuits/comparators.circom";
include "row.circom";

// `rows` rows between two commitments of the state (section 8 of the specification). Claims:
//
//   1. before = 0 and the state is the genesis state, or before commits to the state under some salt (FOLD-1, FOLD-2).
//   2. c1 and c2 are odd and of half size (FOLD-4).
//   3. Each row takes the state to the next one (row.circom).
//   4. after commits to the last state, with the same constants (FOLD-3).
//
// Needs: nothing.
template Fold(rows) {
    var n = HALF_DIGITS(), hints = 3 + BALLOT_WORDS();

    signal input before;       // public: commitment before the first row, 0 for genesis
    signal input after;        // public: commitment after the last row
    signal input constants[9]; // g, beta, theta, delta, c1, c2, ctx, J, signs
    signal input saltBefore;
    signal input saltAfter;
    signal input rowsSalt;     // of D's first value; read at genesis only
    signal input state[12];    // before the first row, in FOLD-1's order
    // Of each row, see row.circom:
    signal input t[rows];
    signal input words[rows][MESSAGE_WORDS()];
    signal input contributionT[rows];
    signal input contributionTag[rows];
    signal input contributionCredits[rows];
    signal input contributionKey[rows][2];
    signal input sharedRoot[rows][2];
    signal input wellFormed[rows];
    signal input pointer[rows][hints];
    signal input high[rows];
    signal input bounded[rows][hints];

    Constants() shared;
    shared.g <== constants[0];
    shared.beta <== constants[1];
    shared.theta <== constants[2];
    shared.delta <== constants[3];
    shared.c1 <== constants[4];
    shared.c2 <== constants[5];
    shared.ctx <== constants[6];
    shared.J <== constants[7];
    shared.signs <== constants[8];
    signal constantsHash <== ConstantsHash()(shared);

    // ---- 1. Before (FOLD-1, FOLD-2)
    State() first <== StateOf()(state);
    signal opened <== StateCommitment()(saltBefore, constantsHash, first);
    signal isGenesis <== IsZero()(before);
    (1 - isGenesis) * (opened - before) === 0;
    signal firstD <== Hash(1)(DOMAIN_ROWS(), [rowsSalt]); // ROW-12
    signal genesis[12] <== [0, BASE_X(), BASE_Y(), 0, 0, 0, 0, 0, 0, 1, 0, firstD];
    for (var i = 0; i < 12; i++) isGenesis * (state[i] - genesis[i]) === 0;

    // ---- 2. Digits (FOLD-4) and powers of g
    HalfSizeDigits(n) digits <== DecomposeHalfSize(n)(shared.c1, shared.c2);
    signal gPower[6 + MESSAGE_WORDS()];
    gPower[0] <== 1;
    for (var i = 1; i < 6 + MESSAGE_WORDS(); i++) gPower[i] <== gPower[i - 1] * shared.g;

    // ---- 3. Rows
    component row[rows];
    for (var i = 0; i < rows; i++) {
        row[i] = Row();
        if (i == 0) row[i].before <== first;
        else row[i].before <== row[i - 1].after;
        row[i].constants <== shared;
        row[i].digits <== digits;
        row[i].gPower <== gPower;
        row[i].t <== t[i];
        row[i].word <== words[i];
        row[i].contributionT <== contributionT[i];
        row[i].contributionTag <== contributionTag[i];
        row[i].contributionCredits <== contributionCredits[i];
        row[i].contributionKey <== contributionKey[i];
        row[i].sharedRoot <== sharedRoot[i];
        row[i].wellFormed <== wellFormed[i];
        row[i].pointer <== pointer[i];
        row[i].high <== high[i];
        row[i].bounded <== bounded[i];
    }

    // ---- 4. After (FOLD-3)
    signal committed <== StateCommitment()(saltAfter, constantsHash, row[rows - 1].after);
    after === committed;
}
