// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title Which projects fulfil a condition, such as a review of what they are good for (PAYOUT-4)
/// @notice Nothing that these functions return may change from {freezeTime} on, which must not be later than the round's end.
interface IQualifier {
    /// @notice What kind of condition this is: short ASCII text, filled with zeros. Tells software how to explain it; proves
    /// nothing, as any contract can claim any id.
    /// @return The text.
    function id() external view returns (bytes32);

    /// @notice The block time, in seconds, from which nothing changes any more. Itself constant, and not 0.
    /// @return Seconds since 1970.
    function freezeTime() external view returns (uint256);

    /// @notice 256 projects: bit i for project 256·wordIndex + i.
    /// @param wordIndex Which 256 projects.
    /// @return One bit a project, 1 for those that fulfil the condition.
    function qualified(uint256 wordIndex) external view returns (uint256);
}
