// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";

/// @title Quadratic funding: a project's weight is w = T² - S, its share of the pool w/W (MONEY-3)
/// @notice A project with T ≤ 0 or T² ≤ S has weight 0. Only votes against a project can make it so.
contract QuadraticPayout is IPayoutRule {
    using ResultEntry for uint256;

    /// @inheritdoc IPayoutRule
    bytes32 public constant id = "quadratic";

    /// @notice Whether the whole pool is paid out even where full quadratic matching, unit·w each, would need less.
    bool public immutable paySurplus;

    /// @notice Thrown when a hint is given: this rule needs none.
    error HintNotEmpty();

    constructor(bool paySurplus_) {
        paySurplus = paySurplus_;
    }

    /// @inheritdoc IPayoutRule
    function begin(bytes calldata hint, uint256, uint256) external pure returns (uint256[8] memory state) {
        if (hint.length != 0) revert HintNotEmpty();
        return state;
    }

    /// @inheritdoc IPayoutRule
    /// @dev state[0] is W: 2^16 weights below 2^128 each.
    function accumulate(
        uint256[8] calldata state,
        uint256[] calldata entries
    ) external pure returns (uint256[8] memory result) {
        uint256 total = state[0];
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry;
            // solhint-disable-next-line no-inline-assembly, as only it reads without the bounds check
            assembly ("memory-safe") {
                // i is below the length.
                entry := calldataload(add(entries.offset, shl(5, i)))
            }
            // Does not wrap, see above.
            unchecked {
                total += entry.weight();
            }
        }
        result[0] = total;
    }

    /// @inheritdoc IPayoutRule
    function budget(uint256[8] calldata state, uint256 available, uint256 unit) external view returns (uint256) {
        uint256 total = state[0];
        if (total == 0) return 0;
        return _coversAll(total, available, unit) ? unit * total : available;
    }

    /// @inheritdoc IPayoutRule
    function matchOf(
        uint256[8] calldata state,
        uint256 available,
        uint256 unit,
        uint256 entry
    ) external view returns (uint256) {
        uint256 total = state[0];
        if (total == 0) return 0;
        uint256 weight = entry.weight();
        if (_coversAll(total, available, unit)) return unit * weight;
        // Below 2^256: weight and available are below 2^128 each. Rounded down; the round knows who gets the rest.
        return (weight * available) / total;
    }

    /// @dev Whether the surplus is returned and unit·W ≤ available. Divided instead, as unit·W may pass 2^256.
    function _coversAll(uint256 total, uint256 available, uint256 unit) private view returns (bool) {
        return !paySurplus && total <= available / unit;
    }
}
