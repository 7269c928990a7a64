// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TestToken} from "./TestToken.sol";

/// @title A token that shrinks balances, refuses payees, takes from them, or says nothing and does nothing, when it is told to
contract OddToken is TestToken {
    mapping(address account => bool) public refused;
    bool public silent;
    bool public taking;

    error PayeeRefused(address account);

    function refusePayee(address account, bool value) external {
        refused[account] = value;
    }

    function refuseSilently(bool value) external {
        silent = value;
    }

    function takeFromPayees(bool value) external {
        taking = value;
    }

    /// @notice Leaves the account with `value` at most.
    function rebase(address account, uint256 value) external {
        if (balanceOf(account) > value) _burn(account, balanceOf(account) - value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (silent) return false;
        if (!taking) return super.transferFrom(from, to, value);
        _burn(to, 1);
        return true;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (refused[to]) revert PayeeRefused(to);
        super._update(from, to, value);
    }
}
