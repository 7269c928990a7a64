// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @notice What somebody attested, as the Ethereum Attestation Service keeps it; times in seconds since 1970.
struct Attestation {
    bytes32 uid; // 0 where there is none
    bytes32 schema;
    uint64 time;
    uint64 expirationTime; // 0: never
    uint64 revocationTime; // 0: not revoked
    bytes32 refUID;
    address recipient;
    address attester;
    bool revocable;
    bytes data;
}

/// @title The one question that is asked of the Ethereum Attestation Service
interface IEAS {
    /// @notice An attestation by its number.
    /// @param uid The number.
    /// @return What was attested; all zeros where there is none.
    function getAttestation(bytes32 uid) external view returns (Attestation memory);
}
