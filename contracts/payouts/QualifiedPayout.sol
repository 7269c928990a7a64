// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {IQualifier} from "../interfaces/IQualifier.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";

/// @title Another payout rule, for those projects only that fulfil a condition (PAYOUT-4)
/// @notice A project that does not keeps what donors gave to it, as that was theirs to give; it has no match, and the inner rule
/// does not see it. Entries keep the numbers of their projects.
///
/// Hint, state and budget are the inner rule's for the list without the others. So exactly one hint is accepted for any list
/// if that is so of the inner rule, for the empty list too.
contract QualifiedPayout is IPayoutRule {
    using ResultEntry for uint256;

    /// @inheritdoc IPayoutRule
    bytes32 public constant id = "qualified";

    /// @dev No word of projects has this index.
    uint256 private constant NO_WORD = type(uint256).max;

    /// @notice The rule that divides the pool among those that fulfil the condition.
    IPayoutRule public immutable inner;

    /// @notice Who tells which those are.
    IQualifier public immutable qualifier;

    /// @notice From when on the qualifier's answers stay; seconds since 1970. Before, no list is taken.
    uint256 public immutable freezeTime;

    /// @notice Thrown when the qualifier says that it is never frozen.
    error NeverFrozen();

    /// @notice Thrown when a list comes before the answers that decide about it are final.
    error NotFrozenYet(uint256 time, uint256 freezeTime);

    /// @param inner_ Any payout rule.
    /// @param qualifier_ Must be frozen by the end of each round that uses this.
    constructor(IPayoutRule inner_, IQualifier qualifier_) {
        uint256 frozen = qualifier_.freezeTime();
        if (frozen == 0) revert NeverFrozen();
        // Asked so that what is no rule, or says nothing of projects, is refused here, and not by the close.
        inner_.id();
        qualifier_.qualified(0);
        inner = inner_;
        qualifier = qualifier_;
        freezeTime = frozen;
    }

    /// @inheritdoc IPayoutRule
    function begin(bytes calldata hint, uint256 available, uint256 unit) external view returns (uint256[8] memory) {
        // solhint-disable-next-line not-rely-on-time, as the freeze is a time
        if (block.timestamp < freezeTime) revert NotFrozenYet(block.timestamp, freezeTime);
        return inner.begin(hint, available, unit);
    }

    /// @inheritdoc IPayoutRule
    function accumulate(
        uint256[8] calldata state,
        uint256[] calldata entries
    ) external view returns (uint256[8] memory) {
        uint256[] memory kept = new uint256[](entries.length);
        uint256 count = 0;
        (uint256 wordIndex, uint256 bitmap) = (NO_WORD, 0);
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = entries[i];
            uint256 project = entry.project();
            if (wordIndex != project >> 8) {
                wordIndex = project >> 8;
                bitmap = qualifier.qualified(wordIndex);
            }
            if ((bitmap >> (project & 255)) & 1 == 0) continue;
            kept[count] = entry;
            count += 1;
        }
        if (count == 0) return state;
        // solhint-disable-next-line no-inline-assembly, as only it shortens an array in memory
        assembly ("memory-safe") {
            // Shortens the array to what was kept: count is at most its length.
            mstore(kept, count)
        }
        return inner.accumulate(state, kept);
    }

    /// @inheritdoc IPayoutRule
    function budget(uint256[8] calldata state, uint256 available, uint256 unit) external view returns (uint256) {
        return inner.budget(state, available, unit);
    }

    /// @inheritdoc IPayoutRule
    function matchOf(
        uint256[8] calldata state,
        uint256 available,
        uint256 unit,
        uint256 entry
    ) external view returns (uint256) {
        uint256 project = entry.project();
        if ((qualifier.qualified(project >> 8) >> (project & 255)) & 1 == 0) return 0;
        return inner.matchOf(state, available, unit, entry);
    }
}
