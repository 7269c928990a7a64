// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title A payout rule: how a matching pool is spent on the result
/// @notice Stateless between calls: the round keeps the eight words of `state`, and stores only those that are not 0. An entry
/// is encoded as TALLY-6 says.
///
/// A rule that needs to know something about the whole list before it has seen it (a threshold, say) gets it as a hint from
/// the coordinator, and must accept exactly the right one: `budget` reverts on any other. For every list that a close can
/// accept there must be a hint that is accepted, or a round could be held up until it is aborted.
///
/// The round does not trust a rule (MONEY-8): it caps the budget at `available` and each match at what is left of the
/// budget. A rule that reverts in `begin`, `accumulate` or `budget` leaves the round to be aborted; in `matchOf`, for which it
/// has two million of gas at least, it counts as 0.
interface IPayoutRule {
    /// @notice What kind of rule this is: short ASCII text, filled with zeros. Tells software how to explain and recompute it;
    /// proves nothing, as any contract can claim any id.
    /// @return The text.
    function id() external view returns (bytes32);

    /// @notice The state before the first entry.
    /// @param hint What the coordinator gave with the first entries, unchecked.
    /// @param available The pool without the coordinator's fee, below 2^128, in units of the pool's token.
    /// @param unit Token units of a credit, in [1, 2^128).
    /// @return state The state that the first entries are added to.
    function begin(
        bytes calldata hint,
        uint256 available,
        uint256 unit
    ) external view returns (uint256[8] memory state);

    /// @notice Adds entries to the state.
    /// @param state The state so far.
    /// @param entries Entries of eligible projects only, in increasing order of project.
    /// @return The state with these entries added.
    function accumulate(
        uint256[8] calldata state,
        uint256[] calldata entries
    ) external view returns (uint256[8] memory);

    /// @notice What the rule spends of `available`, in token units. Reverts if the hint was wrong.
    /// @param state The state after all eligible entries.
    /// @param available The pool without the coordinator's fee, below 2^128.
    /// @param unit Token units of a credit, in [1, 2^128).
    /// @return Token units; the round takes `available` where it is more.
    function budget(uint256[8] calldata state, uint256 available, uint256 unit) external view returns (uint256);

    /// @notice One project's match, in token units, rounded down.
    /// @param state The state after all eligible entries.
    /// @param available The pool without the coordinator's fee, below 2^128.
    /// @param unit Token units of a credit, in [1, 2^128).
    /// @param entry The project's entry, one of those accumulated.
    /// @return Token units; the round takes what is left of the budget where it is more.
    function matchOf(
        uint256[8] calldata state,
        uint256 available,
        uint256 unit,
        uint256 entry
    ) external view returns (uint256);
}
