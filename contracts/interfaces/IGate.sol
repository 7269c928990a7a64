// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title A gate decides who may contribute how much (GATE-1)
/// @notice The caller is the round, so a gate keeps its records by msg.sender. The round cannot be re-entered meanwhile.
///
/// A gate must:
/// - consume an identity at most once a round, bound to the tag, or a donor would vote with several keys;
/// - bind its data to the payer (or the tag), or a copied transaction would take somebody's identity.
interface IGate {
    /// @notice What kind of gate this is: short ASCII text, filled with zeros. Tells software what data it wants; proves
    /// nothing, as any contract can claim any id.
    /// @return The text.
    function id() external view returns (bytes32);

    /// @notice Admits a contribution, or reverts.
    /// @param payer The account that pays and that called the round.
    /// @param tag The contribution's tag, unused so far in this round.
    /// @param credits The credits it buys.
    /// @param data What the donor gave to `contribute` for the gate.
    function admit(address payer, uint64 tag, uint64 credits, bytes calldata data) external;

    /// @notice Admits a top-up, or reverts.
    /// @param payer The tag's payer.
    /// @param tag A tag that this gate admitted in this round.
    /// @param newCredits The tag's credits in all, the top-up included.
    /// @param data What the donor gave to `topUp` for the gate.
    function admitTopUp(address payer, uint64 tag, uint64 newCredits, bytes calldata data) external;
}
