// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IMilestones} from "../interfaces/IMilestones.sol";
import {IQualifier} from "../interfaces/IQualifier.sol";

/// @title Says of projects what it is told to, freeze or not
contract ToyQualifier is IQualifier, IMilestones {
    bytes32 public constant id = "toy";

    uint256 private immutable _freezeTime;
    mapping(uint256 wordIndex => uint256) public qualified;

    constructor(uint256 freezeTime_) {
        _freezeTime = freezeTime_;
    }

    function setQualified(uint256 wordIndex, uint256 bitmap) external {
        qualified[wordIndex] = bitmap;
    }

    function freezeTime() external view override(IQualifier, IMilestones) returns (uint256) {
        return _freezeTime;
    }

    function passed(uint256 project) external view returns (bool) {
        return (qualified[project >> 8] >> (project & 255)) & 1 == 1;
    }
}
