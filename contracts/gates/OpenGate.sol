// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGate} from "../interfaces/IGate.sol";

/// @title Admits everyone (GATE-2)
/// @notice For development and for rounds whose matching does not need one person, one account.
contract OpenGate is IGate {
    /// @inheritdoc IGate
    bytes32 public constant id = "open";

    /// @inheritdoc IGate
    // solhint-disable-next-line no-empty-blocks, as it admits everyone
    function admit(address, uint64, uint64, bytes calldata) external pure {}

    /// @inheritdoc IGate
    // solhint-disable-next-line no-empty-blocks, as it admits everyone
    function admitTopUp(address, uint64, uint64, bytes calldata) external pure {}
}
