// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

// solhint-disable not-rely-on-time, as phases are times: a proposer can move one by seconds, and half-open intervals leave no second to two calls

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRoundPhases} from "../interfaces/IRoundPhases.sol";
import {Donor, RoundConfig, Status} from "../interfaces/RoundTypes.sol";
import {PEAK_LEVELS} from "../libraries/MountainRange.sol";
import {RoundArgs} from "../libraries/RoundArgs.sol";

/// @title All storage of a round, and the checks that its parts share
/// @notice Slots are packed by who writes them together; each comment names the calls.
abstract contract RoundState is ReentrancyGuardTransient {
    /// @dev One slot, written with every item, replayed chunk and claim.
    struct Counters {
        Status status;
        uint32 items;
        uint32 links;
        uint32 contributions;
        uint64 totalCredits;
        // Until the close, T of the replay: items not yet replayed (TALLY-5). From then on, seconds from end to the close: the
        // close needs T = 0, and claims read this slot anyway.
        uint32 replayOrClose;
        // Eligible listed projects that have not claimed, at most 2^16; set by close.
        uint24 claimsLeft;
        // The list's `stateUsed`, set by close, so that claims need not read the list.
        uint8 stateUsed;
        // Whether the close was made, which a dispute does not undo.
        bool closed;
    }

    /// @dev What commit fixes and folds and replays advance (TALLY-1, TALLY-5, FOLD-1).
    struct Transcribed {
        bytes32 base;
        uint256 rowsDigest;
        bytes32 resultsHash;
        uint256 foldHead;
        bytes32 replayPointer;
        uint256 product;
    }

    /// @dev What addResults accumulates (TALLY-7 to TALLY-9). None of its small numbers passes 2^16 (PARAM-5).
    struct List {
        bytes32 chain;
        // The close puts the Merkle root in its place: a slot in use costs 19,200 gas less than one never written.
        uint256 numerator;
        // Stored 0 means 1 while the list is empty.
        uint256 denominator;
        // Of eligible projects: 2^16 values below 2^128 each. Claims that share leftovers read it, and `eligible`.
        uint144 eligibleCredits;
        uint24 count;
        // The least project that the next entry may name.
        uint24 next;
        uint24 eligible;
        // J, set by commit.
        uint24 projects;
        // Bit i: word i of the payout rule's state is not 0, and `_payoutState[i]` has it.
        uint8 stateUsed;
    }

    /// @dev Money. Claims read and write the first slot only; those that share leftovers read the second.
    struct Money {
        uint128 pool;
        // Of the budget, what projects have not claimed; set by close.
        uint128 budgetLeft;
        // What goes back to sponsors, set by close, and what is left of it.
        uint128 surplus;
        uint128 surplusLeft;
        // Of the pool, what belonged to sponsors that got their surplus.
        uint128 sponsorsPaid;
        bool feePaid;
        bool messageFeesPaid;
        // Whether remainderTo got unspent credits and votes for ineligible projects.
        bool unspentPaid;
        // What rounding left of budget and surplus, ready for remainderTo.
        uint128 dust;
        // Of the leftovers, what a rule that paid less than its budget left unshared, ready for remainderTo.
        uint256 unshared;
    }

    bytes32 internal _chainHead;
    Counters internal _counters;
    mapping(uint64 tag => Donor) internal _donors;
    uint256 internal _cancelFrom;

    Transcribed internal _transcribed;
    List internal _list;
    bytes32[PEAK_LEVELS] internal _peaks;

    Money internal _money;
    mapping(address sponsor => uint128) internal _sponsors;
    /// @dev Only those words that `stateUsed` marks mean anything, so that rules pay for as many as they use.
    uint256[8] internal _payoutState;
    /// @dev Bit i of word w: project 256·w + i is listed, eligible and unpaid. Words of an earlier commit's list may
    /// linger; they are harmless, as the Merkle root holds only the last list's projects, and their words are rewritten.
    mapping(uint256 wordIndex => uint256) internal _claimable;

    /// @dev The implementation itself is not a round: it has no arguments in its code.
    address private immutable _implementation = address(this);

    function _config() internal view returns (RoundConfig memory settings) {
        if (address(this) == _implementation) revert IRoundPhases.NotARound();
        RoundArgs.load(settings);
    }

    function _requireLive() internal view {
        Status current = _counters.status;
        if (current != Status.Live) revert IRoundPhases.NotLive(current);
    }

    function _requireFinalized() internal view {
        Status current = _counters.status;
        if (current != Status.Finalized) revert IRoundPhases.NotFinalized(current);
    }

    /// @dev Intervals are half-open, so that at their edges no two conflicting calls succeed at one time (PHASE-1 to PHASE-7).
    function _requireWithin(uint256 from, uint256 until) internal view {
        if (block.timestamp < from || block.timestamp >= until) {
            revert IRoundPhases.OutsideInterval(block.timestamp, from, until);
        }
    }

    /// @dev At most the pool (MONEY-2).
    function _feeOf(RoundConfig memory settings, uint128 total) internal pure returns (uint128) {
        return settings.coordinatorFee < total ? settings.coordinatorFee : total;
    }

    /// @dev What the payout rule may spend (MONEY-2); fixed from `end` on.
    function _available(RoundConfig memory settings) internal view returns (uint256) {
        uint128 total = _money.pool;
        return total - _feeOf(settings, total);
    }

    /// @dev Finalized, and no longer to be disputed (PHASE-8, PHASE-10).
    function _requirePaying(RoundConfig memory settings) internal view {
        _requireFinalized();
        _requireWithin(_paymentsFrom(settings), type(uint256).max);
    }

    /// @dev The first second after the dispute window of a round that was closed; below 2^66.
    function _paymentsFrom(RoundConfig memory settings) internal view returns (uint256) {
        return uint256(settings.end) + _counters.replayOrClose + settings.disputeWindow;
    }

    /// @dev The dispute window begins now, which is not before `end`; 2^32 seconds are 136 years.
    function _keepCloseTime(RoundConfig memory settings) internal {
        _counters.closed = true;
        _counters.replayOrClose = SafeCast.toUint32(block.timestamp - settings.end);
    }

    /// @dev Live and in `[end, tallyDeadline)` (PHASE-5).
    function _requireTallying(RoundConfig memory settings) internal view {
        _requireLive();
        _requireWithin(settings.end, _deadline(settings));
    }

    /// @dev end + tallyBase + items·tallyPerItem, below 2^66: a flood of messages cannot run out the clock. Top-ups give no
    /// time: they need none, and who could extend it by them would pay no message fee. With tallyMost a flood cannot put off
    /// the end either: one that is too large to tally ends in refunds.
    function _deadline(RoundConfig memory settings) internal view returns (uint256) {
        uint256 time = settings.tallyBase + uint256(_counters.items) * settings.tallyPerItem;
        if (settings.tallyMost != 0 && time > settings.tallyMost) time = settings.tallyMost;
        return settings.end + time;
    }
}
