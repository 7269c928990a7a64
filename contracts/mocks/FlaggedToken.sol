// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title A token that keeps in the word of a balance whether the account is blocked, in its first bit, as large ones do
contract FlaggedToken {
    uint256 private constant BLOCKED = 1 << 255;

    mapping(address account => uint256) private _words;

    function mint(address to, uint256 amount) external {
        _words[to] += amount;
    }

    function setBlocked(address account) external {
        _words[account] |= BLOCKED;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _words[account] & ~BLOCKED;
    }
}
