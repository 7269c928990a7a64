// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGate} from "../interfaces/IGate.sol";

/// @title A gate that admits everyone, but first calls a contract back and notes what came of it
contract ReentrantGate is IGate {
    bytes32 public constant id = "reentrant";

    address public target;
    bytes public call;
    bool public succeeded;
    bytes public answer;

    function arm(address target_, bytes calldata call_) external {
        target = target_;
        call = call_;
        delete answer;
    }

    function admit(address, uint64, uint64, bytes calldata) external {
        _callBack();
    }

    function admitTopUp(address, uint64, uint64, bytes calldata) external {
        _callBack();
    }

    function _callBack() private {
        // solhint-disable-next-line avoid-low-level-calls, as any call may come back
        if (target != address(0)) (succeeded, answer) = target.call(call);
    }
}
