pragma circom 2.2.0;

include "montgomery.circom";
include "edwards.circom";
include "../generated/fixed_base_table.circom";

// s*B for s given by its bits, least significant first. Total: every one of the 2^252 strings has exactly one witness.
//
// Base-4 digits w of s, in two segments of equal length. A segment starts at a fixed multiple of B and adds (w + 1)*4^i*B for each
// digit, a point of a table of four and never the identity; the starts cancel what the digits have too much. The generator of the table
// (scripts/generate-circuits.ts) checks by interval arithmetic that within a segment no accumulated multiple can be the identity or plus or
// minus the point added to it, whatever the digits. The two segments' results can collide, so they are added by the complete law.
//
// Needs: bits are bits.
//   in SignatureHash: proved by WellFormed, which decomposes what stands for s.
template FixedBaseMultiple() {
    var windows = FIXED_BASE_WINDOWS();
    var half = windows \ 2;
    assert(windows % 2 == 0);
    signal input bits[2 * windows];
    output EdwardsPoint() out;

    var table[windows][4][2] = FIXED_BASE_TABLE();
    var start[2][2] = FIXED_BASE_STARTS();
    signal both[windows]; // product of the window's two bits
    component sum[windows];
    component segment[2];
    for (var i = 0; i < windows; i++) {
        both[i] <== bits[2 * i] * bits[2 * i + 1];
        var entry[2];
        for (var k = 0; k < 2; k++) {
            var t0 = table[i][0][k], t1 = table[i][1][k], t2 = table[i][2][k], t3 = table[i][3][k];
            entry[k] = t0 + bits[2 * i] * (t1 - t0) + bits[2 * i + 1] * (t2 - t0) + both[i] * (t3 - t2 - t1 + t0);
        }
        sum[i] = MontgomeryAdd();
        if (i % half == 0) {
            sum[i].a.u <== start[i \ half][0];
            sum[i].a.v <== start[i \ half][1];
        } else {
            sum[i].a <== sum[i - 1].out;
        }
        sum[i].b.u <== entry[0];
        sum[i].b.v <== entry[1];
    }
    for (var k = 0; k < 2; k++) {
        segment[k] = MontgomeryToEdwards(); // of prime order, so v != 0
        segment[k].in <== sum[(k + 1) * half - 1].out;
    }
    out <== EdwardsAdd()(segment[0].out, segment[1].out);
}
