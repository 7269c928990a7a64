// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title The fold circuit's verifier, as snarkjs exports it
/// @notice Signals: before, after (FOLD-1).
interface IFoldVerifier {
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
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[13] calldata signals
    ) external view returns (bool);
}
