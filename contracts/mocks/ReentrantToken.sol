// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TestToken} from "./TestToken.sol";

/// @title A token that, in every transfer, calls a contract back and notes what came of it
contract ReentrantToken is TestToken {
    address public target;
    bytes public call;
    bool public succeeded;
    bytes public answer;

    function arm(address target_, bytes calldata call_) external {
        target = target_;
        call = call_;
        delete answer;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (target == address(0) || from == address(0)) return;
        // solhint-disable-next-line avoid-low-level-calls, as any call may come back
        (succeeded, answer) = target.call(call);
    }
}
