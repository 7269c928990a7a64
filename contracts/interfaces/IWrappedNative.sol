// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title The one function of a native coin's wrapper (WETH) that a round calls
interface IWrappedNative {
    /// @notice Mints the value sent, one to one, to the caller.
    function deposit() external payable;
}
