// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";

/// @title An equal share of the pool for every project with enough votes
/// @notice Shows what a rule needs of a hint: how many there are must be known before the first of them is looked at. The hint
/// is that number, as one word.
contract ToyPayout is IPayoutRule {
    using ResultEntry for uint256;

    bytes32 public constant id = "toy";

    /// @notice The votes that are enough.
    uint256 public immutable enough;

    error WrongHint(uint256 told, uint256 counted);

    error OtherRound(uint256 unit, uint256 available);

    constructor(uint256 enough_) {
        enough = enough_;
    }

    /// @dev state[0] is what the hint tells, state[1] what was counted. The last two words are what the round said at first, to
    /// see that it says the same at the end.
    function begin(
        bytes calldata hint,
        uint256 available,
        uint256 unit
    ) external pure returns (uint256[8] memory state) {
        state[0] = abi.decode(hint, (uint256));
        (state[6], state[7]) = (unit, available);
    }

    function accumulate(
        uint256[8] calldata state,
        uint256[] calldata entries
    ) external view returns (uint256[8] memory result) {
        result = state;
        for (uint256 i = 0; i < entries.length; i++) {
            if (_isEnough(entries[i])) result[1] += 1;
        }
    }

    function budget(uint256[8] calldata state, uint256 available, uint256 unit) external pure returns (uint256) {
        if (state[0] != state[1]) revert WrongHint(state[0], state[1]);
        if (state[6] != unit || state[7] != available) revert OtherRound(state[6], state[7]);
        return state[0] == 0 ? 0 : available;
    }

    function matchOf(
        uint256[8] calldata state,
        uint256 available,
        uint256,
        uint256 entry
    ) external view returns (uint256) {
        return _isEnough(entry) ? available / state[0] : 0;
    }

    function _isEnough(uint256 entry) private view returns (bool) {
        return !entry.isNegative() && entry.magnitude() >= enough;
    }
}
