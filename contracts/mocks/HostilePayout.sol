// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";

/// @title A payout rule that answers whatever it is told to, or not at all
contract HostilePayout is IPayoutRule {
    bytes32 public constant id = "hostile";

    uint256 public budgetAnswer;
    uint256 public matchAnswer;
    bool public refuseBudget;
    bool public refuseMatch;

    error Refused();

    function answer(uint256 budget_, uint256 match_) external {
        budgetAnswer = budget_;
        matchAnswer = match_;
    }

    function refuse(bool budget_, bool match_) external {
        refuseBudget = budget_;
        refuseMatch = match_;
    }

    function begin(bytes calldata, uint256, uint256) external pure returns (uint256[8] memory) {
        return [uint256(0), 0, 0, 0, 0, 0, 0, 0];
    }

    function accumulate(uint256[8] calldata sums, uint256[] calldata) external pure returns (uint256[8] memory) {
        return sums;
    }

    function budget(uint256[8] calldata, uint256, uint256) external view returns (uint256) {
        if (refuseBudget) revert Refused();
        return budgetAnswer;
    }

    function matchOf(uint256[8] calldata, uint256, uint256, uint256) external view returns (uint256) {
        if (refuseMatch) revert Refused();
        return matchAnswer;
    }
}
