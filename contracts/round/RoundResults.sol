// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {P} from "../generated/Params.sol";
import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IRoundTally} from "../interfaces/IRoundTally.sol";
import {Challenges, RoundConfig} from "../interfaces/RoundTypes.sol";
import {MountainRange} from "../libraries/MountainRange.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";
import {Transcript} from "../libraries/Transcript.sol";
import {RoundState} from "./RoundState.sol";

/// @title The list of results: checked, hashed and summed entry by entry
abstract contract RoundResults is RoundState, IRoundTally {
    using MountainRange for MountainRange.Range;
    using ResultEntry for uint256;

    /// @dev A call's working copy: the list so far, its eligible entries, and the 256 projects whose eligibility is at hand.
    struct Work {
        bytes32 chain;
        uint256 numerator;
        uint256 denominator;
        uint256 next;
        uint256 eligibleCredits;
        uint256[] kept;
        uint256 keptCount;
        uint256 wordIndex;
        uint256 bitmap;
        uint256 claimable;
    }

    /// @dev No word of projects has this index.
    uint256 private constant NO_WORD = type(uint256).max;

    /// @inheritdoc IRoundTally
    function addResults(uint256[] calldata entries) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireTallying(settings);
        if (msg.sender != settings.coordinator) revert NotCoordinator(msg.sender);
        Challenges memory drawn = Transcript.challenges(_requireCommitted());
        uint256 projects = _transcribed.projects;
        bool hasMoney = settings.token != address(0);
        bool allowSigns = settings.allowSigns;
        List memory list = _loadList();
        Work memory work = _workOn(list, hasMoney ? entries.length : 0);
        MountainRange.Range memory range = MountainRange.load(_peaks, list.count);

        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = entries[i];
            uint256 project = entry.project();
            if (!_isEntry(entry, project, work.next, projects)) _explain(entry, work.next, projects);
            if (entry.isNegative() && !(allowSigns && entry.magnitude() != 0)) revert SignNotAllowed(project);
            if (hasMoney) _sortOut(work, entry, project, settings.registry);
            _sum(work, entry, project, drawn);
            range.push(ResultEntry.leaf(project, entry.votes(), entry.credits()));
        }
        range.store(_peaks);
        _save(list, work, entries.length);
        if (work.keptCount != 0) _accumulate(settings.payoutRule, work);
        emit ResultsAdded(entries);
    }

    /// @inheritdoc IRoundTally
    function resultsRoot() external view returns (bytes32) {
        return MountainRange.load(_peaks, _list.count).root();
    }

    /// @dev Returns the seed of the challenges, which is 0 only before a commit.
    function _requireCommitted() internal view returns (bytes32 base) {
        base = _transcribed.base;
        if (base == 0) revert NotCommitted();
    }

    /// @dev The list with the denominator 1 of an empty sum (TALLY-9).
    function _loadList() internal view returns (List memory list) {
        list = _list;
        if (list.count == 0) list.denominator = 1;
    }

    /// @dev Peaks and claimable words of the list before need no clearing: they are overwritten or out of reach.
    function _clearList() internal {
        delete _list;
        delete _payoutSums;
    }

    function _fixRoot(uint256 leaves) internal returns (bytes32 root) {
        root = MountainRange.load(_peaks, leaves).root();
        _resultsRoot = root;
    }

    function _workOn(List memory list, uint256 length) private pure returns (Work memory work) {
        work.chain = list.chain;
        work.numerator = list.numerator;
        work.denominator = list.denominator;
        work.next = list.next;
        work.eligibleCredits = list.eligibleCredits;
        work.kept = new uint256[](length);
        work.wordIndex = NO_WORD;
    }

    /// @dev The casts are safe: at most 2^16 projects increase strictly, and as many credits below 2^128 are added up.
    function _save(List memory list, Work memory work, uint256 added) private {
        list.chain = work.chain;
        list.numerator = work.numerator;
        list.denominator = work.denominator;
        list.next = uint32(work.next);
        list.eligibleCredits = uint160(work.eligibleCredits);
        list.count += uint32(added);
        list.eligible += uint32(work.keptCount);
        _list = list;
        if (work.wordIndex != NO_WORD) _claimable[work.wordIndex] = work.claimable;
    }

    /// @dev TALLY-8 without signs: in one expression, as this runs for every entry.
    function _isEntry(uint256 entry, uint256 project, uint256 next, uint256 projects) private pure returns (bool good) {
        uint256 credits = entry.credits();
        bool tooLong = entry.isTooLong();
        assembly ("memory-safe") {
            good := and(and(iszero(tooLong), lt(project, projects)), and(iszero(lt(project, next)), gt(credits, 0)))
        }
    }

    /// @dev Reverts with what is wrong with an entry that is none.
    function _explain(uint256 entry, uint256 next, uint256 projects) private pure {
        uint256 project = entry.project();
        if (entry.isTooLong()) revert EntryTooLong(entry);
        if (project >= projects) revert ProjectOutOfRange(project, projects);
        if (project < next) revert EntriesNotIncreasing(project, next - 1);
        revert EntryWithoutCredits(project);
    }

    /// @dev Running hash and fraction (TALLY-7, TALLY-9): Num/Den += (T + delta·S)/(theta - j), all below p.
    function _sum(Work memory work, uint256 entry, uint256 project, Challenges memory drawn) private pure {
        // Nothing wraps: |T| < 2^64 and project < 2^16 are below p.
        unchecked {
            uint256 votes = entry.isNegative() ? P - entry.magnitude() : entry.magnitude();
            uint256 factor = addmod(drawn.theta, P - project, P);
            uint256 term = addmod(votes, mulmod(drawn.delta, entry.credits(), P), P);
            uint256 denominator = work.denominator;
            work.numerator = addmod(mulmod(work.numerator, factor, P), mulmod(term, denominator, P), P);
            work.denominator = mulmod(denominator, factor, P);
            work.next = project + 1;
        }
        work.chain = Hashes.efficientKeccak256(work.chain, bytes32(entry));
    }

    /// @dev Keeps the entry for the payout rule and marks it claimable if its project is eligible (MONEY-2). Must run
    /// before `work.next` moves on to this entry.
    function _sortOut(Work memory work, uint256 entry, uint256 project, address registry) private {
        if (work.wordIndex != project >> 8) _turnTo(work, project >> 8, registry);
        uint256 bit = 1 << (project & 255);
        if (work.bitmap & bit == 0) return;
        work.claimable |= bit;
        work.kept[work.keptCount] = entry;
        // Nothing wraps: at most 2^16 entries of credits below 2^128.
        unchecked {
            work.keptCount += 1;
            work.eligibleCredits += entry.credits();
        }
    }

    /// @dev Writes the word at hand and loads another; its marks are kept only where this list has already been there.
    function _turnTo(Work memory work, uint256 wordIndex, address registry) private {
        if (work.wordIndex != NO_WORD) _claimable[work.wordIndex] = work.claimable;
        bool begun = work.next != 0 && (work.next - 1) >> 8 == wordIndex;
        work.claimable = begun ? _claimable[wordIndex] : 0;
        work.bitmap = IProjectRegistry(registry).eligibility(wordIndex);
        work.wordIndex = wordIndex;
        emit EligibilityRead(wordIndex, work.bitmap);
    }

    function _accumulate(address payoutRule, Work memory work) private {
        uint256[] memory kept = work.kept;
        uint256 count = work.keptCount;
        assembly ("memory-safe") {
            // Shortens the array to what was kept: count is at most its length.
            mstore(kept, count)
        }
        _payoutSums = IPayoutRule(payoutRule).accumulate(_payoutSums, kept);
    }
}
