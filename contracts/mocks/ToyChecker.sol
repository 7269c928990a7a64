// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IChecker} from "../interfaces/IChecker.sol";

/// @title Knows the holders of numbered badges; the badge is the identity
/// @notice The evidence is the badge's number, as one word. Badge 0 is a mere condition: it tells nobody apart.
contract ToyChecker is IChecker {
    bytes32 public constant id = "toy";

    address[] public holders;

    error NotHolder(uint256 badge, address account);

    constructor(address[] memory holders_) {
        holders = holders_;
    }

    function identify(
        address,
        address payer,
        uint64,
        uint64,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        uint256 badge = abi.decode(evidence, (uint256));
        if (badge >= holders.length || holders[badge] != payer) revert NotHolder(badge, payer);
        return (bytes32(badge), type(uint64).max);
    }
}
