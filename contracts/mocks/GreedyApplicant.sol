// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IOptimisticRegistry} from "../interfaces/IOptimisticRegistry.sol";

/// @title An applicant that asks to be paid again while it is paid, or refuses to be
contract GreedyApplicant {
    error Refused();

    IOptimisticRegistry private immutable _registry;
    bool private _refuses;
    bool public wasPaidAgain;

    constructor(address registry) {
        _registry = IOptimisticRegistry(registry);
    }

    receive() external payable {
        _askAgain();
    }

    function submit(address recipient, bytes32 digest) external payable {
        _registry.submit{value: msg.value}(recipient, digest, 0);
    }

    function refuse() external {
        _refuses = true;
    }

    function _askAgain() private {
        if (_refuses) revert Refused();
        // solhint-disable-next-line avoid-low-level-calls, as whether it succeeds is what is asked
        (bool succeeded, ) = address(_registry).call(abi.encodeCall(IOptimisticRegistry.withdraw, (address(this))));
        wasPaidAgain = succeeded;
    }
}
