// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title A payout rule: how a matching pool is spent on the result
/// @notice Stateless between calls: the round keeps the four words `sums`. An entry is encoded as TALLY-6 says.
///
/// The round does not trust a rule (MONEY-8): it caps the budget at `available` and each match at what is left of the
/// budget. A rule that reverts in `accumulate` or `budget` leaves the round to be aborted; in `matchOf`, for which it has two
/// million of gas at least, it counts as 0.
interface IPayoutRule {
    /// @notice Adds entries to the sums.
    /// @param sums The sums so far, all 0 at first.
    /// @param entries Entries of eligible projects only, in increasing order of project.
    /// @return The sums with these entries added.
    function accumulate(uint256[4] calldata sums, uint256[] calldata entries)
        external
        view
        returns (uint256[4] memory);

    /// @notice What the rule spends of `available`, in token units.
    /// @param sums The sums over all eligible entries.
    /// @param available The pool without the coordinator's fee, below 2^128.
    /// @param unit Token units of a credit, in [1, 2^128).
    /// @return Token units; the round takes `available` where it is more.
    function budget(uint256[4] calldata sums, uint256 available, uint256 unit) external view returns (uint256);

    /// @notice One project's match, in token units, rounded down.
    /// @param sums The sums over all eligible entries.
    /// @param available The pool without the coordinator's fee, below 2^128.
    /// @param unit Token units of a credit, in [1, 2^128).
    /// @param votes T, the sum of the project's votes.
    /// @param credits S, the sum of their squares.
    /// @return Token units; the round takes what is left of the budget where it is more.
    function matchOf(uint256[4] calldata sums, uint256 available, uint256 unit, int256 votes, uint256 credits)
        external
        view
        returns (uint256);
}
