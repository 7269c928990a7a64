pragma circom 2.2.0;

include "circomlib/circuits/bitify.circom";
include "circomlib/circuits/comparators.circom";
include "lib/ballot.circom";
include "lib/compare.circom";
include "lib/edwards.circom";
include "lib/fingerprint.circom";
include "lib/half_size.circom";
include "lib/poseidon.circom";
include "lib/signature.circom";
include "lib/state.circom";
include "lib/well_formed.circom";

// One row of the sorted transcript (section 7 of the specification). Claims, with the sections that prove them:
//
//   1. Each lane multiplies PM by its fingerprint's factor iff it is on (ROW-1, ROW-2).
//   2. The command is the plaintext of the words under the shared point of R and c (ROW-5, MSG-3).
//   3. The command is proved well formed, or proved not to be (ROW-3).
//   4. The owner is whom the lanes name; owned rows are in strict order, and a contribution starts its group (ROW-4, ROW-6, ROW-7).
//   5. A new owner closes the group before and starts with its contribution, or with nothing to spend (ROW-8).
//   6. The message is accepted iff it is valid in that state, and then, and only then, sets key and ballot (ROW-9, ROW-10).
//   7. D absorbs everything that the prover chose (ROW-12).
//
// Where the message lane is off, or its command not well formed, sections 2, 3 and 6 are satisfiable and without effect (ROW-11).
//
// What the contract checks at the door (acceptable R and key, t < 2^32, tag and credits < 2^64, J <= 2^16) holds in every row whose lane is
// on, or PM is not the contract's. That is an argument from D and PM; so what makes D and PM, sections 1, 2 and 7, must be sound without it:
// for every assignment, D alone fixes all words, and so PM, before g and beta exist. Sections 3 to 6 may lean on the door, and say where.
//
// Needs: gPower[i] = g^i; digits are DecomposeHalfSize's of c1 and c2. In sections 1, 2 and 7 nothing of the lanes; in 3 to 6 what the door
// admits, and a state that rows before left.
//   in Fold, section 3: proved by Fold for powers and digits, by FOLD-2 and the rows before for the state; door for the lanes.
template Row() {
    var n = HALF_DIGITS(), words = MESSAGE_WORDS(), pages = BALLOT_WORDS();

    input State() before;
    input Constants() constants;
    input HalfSizeDigits(n) digits;      // of c1 and c2 (FOLD-4)
    signal input gPower[6 + words];      // g^i
    signal input t;                      // message lane: item number, 0 where off
    signal input word[words];            // R.x, R.y, ct
    signal input contributionT;          // contribution lane: item number, 0 where off
    signal input contributionTag;
    signal input contributionCredits;    // final credits
    signal input contributionKey[2];
    signal input sharedRoot[2];          // hint: u, v of c*R, an eighth of the shared point
    signal input wellFormed;             // hints of ROW-3
    signal input pointer[3 + pages];
    signal input high;
    signal input bounded[3 + pages];
    output State() after;

    // ---- 1. Lanes and product (ROW-1, ROW-2). For any words.
    signal messageOff <== IsZero()(t);
    signal contributionOff <== IsZero()(contributionT);
    var messageOn = 1 - messageOff, contributionOn = 1 - contributionOff;
    signal fMessage <== MessageFingerprint(words)(t, word, gPower);
    signal fContribution <== ContributionFingerprint(words)(
        contributionT, [contributionTag, contributionCredits, contributionKey[0], contributionKey[1]], gPower
    );
    signal messageFactor <== 1 + messageOn * (constants.beta - fMessage - 1);
    signal contributionFactor <== 1 + contributionOn * (constants.beta - fContribution - 1);
    signal productWithMessage <== before.PM * messageFactor;
    after.PM <== productWithMessage * contributionFactor;

    // ---- 2. Plaintext (ROW-5, MSG-3). For any words: HalfSizeMultiple proves that R is on the curve, so that S has one value.
    EdwardsPoint() R;
    R.x <== word[0];
    R.y <== word[1];
    component shared = HalfSizeMultiple(n);
    shared.R <== EdwardsToMontgomery()(R); // proved on the curve there: x = 0 has no witness
    shared.root.u <== sharedRoot[0];
    shared.root.v <== sharedRoot[1];
    shared.digits <== digits;
    signal keystream[words - 2] <== Keystream(words - 2)(shared.S.u, shared.S.v, constants.ctx);
    signal command[words - 2]; // header, newKey.x, newKey.y, ballot, e, s: raw words
    for (var i = 0; i < words - 2; i++) command[i] <== word[2 + i] - keystream[i];
    var E = 3 + pages, S = 4 + pages; // their places

    // ---- 3. Well formed or not (ROW-3). For any words.
    component form = WellFormed();
    form.word[0] <== command[0];
    for (var i = 0; i < 2 + pages; i++) form.word[1 + i] <== command[3 + i];
    form.wellFormed <== wellFormed;
    form.pointer <== pointer;
    form.high <== high;
    form.bounded <== bounded;
    signal tag <== Field(0, HEADER_TAG_BITS(), HEADER_BITS())(form.headerBits);
    signal append <== form.headerBits[HEADER_TAG_BITS()];
    signal nonce <== Field(HEADER_TAG_BITS() + 1, HEADER_NONCE_BITS(), HEADER_BITS())(form.headerBits);
    signal nonceTime <== Field(HEADER_TAG_BITS() + 1 + NONCE_LOW_BITS(), HEADER_NONCE_BITS() - NONCE_LOW_BITS(), HEADER_BITS())(form.headerBits);

    // ---- 4. Owner and order (ROW-4, ROW-6, ROW-7). Door: contributions' tags < 2^64, t < 2^32.
    signal named <== messageOn * wellFormed; // the message has an owner: its tag
    signal owned <== contributionOn + named * contributionOff;
    signal toContribution <== contributionOn * (contributionTag - before.owner);
    signal toMessage <== named * (tag - before.owner);
    signal toBoth <== contributionOn * toMessage;
    named * toContribution === toBoth; // where both lanes name an owner, it is the same
    signal ownerStep <== toContribution + toMessage - toBoth; // 0 where the row has no owner
    after.owner <== before.owner + ownerStep;
    signal ownerStays <== IsZero()(ownerStep);
    var changed = 1 - ownerStays;
    contributionOn * ownerStays === 0; // ROW-7

    signal time <== named * t; // tau
    signal timeStep <== owned * (time - before.lastT);
    after.lastT <== before.lastT + timeStep;
    // Order: a new owner is larger, else tau is. Tags are below 2^64 and times below 2^32, so no negative step fits 64 bits.
    signal timeStepInGroup <== ownerStays * timeStep;
    signal orderBits[HEADER_TAG_BITS()] <== Num2Bits(HEADER_TAG_BITS())(ownerStep + timeStepInGroup - owned);

    // ---- 5. Change of owner (ROW-8). For any words.
    EdwardsPoint() key;
    key.x <== before.key.x + contributionOn * (contributionKey[0] - before.key.x);
    key.y <== before.key.y + contributionOn * (contributionKey[1] - before.key.y);
    signal keptCredits <== ownerStays * before.credits;
    signal credits <== keptCredits + contributionOn * contributionCredits;
    signal lastNonce <== ownerStays * before.nonce;
    signal groupF <== ownerStays * before.F;
    signal groupCost <== ownerStays * before.cost;
    signal groupPos <== ownerStays * before.pos;
    after.acc <== before.acc + before.F - groupF;

    // ---- 6. Acceptance (ROW-9, ROW-10). Door: contributions' keys acceptable, credits < 2^64, t < 2^32, J <= 2^16; theta drawn after D.
    signal signedWords[3 + pages];
    for (var i = 0; i < 3 + pages; i++) signedWords[i] <== command[i];
    signal h <== SignatureHash(3 + pages)(key, form.sBits, form.eLow, [word[0], word[1]], signedWords, constants.ctx);
    signal signatureValid <== IsZero()(h - command[E]); // SEM-4

    EdwardsPoint() newKey;
    newKey.x <== command[1];
    newKey.y <== command[2];
    component acceptable = IsAcceptable(); // SEM-5
    acceptable.in <== newKey;

    signal nonceGreater <== IsAtLeast(HEADER_NONCE_BITS())(nonce, lastNonce + 1); // SEM-6
    signal nonceSkips <== append * (nonce - lastNonce - 1);
    signal nonceNext <== IsZero()(nonceSkips);
    signal nonceInTime <== IsAtLeast(ITEM_BITS())(t, nonceTime + 1); // SEM-7

    component page = BallotPage();
    page.bits <== form.ballotBits;
    page.posBefore <== append * groupPos;
    page.theta <== constants.theta;
    page.delta <== constants.delta;
    // J <= 2^16; from pos <= J a page advances by at most 24*2^12.
    signal posFits <== IsAtLeast(18)(constants.J, page.pos); // SEM-8
    signal forbiddenSigns <== page.signs * (1 - constants.signs);
    signal signsAllowed <== IsZero()(forbiddenSigns);

    // Credits and the pages before cost less than 2^64, a page less than 24*2^58.
    signal cost <== append * groupCost + page.cost;
    signal costFits <== IsAtLeast(CREDITS_BITS() + 1)(credits, cost); // SEM-9

    signal accepted <== IsZero()(
        named + signatureValid + acceptable.onCurve + acceptable.notSmallOrder + nonceGreater + nonceNext + nonceInTime
        + posFits + signsAllowed + costFits - 10
    );
    signal F <== append * groupF + page.fractions;
    after.key.x <== key.x + accepted * (newKey.x - key.x);
    after.key.y <== key.y + accepted * (newKey.y - key.y);
    after.credits <== credits;
    after.nonce <== lastNonce + accepted * (nonce - lastNonce);
    after.F <== groupF + accepted * (F - groupF);
    after.cost <== groupCost + accepted * (cost - groupCost);
    after.pos <== groupPos + accepted * (page.pos - groupPos);

    // ---- 7. Absorption (ROW-12). For any words: h fixes R and all of the command but e and s, whatever R' in it was; with S a function of
    // R, they fix the ciphertext. Raw words, as decomposed ones may be free.
    after.D <== Hash(9)(before.D, [
        t, contributionT, contributionTag, contributionCredits, contributionKey[0], contributionKey[1], h, command[E], command[S]
    ]);
}
