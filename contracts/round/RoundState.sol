// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IRoundPhases} from "../interfaces/IRoundPhases.sol";
import {Donor, RoundConfig, Status} from "../interfaces/RoundTypes.sol";
import {PEAK_LEVELS} from "../libraries/MountainRange.sol";
import {RoundArgs} from "../libraries/RoundArgs.sol";

/// @title All storage of a round, and the checks that its parts share
/// @notice Slots are packed by who writes them together; each comment names the calls.
abstract contract RoundState is ReentrancyGuardTransient {
    /// @dev One slot, written with every item.
    struct Counters {
        Status status;
        uint32 items;
        uint32 links;
        uint32 contributions;
        uint64 totalCredits;
        // Eligible listed projects that have not claimed; set by close.
        uint32 claimsLeft;
        // Bit i: the payout rule's word i is not 0. Set by close, so that claims read no empty slots.
        uint8 sumsUsed;
    }

    /// @dev What commit fixes and folds and replays advance (TALLY-1, TALLY-5, FOLD-1).
    struct Transcribed {
        bytes32 base;
        uint256 rowsDigest;
        bytes32 resultsHash;
        uint256 foldHead;
        bytes32 replayPointer;
        uint256 product;
        uint32 projects;
        uint32 replayItems;
    }

    /// @dev What addResults accumulates (TALLY-7 to TALLY-9).
    struct List {
        bytes32 chain;
        uint256 numerator;
        // Stored 0 means 1 while the list is empty.
        uint256 denominator;
        // Of eligible projects: 2^16 values below 2^128 each.
        uint160 eligibleCredits;
        uint32 count;
        // The least project that the next entry may name.
        uint32 next;
        uint32 eligible;
    }

    /// @dev Money. Claims read and write the first slot only.
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
        // What rounding left, ready for remainderTo.
        uint128 dust;
    }

    bytes32 internal _chainHead;
    Counters internal _counters;
    mapping(uint64 tag => Donor) internal _donors;
    uint256 internal _cancelFrom;

    Transcribed internal _transcribed;
    List internal _list;
    bytes32[PEAK_LEVELS] internal _peaks;
    bytes32 internal _resultsRoot;

    Money internal _money;
    mapping(address sponsor => uint128) internal _sponsors;
    uint256[4] internal _payoutSums;
    /// @dev Bit i of word w: project 256·w + i is listed, eligible and unpaid. Words of an earlier commit's list may
    /// linger; they are harmless, as the Merkle root holds only the last list's projects, and their words are rewritten.
    mapping(uint256 wordIndex => uint256) internal _claimable;

    /// @dev The implementation itself is not a round: it has no arguments in its code.
    address private immutable _implementation = address(this);

    /// @dev The settings, from code. The encoding of a struct of value types is its layout in memory, and the factory
    /// cleaned each field, so decoding is pointing. Not in a library: every function that returns a struct clears one first.
    function _config() internal view returns (RoundConfig memory settings) {
        if (address(this) == _implementation) revert IRoundPhases.NotARound();
        bytes memory args = RoundArgs.load();
        assembly ("memory-safe") {
            settings := add(args, 32)
        }
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

    /// @dev Live and in `[end, tallyDeadline)` (PHASE-5).
    function _requireTallying(RoundConfig memory settings) internal view {
        _requireLive();
        _requireWithin(settings.end, _deadline(settings));
    }

    /// @dev end + tallyBase + links·tallyPerLink, below 2^66: a flood of messages cannot run out the clock.
    function _deadline(RoundConfig memory settings) internal view returns (uint256) {
        return uint256(settings.end) + settings.tallyBase + uint256(_counters.links) * settings.tallyPerLink;
    }
}
