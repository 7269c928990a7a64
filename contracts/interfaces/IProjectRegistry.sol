// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title What a round reads from a project registry (REG-1)
/// @notice Nothing that these functions return may change from `freezeTime()` on: the result depends on it (PHASE-9).
interface IProjectRegistry {
    /// @notice The block time, in seconds, from which nothing changes any more. Itself constant.
    /// @return Seconds since 1970.
    function freezeTime() external view returns (uint256);

    /// @notice J, the number of projects; their indices are 0..J-1, append-only and never reused.
    /// @return J, at most 2^16 for a round to be tallied (PARAM-5).
    function projectCount() external view returns (uint256);

    /// @notice Eligibility of 256 projects: bit i for project 256·wordIndex + i.
    /// @param wordIndex Which 256 projects.
    /// @return One bit a project; 0 for projects that do not exist.
    function eligibility(uint256 wordIndex) external view returns (uint256);

    /// @notice Where what donors gave to a project is paid; not 0 for an eligible project.
    /// @param project The project's index.
    /// @return The payout address.
    function recipientOf(uint256 project) external view returns (address);

    /// @notice Where a project's match is paid, for example an escrow that releases it in instalments; not 0 for an eligible
    /// project. Registries that make no difference answer {recipientOf}.
    /// @param project The project's index.
    /// @return The address that matches are paid to.
    function matchRecipientOf(uint256 project) external view returns (address);
}
