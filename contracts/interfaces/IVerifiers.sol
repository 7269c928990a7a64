// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title The fold circuit's verifier, as snarkjs exports it
/// @notice Signals: before, after (FOLD-1).
interface IFoldVerifier {
    /// @notice Whether a proof is valid for these signals.
    /// @param a The proof's first point.
    /// @param b The proof's second point, coordinates as the precompile orders them.
    /// @param c The proof's third point.
    /// @param signals The public signals; one of p or more makes the proof invalid.
    /// @return True if the proof is valid.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[2] calldata signals
    ) external view returns (bool);
}

/// @title The close circuit's verifier, as snarkjs exports it
/// @notice Signals: as libraries/CloseSignals.sol names them (CLOSE-1).
interface ICloseVerifier {
    /// @notice Whether a proof is valid for these signals.
    /// @param a The proof's first point.
    /// @param b The proof's second point, coordinates as the precompile orders them.
    /// @param c The proof's third point.
    /// @param signals The public signals; one of p or more makes the proof invalid.
    /// @return True if the proof is valid.
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[13] calldata signals
    ) external view returns (bool);
}
