// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";

/// @title Quadratic funding: a project's weight is w = T² - S, its share of the pool w/W (MONEY-3)
/// @notice For rounds without signs, where T² ≥ S of every true result; a list that breaks it panics.
contract QuadraticPayout is IPayoutRule {
    using ResultEntry for uint256;

    /// @notice Whether the whole pool is paid out even where full quadratic matching, unit·w each, would need less.
    bool public immutable paySurplus;

    constructor(bool paySurplus_) {
        paySurplus = paySurplus_;
    }

    /// @inheritdoc IPayoutRule
    /// @dev sums[0] is W: 2^16 weights below 2^128 each.
    function accumulate(uint256[4] calldata sums, uint256[] calldata entries)
        external
        pure
        returns (uint256[4] memory result)
    {
        result = sums;
        uint256 total = sums[0];
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = entries[i];
            total += _weightOf(entry.magnitude(), entry.credits());
        }
        result[0] = total;
    }

    /// @inheritdoc IPayoutRule
    function budget(uint256[4] calldata sums, uint256 available, uint256 unit) external view returns (uint256) {
        uint256 total = sums[0];
        if (total == 0) return 0;
        return _coversAll(total, available, unit) ? unit * total : available;
    }

    /// @inheritdoc IPayoutRule
    function matchOf(uint256[4] calldata sums, uint256 available, uint256 unit, int256 votes, uint256 credits)
        external
        view
        returns (uint256)
    {
        uint256 total = sums[0];
        if (total == 0) return 0;
        // The cast keeps T², as modulo 2^256 the square is the same.
        uint256 weight = _weightOf(uint256(votes), credits);
        if (_coversAll(total, available, unit)) return unit * weight;
        // Below 2^256: weight and available are below 2^128 each. Rounded down; the round knows who gets the rest.
        return weight * available / total;
    }

    /// @dev Whether the surplus is returned and unit·W ≤ available. Divided instead, as unit·W may pass 2^256.
    function _coversAll(uint256 total, uint256 available, uint256 unit) private view returns (bool) {
        return !paySurplus && total <= available / unit;
    }

    function _weightOf(uint256 votes, uint256 credits) private pure returns (uint256) {
        uint256 square;
        // Does not wrap: |T| < 2^64.
        unchecked {
            square = votes * votes;
        }
        return square - credits;
    }
}
