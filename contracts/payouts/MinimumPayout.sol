// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";

/// @title Quadratic funding with a least match: who would get less gets nothing, and the others share it (PAYOUT-2)
/// @notice Paid are the projects with the largest weights, as many as possible such that the smallest of them still gets
/// `minimum`; projects with equal weights all or none. A match is w·available/W, W over those that are paid.
///
/// The hint is the smallest weight paid, one word; 2^128 - 1 if nobody is. Exactly one is accepted for any list: the share of
/// the smallest falls strictly as more are paid, and both that it suffices and that with the next it would not are checked.
contract MinimumPayout is IPayoutRule {
    using ResultEntry for uint256;

    /// @inheritdoc IPayoutRule
    bytes32 public constant id = "minimum";

    uint256 private constant HALF = type(uint128).max;

    /// @notice The least that a project gets which gets anything, in units of the pool's token, in [1, 2^128).
    uint256 public immutable minimum;

    /// @notice Thrown for a minimum of 0: that would be quadratic funding alone.
    error WrongSettings();

    /// @notice Thrown when the hint is not the one for this list.
    error WrongHint();

    /// @notice Thrown for a list whose sums no result that can be closed has.
    error SumsTooLarge();

    constructor(uint128 minimum_) {
        if (minimum_ == 0) revert WrongSettings();
        minimum = minimum_;
    }

    /// @inheritdoc IPayoutRule
    /// @dev state[0]: the smallest weight paid, and the largest not paid. [1]: the sum of the weights paid, then how many have the
    /// largest not paid (24 bits), and whether the smallest paid was seen.
    function begin(bytes calldata hint, uint256, uint256) external pure returns (uint256[8] memory state) {
        if (hint.length != 32) revert WrongHint();
        uint256 least = abi.decode(hint, (uint256));
        if (least == 0 || least > HALF) revert WrongHint();
        state[0] = least;
    }

    /// @inheritdoc IPayoutRule
    function accumulate(
        uint256[8] calldata state,
        uint256[] calldata entries
    ) external pure returns (uint256[8] memory result) {
        (uint256 least, uint256 next) = (state[0] & HALF, state[0] >> 128);
        (uint256 paid, uint256 equal, uint256 seen) = (
            state[1] & HALF,
            (state[1] >> 128) & type(uint24).max,
            state[1] >> 152
        );
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 weight = entries[i].weight();
            // Nothing wraps: at most 2^16 weights below 2^128.
            unchecked {
                if (weight >= least) {
                    paid += weight;
                    if (weight == least) seen = 1;
                } else if (weight > next) {
                    (next, equal) = (weight, 1);
                } else if (weight == next && weight != 0) {
                    equal += 1;
                }
            }
        }
        if (paid > HALF) revert SumsTooLarge();
        result[0] = least | (next << 128);
        result[1] = paid | (equal << 128) | (seen << 152);
    }

    /// @inheritdoc IPayoutRule
    function budget(uint256[8] calldata state, uint256 available, uint256) external view returns (uint256) {
        (uint256 least, uint256 next) = (state[0] & HALF, state[0] >> 128);
        (uint256 paid, uint256 equal, uint256 seen) = (
            state[1] & HALF,
            (state[1] >> 128) & type(uint24).max,
            state[1] >> 152
        );
        // With one more they would not all get the minimum.
        if (next != 0 && next * available >= minimum * (paid + equal * next)) revert WrongHint();
        if (paid == 0) {
            if (least != HALF) revert WrongHint();
            return 0;
        }
        if (seen == 0 || least * available < minimum * paid) revert WrongHint();
        return available;
    }

    /// @inheritdoc IPayoutRule
    function matchOf(
        uint256[8] calldata state,
        uint256 available,
        uint256,
        uint256 entry
    ) external pure returns (uint256) {
        uint256 weight = entry.weight();
        if (weight < state[0] & HALF) return 0;
        // Below 2^256: weight and available are below 2^128 each. Not 0, as this weight is in the sum.
        return (weight * available) / (state[1] & HALF);
    }
}
