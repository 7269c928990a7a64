// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";

/// @title A registry that changes its mind whenever it is told to, freeze or not
contract HostileRegistry is IProjectRegistry {
    uint256 public freezeTime;
    uint256 public projectCount;
    mapping(uint256 wordIndex => uint256) public eligibility;
    mapping(uint256 project => address) public recipientOf;
    mapping(uint256 project => address) private _matchRecipients;

    function setFreezeTime(uint256 value) external {
        freezeTime = value;
    }

    function setProjectCount(uint256 value) external {
        projectCount = value;
    }

    function setEligibility(uint256 wordIndex, uint256 bitmap) external {
        eligibility[wordIndex] = bitmap;
    }

    function setRecipient(uint256 project, address recipient) external {
        recipientOf[project] = recipient;
    }

    function setMatchRecipient(uint256 project, address recipient) external {
        _matchRecipients[project] = recipient;
    }

    function matchRecipientOf(uint256 project) external view returns (address) {
        address recipient = _matchRecipients[project];
        return recipient == address(0) ? recipientOf[project] : recipient;
    }
}
