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

    /// @dev The eligible entries of one call, and the 256 projects whose eligibility is at hand.
    struct Eligible {
        uint256[] entries;
        uint256 count;
        uint256 wordIndex;
        uint256 bitmap;
        uint256 claimable;
        bool loaded;
    }

    /// @inheritdoc IRoundTally
    function addResults(uint256[] calldata entries) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireTallying(settings);
        if (msg.sender != settings.coordinator) revert NotCoordinator(msg.sender);
        Challenges memory drawn = Transcript.challenges(_requireCommitted());
        uint256 projects = _transcribed.projects;
        List memory list = _loadList();
        MountainRange.Range memory range = MountainRange.load(_peaks, list.count);
        Eligible memory eligible;
        if (settings.token != address(0)) eligible.entries = new uint256[](entries.length);

        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = entries[i];
            _requireEntry(entry, list.next, projects, settings.allowSigns);
            if (settings.token != address(0)) _sortOut(eligible, list, entry, settings.registry);
            _sum(list, entry, drawn);
            range.push(ResultEntry.leaf(entry.project(), entry.votes(), entry.credits()));
        }
        // The cast is safe: projects strictly increase below 2^16.
        list.count += uint32(entries.length);
        _list = list;
        range.store(_peaks);
        if (eligible.count != 0) _accumulate(settings.payoutRule, eligible);
        if (eligible.loaded) _claimable[eligible.wordIndex] = eligible.claimable;
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

    /// @dev TALLY-8.
    function _requireEntry(uint256 entry, uint256 next, uint256 projects, bool allowSigns) private pure {
        if (entry.isTooLong()) revert EntryTooLong(entry);
        uint256 project = entry.project();
        if (project >= projects) revert ProjectOutOfRange(project, projects);
        if (project < next) revert EntriesNotIncreasing(project, next - 1);
        if (entry.credits() == 0) revert EntryWithoutCredits(project);
        if (entry.isNegative() && (!allowSigns || entry.magnitude() == 0)) revert SignNotAllowed(project);
    }

    /// @dev Running hash and fraction (TALLY-7, TALLY-9): Num/Den += (T + delta·S)/(theta - j), all below p.
    function _sum(List memory list, uint256 entry, Challenges memory drawn) private pure {
        uint256 project = entry.project();
        uint256 votes = entry.isNegative() ? P - entry.magnitude() : entry.magnitude();
        uint256 factor = addmod(drawn.theta, P - project, P);
        uint256 term = addmod(votes, mulmod(drawn.delta, entry.credits(), P), P);
        list.numerator = addmod(mulmod(list.numerator, factor, P), mulmod(term, list.denominator, P), P);
        list.denominator = mulmod(list.denominator, factor, P);
        list.chain = Hashes.efficientKeccak256(list.chain, bytes32(entry));
        // The cast is safe: a project is below 2^16.
        list.next = uint32(project + 1);
    }

    /// @dev Keeps the entry for the payout rule and marks it claimable if its project is eligible (MONEY-2). Must run
    /// before `list.next` moves on to this entry.
    function _sortOut(Eligible memory eligible, List memory list, uint256 entry, address registry) private {
        uint256 project = entry.project();
        if (!eligible.loaded || eligible.wordIndex != project >> 8) _turnTo(eligible, list, project >> 8, registry);
        uint256 bit = 1 << (project & 255);
        if (eligible.bitmap & bit == 0) return;
        eligible.claimable |= bit;
        eligible.entries[eligible.count++] = entry;
        // The cast is safe: S is below 2^128.
        list.eligibleCredits += uint160(entry.credits());
        list.eligible += 1;
    }

    /// @dev Writes the word at hand and loads another; its marks are kept only where this list has already been there.
    function _turnTo(Eligible memory eligible, List memory list, uint256 wordIndex, address registry) private {
        if (eligible.loaded) _claimable[eligible.wordIndex] = eligible.claimable;
        bool begun = list.next != 0 && (list.next - 1) >> 8 == wordIndex;
        eligible.claimable = begun ? _claimable[wordIndex] : 0;
        eligible.bitmap = IProjectRegistry(registry).eligibility(wordIndex);
        eligible.wordIndex = wordIndex;
        eligible.loaded = true;
        emit EligibilityRead(wordIndex, eligible.bitmap);
    }

    function _accumulate(address payoutRule, Eligible memory eligible) private {
        uint256[] memory kept = eligible.entries;
        uint256 count = eligible.count;
        assembly ("memory-safe") {
            // Shortens the array to what was kept: count is at most its length.
            mstore(kept, count)
        }
        _payoutSums = IPayoutRule(payoutRule).accumulate(_payoutSums, kept);
    }
}
