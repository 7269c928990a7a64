// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";

/// @title Asks a payout rule as a round would, with many hints in one call
contract RuleProbe {
    /// @notice The budgets that the rule answers to the hints; 2^256 - 1 where it refuses.
    function budgets(
        IPayoutRule rule,
        uint256 available,
        uint256 unit,
        uint256[][] calldata chunks,
        bytes[] calldata hints
    ) external view returns (uint256[] memory answers) {
        answers = new uint256[](hints.length);
        for (uint256 i = 0; i < hints.length; i++) {
            try this.ask(rule, available, unit, chunks, hints[i]) returns (uint256[8] memory, uint256 budget) {
                answers[i] = budget;
            } catch {
                answers[i] = type(uint256).max;
            }
        }
    }

    /// @notice The state, the budget and each project's match.
    function matches(
        IPayoutRule rule,
        uint256 available,
        uint256 unit,
        uint256[][] calldata chunks,
        bytes calldata hint
    ) external view returns (uint256[8] memory state, uint256 budget, uint256[] memory answers) {
        (state, budget) = this.ask(rule, available, unit, chunks, hint);
        uint256 count = 0;
        for (uint256 i = 0; i < chunks.length; i++) count += chunks[i].length;
        answers = new uint256[](count);
        count = 0;
        for (uint256 i = 0; i < chunks.length; i++) {
            for (uint256 k = 0; k < chunks[i].length; k++) {
                answers[count] = rule.matchOf(state, available, unit, chunks[i][k]);
                count += 1;
            }
        }
    }

    function ask(
        IPayoutRule rule,
        uint256 available,
        uint256 unit,
        uint256[][] calldata chunks,
        bytes calldata hint
    ) external view returns (uint256[8] memory state, uint256 budget) {
        state = rule.begin(hint, available, unit);
        for (uint256 i = 0; i < chunks.length; i++) state = rule.accumulate(state, chunks[i]);
        budget = rule.budget(state, available, unit);
    }
}
