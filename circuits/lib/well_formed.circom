pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "../generated/params.circom";

// Proves that a command is well formed (CMD-3), or that it is not (ROW-3), and gives the bits of its bounded words.
// Where it is not, the bits are the prover's free choice and mean nothing: whatever uses them must not matter then.
//
// Total: every seven words are either all below their limits, or one is not and can be pointed at.
// Sound: no decomposition admits word + p, as all are below 2^253. A pointed word w* is a + L or a + p - 2^253 with 0 <= a < 2^253,
// without wrapping around, as 2^252 + 2^253 < p; so w* >= L, as L <= 2^252 <= p - 2^253.
// Needs: nothing.
template WellFormed() {
    var header = HEADER_BITS(), bound = BOUNDED_WORD_BITS(), challenge = CHALLENGE_BITS(), pages = BALLOT_WORDS();
    var count = 3 + pages;

    signal input word[count];    // header, ballot words, e, s of the plaintext
    signal input wellFormed;     // hint: 1 iff all are below their limits
    signal input pointer[count]; // hint: one-hot at a word that is not; all 0 where wellFormed
    signal input high;           // hint: 0 for w* = a + L, 1 for w* = a + p - 2^253
    signal input bounded[count]; // hint: what is decomposed: word itself, or a in the ballot words
    signal output headerBits[header];
    signal output ballotBits[pages][bound];
    signal output eLow; // e mod 2^128; that it is below 2^128 is proved by OddMultiple, which multiplies by it
    signal output sBits[bound];

    // ---- Decompositions
    headerBits <== Num2Bits(header)(bounded[0]);
    for (var i = 0; i < pages; i++) ballotBits[i] <== Num2Bits(bound)(bounded[1 + i]);
    eLow <-- bounded[1 + pages] & ((1 << challenge) - 1);
    signal eHigh <-- bounded[1 + pages] >> challenge;
    signal eHighBits[bound - challenge] <== Num2Bits(bound - challenge)(eHigh);
    bounded[1 + pages] === eLow + (1 << challenge) * eHigh;
    sBits <== Num2Bits(bound)(bounded[2 + pages]);

    // ---- Well formed: every word is what is decomposed.
    wellFormed * (1 - wellFormed) === 0;
    for (var i = 0; i < count; i++) wellFormed * (word[i] - bounded[i]) === 0;

    // ---- Not well formed: exactly one word is pointed at, and it is not below its limit.
    // a has the 253 bits of the first ballot word and the lowest of the second.
    high * (1 - high) === 0;
    signal pointedWord[count];
    var pointed = 0, star = 0, limit = 0;
    for (var i = 0; i < count; i++) {
        pointer[i] * (1 - pointer[i]) === 0;
        pointedWord[i] <== pointer[i] * word[i];
        pointed += pointer[i];
        star += pointedWord[i];
        limit += pointer[i] * (1 << (i == 0 ? header : bound));
    }
    pointed === 1 - wellFormed;
    var a = bounded[1] + (1 << bound) * ballotBits[1][0];
    signal offset <== limit + high * (0 - (1 << 253) - limit); // 0 - 2^253 is p - 2^253
    (1 - wellFormed) * (star - a - offset) === 0;
}
