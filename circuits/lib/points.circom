pragma circom 2.2.0;

// Coordinates of one curve in its two forms (PARAM-2). The buses keep them apart; neither implies that a point is on the curve.
bus EdwardsPoint() {
    signal x;
    signal y;
}

bus MontgomeryPoint() {
    signal u;
    signal v;
}
