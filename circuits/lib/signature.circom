pragma circom 2.2.0;

include "edwards.circom";
include "fixed_base.circom";
include "montgomery.circom";
include "poseidon.circom";
include "variable_base.circom";

// The hash that a signature is compared with (SIG-1, SIG-2), for any s and e, and proves eLow < 2^128.
// For a key that is not acceptable h may have several values. D absorbs the one that was taken, so none can be chosen later; and no such
// row survives, as PM then says that the key is the contract's (docs/SOUNDNESS.md, lemma 3).
//
// Needs: sBits are bits; key acceptable (KEY-1).
//   in Row, section 6: proved by WellFormed for the bits, by SEM-5 for accepted keys and FOLD-2 for the first; door for contributions' keys.
//
// Total: both products are; their difference uses the complete law, as the donor chooses both of them.
template SignatureHash(words) {
    input EdwardsPoint() key;
    signal input sBits[BOUNDED_WORD_BITS()];
    signal input eLow;
    signal input R[2];
    signal input word[words]; // raw: header, newKey, ballot
    signal input ctx;
    signal output out;

    EdwardsPoint() sB <== FixedBaseMultiple()(sBits);
    component multiple = OddMultiple(CHALLENGE_BITS());
    multiple.point <== EdwardsToMontgomery()(key); // x != 0, as an acceptable key has
    multiple.b <== eLow;
    EdwardsPoint() eKey <== MontgomeryToEdwards()(multiple.out); // E < l, so not of order 1 or 2: v != 0
    EdwardsPoint() minusEKey;
    minusEKey.x <== -eKey.x;
    minusEKey.y <== eKey.y;
    EdwardsPoint() commitment <== EdwardsAdd()(sB, minusEKey); // R'

    component hash = Hash(7 + words);
    hash.capacity <== DOMAIN_SIGNATURE();
    hash.in[0] <== commitment.x;
    hash.in[1] <== commitment.y;
    hash.in[2] <== R[0];
    hash.in[3] <== R[1];
    hash.in[4] <== key.x;
    hash.in[5] <== key.y;
    for (var i = 0; i < words; i++) hash.in[6 + i] <== word[i];
    hash.in[6 + words] <== ctx;
    out <== hash.out;
}
