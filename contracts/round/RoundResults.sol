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

    /// @dev No word of projects has this index.
    uint256 private constant NO_WORD = type(uint256).max;

    /// @inheritdoc IRoundTally
    function addResults(uint256[] calldata entries, bytes calldata hint) external nonReentrant {
        RoundConfig memory settings = _config();
        _requireCoordinating(settings);
        Challenges memory drawn = Transcript.challenges(_requireCommitted());
        List memory list = _loadList();
        uint256 next = list.next;

        // Three passes: each has few enough variables to keep them off the memory.
        _sum(list, entries, drawn, settings.allowSigns);
        if (_hasPayouts(settings)) _payOut(list, entries, next, settings, hint);
        else if (hint.length != 0) revert UnexpectedHint();
        _grow(list, entries);
        _list = list;
        emit ResultsAdded(entries);
    }

    /// @inheritdoc IRoundTally
    function restartResults() external nonReentrant {
        _requireCoordinating(_config());
        _requireCommitted();
        _clearList(_list.projects);
        emit ResultsRestarted();
    }

    /// @inheritdoc IRoundTally
    function resultsRoot() external view returns (bytes32) {
        if (_counters.closed) return bytes32(_list.numerator);
        return MountainRange.load(_peaks, _list.count).root();
    }

    /// @dev Tallying, and by the coordinator (PHASE-5).
    function _requireCoordinating(RoundConfig memory settings) internal view {
        _requireTallying(settings);
        if (msg.sender != settings.coordinator) revert NotCoordinator(msg.sender);
    }

    /// @dev Whether projects are paid anything.
    function _hasPayouts(RoundConfig memory settings) internal pure returns (bool) {
        return settings.token != address(0) || settings.poolToken != address(0);
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

    /// @dev Peaks, claimable words and the payout state of the list before need no clearing: they are overwritten or out of
    /// reach.
    function _clearList(uint24 projects) internal {
        if (_list.count != 0) delete _list;
        _list.projects = projects;
    }

    /// @dev From now on the root is all that is needed of fraction and tree; slots cleared are paid back in part.
    function _fixRoot(uint256 leaves) internal returns (bytes32 root) {
        root = MountainRange.load(_peaks, leaves).root();
        _list.numerator = uint256(root);
        _list.denominator = 0;
        MountainRange.clear(_peaks, leaves);
    }

    /// @dev The state of the payout rule; words that are not in use are 0.
    function _loadState(uint256 used) internal view returns (uint256[8] memory state) {
        for (uint256 i = 0; used >> i != 0; i++) {
            if ((used >> i) & 1 == 1) state[i] = _payoutState[i];
        }
    }

    /// @dev The second pass: sorts entries out and gives the eligible ones to the payout rule; `list` already counts them.
    function _payOut(
        List memory list,
        uint256[] calldata entries,
        uint256 next,
        RoundConfig memory settings,
        bytes calldata hint
    ) private {
        uint256[] memory kept = _sortOut(list, entries, next, settings.registry);
        bool hasPool = settings.poolToken != address(0);
        bool begins = list.count == entries.length;
        if (hint.length != 0) {
            if (!begins || !hasPool) revert UnexpectedHint();
            emit ResultsHint(hint);
        }
        if (!hasPool) return;
        uint256[8] memory state =
            begins
                ? IPayoutRule(settings.payoutRule).begin(hint, _available(settings), settings.unit)
                : _loadState(list.stateUsed);
        _accumulate(list, settings.payoutRule, state, kept);
    }

    /// @dev Checks the entries (TALLY-8) and adds them to running hash and fraction (TALLY-7, TALLY-9): Num/Den +=
    /// (T + delta·S)/(theta - j), all below p.
    function _sum(List memory list, uint256[] calldata entries, Challenges memory drawn, bool allowSigns) private pure {
        (bytes32 chain, uint256 numerator, uint256 denominator) = (list.chain, list.numerator, list.denominator);
        (uint256 next, uint256 projects) = (list.next, list.projects);
        (uint256 theta, uint256 delta) = (drawn.theta, drawn.delta);
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = _at(entries, i);
            uint256 project = entry.project();
            _requireEntry(entry, project, next, projects, allowSigns);
            chain = Hashes.efficientKeccak256(chain, bytes32(entry));
            // Nothing wraps: |T| < 2^64 and project < 2^16 are below p.
            unchecked {
                uint256 votes = entry.isNegative() ? P - entry.magnitude() : entry.magnitude();
                uint256 term = addmod(votes, mulmod(delta, entry.credits(), P), P);
                uint256 factor = addmod(theta, P - project, P);
                numerator = addmod(mulmod(numerator, factor, P), mulmod(term, denominator, P), P);
                denominator = mulmod(denominator, factor, P);
                next = project + 1;
            }
        }
        (list.chain, list.numerator, list.denominator) = (chain, numerator, denominator);
        // The casts are safe: at most 2^16 projects increase strictly.
        list.next = uint24(next);
        list.count += uint24(entries.length);
    }

    /// @dev entries[i] without the check that i is below the length, which the loops make sure of.
    function _at(uint256[] calldata entries, uint256 i) private pure returns (uint256 entry) {
        // solhint-disable-next-line no-inline-assembly, as only it reads without the bounds check
        assembly ("memory-safe") {
            entry := calldataload(add(entries.offset, shl(5, i)))
        }
    }

    function _requireEntry(
        uint256 entry,
        uint256 project,
        uint256 next,
        uint256 projects,
        bool allowSigns
    ) private pure {
        if (entry.isTooLong()) revert EntryTooLong(entry);
        if (project >= projects) revert ProjectOutOfRange(project, projects);
        if (project < next) revert EntriesNotIncreasing(project, next - 1);
        if (entry.credits() == 0) revert EntryWithoutCredits(project);
        if (entry.isNegative() && (!allowSigns || entry.magnitude() == 0)) revert SignNotAllowed(project);
    }

    /// @dev Marks eligible projects as claimable and picks out their entries (MONEY-2).
    /// @param next The least project that the first entry could name.
    /// @return kept The entries of eligible projects.
    function _sortOut(
        List memory list,
        uint256[] calldata entries,
        uint256 next,
        address registry
    ) private returns (uint256[] memory kept) {
        kept = new uint256[](entries.length);
        uint256 count = 0;
        uint256 credits = list.eligibleCredits;
        (uint256 wordIndex, uint256 bitmap, uint256 claimable) = (NO_WORD, 0, 0);
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = _at(entries, i);
            uint256 project = entry.project();
            if (wordIndex != project >> 8) {
                if (wordIndex != NO_WORD) _claimable[wordIndex] = claimable;
                wordIndex = project >> 8;
                (bitmap, claimable) = _turnTo(wordIndex, next, registry);
            }
            uint256 bit = 1 << (project & 255);
            if (bitmap & bit == 0) continue;
            claimable |= bit;
            // solhint-disable-next-line no-inline-assembly, as only it writes without the bounds check
            assembly ("memory-safe") {
                // count is below the array's length.
                mstore(add(add(kept, 32), shl(5, count)), entry)
            }
            // Nothing wraps: at most 2^16 entries of credits below 2^128.
            unchecked {
                count += 1;
                credits += entry.credits();
            }
        }
        if (wordIndex != NO_WORD) _claimable[wordIndex] = claimable;
        // The casts are safe by the bounds above.
        list.eligibleCredits = uint144(credits);
        list.eligible += uint24(count);
        // solhint-disable-next-line no-inline-assembly, as only it shortens an array in memory
        assembly ("memory-safe") {
            // Shortens the array to what was kept: count is at most its length.
            mstore(kept, count)
        }
    }

    /// @dev Eligibility of 256 projects, and their marks, which are kept only where this list has already been there.
    function _turnTo(
        uint256 wordIndex,
        uint256 next,
        address registry
    ) private returns (uint256 bitmap, uint256 claimable) {
        if (next != 0 && (next - 1) >> 8 == wordIndex) claimable = _claimable[wordIndex];
        bitmap = IProjectRegistry(registry).eligibility(wordIndex);
        emit EligibilityRead(wordIndex, bitmap);
    }

    /// @dev Gives entries to the payout rule and stores what it makes of them.
    function _accumulate(List memory list, address payoutRule, uint256[8] memory state, uint256[] memory kept) private {
        if (kept.length != 0) state = IPayoutRule(payoutRule).accumulate(state, kept);
        uint256 used = 0;
        for (uint256 i = 0; i < state.length; i++) {
            if (state[i] == 0) continue;
            _payoutState[i] = state[i];
            used |= 1 << i;
        }
        // The cast is safe: eight bits.
        list.stateUsed = uint8(used);
    }

    /// @dev Adds the leaves of the entries to the Merkle tree (MONEY-10); `list` already counts them.
    function _grow(List memory list, uint256[] calldata entries) private {
        MountainRange.Range memory range = MountainRange.load(_peaks, list.count - entries.length);
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = _at(entries, i);
            range.push(ResultEntry.leaf(entry.project(), entry.votes(), entry.credits()));
        }
        range.store(_peaks);
    }
}
