// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title A checker says who a payer is, or that a condition holds for it (GATE-3)
/// @notice Keeps no state, so that anybody may ask it and nobody's identity is used up by asking: the {Gate} remembers who was
/// admitted. A checker must bind its evidence to the payer (or to the tag, which is a hash of payer and key), or a copied
/// transaction would take somebody's identity; and it must give one person one identity in a round, whatever the account.
interface IChecker {
    /// @notice What kind of checker this is: short ASCII text, filled with zeros. Tells software what evidence it wants; proves
    /// nothing, as any contract can claim any id.
    /// @return The text.
    function id() external view returns (bytes32);

    /// @notice Who pays, or reverts unless the evidence shows what this checker asks for.
    /// @param round The round that is contributed to.
    /// @param payer The account that pays.
    /// @param tag The contribution's tag.
    /// @param credits Its credits in all, a top-up included.
    /// @param evidence What the donor gave for this checker.
    /// @return identity Whom the gate admits once a round; 0 for a condition, which tells nobody apart.
    /// @return maxCredits The most credits that this identity may have; 2^64 - 1 for no limit. It holds for the rest of the round:
    /// up to it the gate does not ask again. A checker that wants to be asked for each top-up answers `credits`.
    function identify(
        address round,
        address payer,
        uint64 tag,
        uint64 credits,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits);
}
