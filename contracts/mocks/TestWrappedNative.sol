// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Native coin as an ERC-20 token, for tests and demonstrations
contract TestWrappedNative is ERC20 {
    constructor() ERC20("Test wrapped coin", "WTEST") {}

    function deposit() external payable {
        _mint(msg.sender, msg.value);
    }
}
