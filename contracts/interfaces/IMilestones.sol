// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title Which projects have done what a second instalment waits for (ESCROW-1)
interface IMilestones {
    /// @notice The block time, in seconds, from which no answer changes any more. Itself constant, and not 0.
    /// @return Seconds since 1970.
    function freezeTime() external view returns (uint256);

    /// @notice Whether a project has done it. Once this is true it stays so.
    /// @param project The project's index in its registry.
    /// @return Whether the rest may be paid.
    function passed(uint256 project) external view returns (bool);
}
