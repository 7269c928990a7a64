// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @notice Everything that is fixed when a round is created. Stored in the round's own code as immutable arguments.
struct RoundConfig {
    /// May announce and do the cancelling before `end` (PHASE-7). No other power.
    address organiser;
    /// Commits, lists results and receives the fees (PHASE-5, MONEY-2, MONEY-6).
    address coordinator;
    /// May dispute the result within `disputeWindow` (PHASE-10). No other power. 0 exactly where the window is 0; never the
    /// coordinator.
    address guardian;
    /// The coordinator's encryption key C (KEY-3).
    uint256 coordinatorKeyX;
    uint256 coordinatorKeyY;
    /// ERC-20 token of the contributions, or 0 where credits cost nothing and the gate alone gives them (MONEY-9).
    address token;
    /// ERC-20 token of the matching pool, or 0 for a round without one. Mostly the same as `token`.
    address poolToken;
    /// Units of `token` that buy one credit, at least 1 (PARAM-5); without `token` it only scales `amount`. To the payout rule
    /// it is units of `poolToken`.
    uint128 unit;
    /// Contributions and top-ups are open in `[start, end)`, messages and funding in `[creation, end)`; seconds of block time.
    uint64 start;
    uint64 end;
    /// The tally may take `tallyBase + items·tallyPerItem` seconds from `end`, but not more than `tallyMost` unless that is 0.
    uint32 tallyBase;
    uint32 tallyPerItem;
    uint32 tallyMost;
    /// Seconds between announceCancel and cancel (PHASE-7).
    uint32 cancelNotice;
    /// Seconds between the close and the first payment, in which the guardian may dispute the result (PHASE-10); 0 is off.
    uint32 disputeWindow;
    /// Who may take part (GATE-1).
    address gate;
    /// How the pool is matched (MONEY-8), or 0 for a round without a pool.
    address payoutRule;
    /// Projects, their payout addresses and eligibility (REG-1).
    address registry;
    /// Receives what MONEY-5 and MONEY-6 leave over.
    address remainderTo;
    /// Whether what donors did not spend on eligible projects is shared among the projects as their matches are, instead of
    /// going to `remainderTo` (MONEY-5).
    bool shareLeftovers;
    /// Units of the pool that go to the coordinator, at most the pool (MONEY-2).
    uint128 coordinatorFee;
    /// Wei of native coin a message (PHASE-1).
    uint96 messageFee;
    /// Least credits of a contribution and of a top-up, each at least 1 (PHASE-2, PHASE-3).
    uint64 minContribution;
    uint64 minTopUp;
    /// Whether votes may be negative (SEM-8). Only where contributions carry no money (MONEY-9).
    bool allowSigns;
    /// Index of the fold circuit's size in FOLD_SIZES of src/params.ts.
    uint8 size;
}

/// @notice What became of a round. Live changes once; Finalized may still become Aborted, by a dispute and before anything
/// is paid (PHASE-10).
enum Status {
    Live,
    Finalized,
    Aborted,
    Cancelled
}

/// @notice Where a round is now: its status, and its place in time while it is live (PHASE-1 to PHASE-6) or its result may be
/// disputed (PHASE-10).
enum Phase {
    BeforeStart,
    Contributing,
    Tallying,
    Overdue,
    Disputable,
    Finalized,
    Aborted,
    Cancelled
}

/// @notice One contribution. `credits` are final credits so far (LINK-3).
struct Donor {
    address payer;
    uint64 credits;
    bool refunded;
}

/// @notice A Groth16 proof in the order that snarkjs' verifiers take (the coordinates of `b` already swapped).
struct Proof {
    uint256[2] a;
    uint256[2][2] b;
    uint256[2] c;
}

/// @notice One fold: its proof, and the fold head afterwards (FOLD-1).
struct Fold {
    Proof proof;
    uint256 afterState;
}

/// @notice What a project's claim shows: its entry of the result, and the Merkle proof of it, the lowest sibling first (MONEY-10).
struct Claim {
    uint256 project;
    int256 votes;
    uint256 credits;
    bytes32[] merkleProof;
}

/// @notice The four challenges, words (TALLY-2).
struct Challenges {
    uint256 g;
    uint256 beta;
    uint256 theta;
    uint256 delta;
}

/// @notice How far the tally of the last commit has come. All zero before a commit.
struct TallyProgress {
    /// Seed of the challenges (TALLY-1); not 0 once committed.
    bytes32 base;
    /// D, the committed digest of all rows (ROW-12).
    uint256 rowsDigest;
    /// The salted hash of the result list (TALLY-7).
    bytes32 resultsHash;
    /// J at the commit.
    uint32 projects;
    /// The last state commitment that a fold proved, 0 before the first fold.
    uint256 foldHead;
    /// The replay's pointer and T (TALLY-5), and PM so far (TALLY-4).
    bytes32 replayPointer;
    uint32 replayItems;
    uint256 product;
    /// Entries listed so far and the running hash x_n over them (TALLY-7).
    uint32 resultsCount;
    bytes32 resultsChain;
}

/// @notice The money of a finalized round, in units of the pool's token where nothing else is said (MONEY-2 to MONEY-5); none
/// of it is paid before `paymentsFrom()`.
struct Settlement {
    /// The coordinator's fee.
    uint128 fee;
    /// What the payout rule could spend: pool - fee.
    uint128 available;
    /// What it spends in all; available - budget is the sponsors' surplus.
    uint128 budget;
    /// Budget and surplus not yet paid.
    uint128 budgetLeft;
    uint128 surplusLeft;
    /// Eligible listed projects that have not claimed.
    uint32 claimsLeft;
    /// Of the contributions' token, what is shared among the projects besides what they were given; 0 where nothing is.
    uint256 leftovers;
    /// Ready to go to remainderTo, of the contributions' token and of the pool's.
    uint256 remainder;
    uint256 poolRemainder;
}
