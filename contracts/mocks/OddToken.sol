// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TestToken} from "./TestToken.sol";

/// @title A token that shrinks balances, refuses payees in several ways, takes from them, or says nothing and does nothing, when it
/// is told to
contract OddToken is TestToken {
    mapping(address account => bool) public refused;
    mapping(address account => bool) public muted;
    mapping(address account => uint256) public errorLengths;
    bool public silent;
    bool public taking;

    error PayeeRefused(address account);

    function refusePayee(address account, bool value) external {
        refused[account] = value;
    }

    /// @notice Transfers to the account return false.
    function mutePayee(address account, bool value) external {
        muted[account] = value;
    }

    /// @notice Transfers to the account revert with so many zero bytes; 2^256 - 1 for using up all gas.
    function refuseAtLength(address account, uint256 value) external {
        errorLengths[account] = value;
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

    function transfer(address to, uint256 value) public override returns (bool) {
        if (muted[to]) return false;
        return super.transfer(to, value);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (refused[to]) revert PayeeRefused(to);
        uint256 length = errorLengths[to];
        // solhint-disable-next-line no-inline-assembly, as only it makes such an error
        assembly ("memory-safe") {
            if length {
                // More memory than there is gas for uses up all of it.
                revert(0, length)
            }
        }
        super._update(from, to, value);
    }
}
