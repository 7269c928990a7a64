pragma circom 2.2.0;

include "lib/half_size.circom";
include "lib/montgomery.circom";
include "lib/state.circom";

// Opens the last state to the contract (section 8 of the specification). Claims:
//
//   1. The commitment opens to a state with this D and PM, whose acc + F is this acc, under constants with these values (CLOSE-2).
//   2. c1*(8B) = c2*(8C), so c1/c2 mod l is the logarithm of 8C to 8B, which all shared points depend on (CLOSE-3).
//
// Needs: nothing. C is proved on the curve, and not of small order.
template Close() {
    var n = HALF_DIGITS();

    // Public, in CLOSE-1's order:
    signal input g;
    signal input beta;
    signal input theta;
    signal input delta;
    signal input coordinatorKey[2]; // C: acceptable, by the contract (KEY-3)
    signal input ctx;
    signal input J;
    signal input signs;
    signal input D;
    signal input PM;
    signal input acc;
    signal input commitment;
    // Private:
    signal input salt;
    signal input c1;
    signal input c2;
    signal input state[12];

    // ---- 1. The state (CLOSE-2)
    Constants() constants;
    constants.g <== g;
    constants.beta <== beta;
    constants.theta <== theta;
    constants.delta <== delta;
    constants.c1 <== c1;
    constants.c2 <== c2;
    constants.ctx <== ctx;
    constants.J <== J;
    constants.signs <== signs;
    State() last <== StateOf()(state);
    signal opened <== StateCommitment()(salt, ConstantsHash()(constants), last);
    commitment === opened;
    D === last.D;
    PM === last.PM;
    acc === last.acc + last.F;

    // ---- 2. The coordinator's key (CLOSE-3)
    EdwardsPoint() C;
    C.x <== coordinatorKey[0];
    C.y <== coordinatorKey[1];
    component product = HalfSizeMultiple(n);
    product.R.u <== BASE_U();
    product.R.v <== BASE_V();
    product.root <== EdwardsToMontgomery()(C); // proved on the curve there: x = 0 has no witness
    product.digits <== DecomposeHalfSize(n)(c1, c2);
}
