// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IPayoutRule} from "../interfaces/IPayoutRule.sol";

/// @title A payout rule that gives every project the same match, after using as much gas as it is told to
contract HungryPayout is IPayoutRule {
    bytes32 public constant id = "hungry";

    uint256 public appetite;
    uint256 public portion;

    function feed(uint256 appetite_, uint256 portion_) external {
        appetite = appetite_;
        portion = portion_;
    }

    function begin(bytes calldata, uint256, uint256) external pure returns (uint256[8] memory) {
        return [uint256(0), 0, 0, 0, 0, 0, 0, 0];
    }

    function accumulate(uint256[8] calldata sums, uint256[] calldata) external pure returns (uint256[8] memory) {
        return sums;
    }

    function budget(uint256[8] calldata, uint256 available, uint256) external pure returns (uint256) {
        return available;
    }

    function matchOf(uint256[8] calldata, uint256, uint256, uint256) external view returns (uint256) {
        uint256 start = gasleft();
        uint256 end = start > appetite ? start - appetite : 0;
        // In bites of about 12,000 gas, as thousands of small ones are slow to simulate; then the rest.
        bytes memory bite = new bytes(64_000);
        bytes32 digest;
        while (gasleft() > end + 14_000) digest = keccak256(abi.encode(keccak256(bite), digest));
        // solhint-disable-next-line no-empty-blocks, as it does nothing but use gas
        while (gasleft() > end) {}
        return portion;
    }
}
