// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Attestation, IEAS} from "../interfaces/IEAS.sol";
import {IChecker} from "../interfaces/IChecker.sol";
import {PackedEvidence} from "../libraries/PackedEvidence.sol";

/// @title Knows whom an attester attested something, in the Ethereum Attestation Service (GATE-13)
/// @notice The attestation must be of the schema, by the attester and for the payer, not revoked and not expired. It is asked when
/// somebody contributes: revoked later, it changes nothing.
///
/// With `personInData` the first word of the attestation's data is the identity, so that a person to whom several accounts were
/// attested is admitted once; without, the account is. The evidence is the attestation's number (uid), 32 bytes.
contract AttestationChecker is IChecker {
    /// @inheritdoc IChecker
    bytes32 public constant id = "eas";

    /// @notice The chain's Ethereum Attestation Service.
    IEAS public immutable eas;

    /// @notice What is attested.
    bytes32 public immutable schema;

    /// @notice Who attests.
    address public immutable attester;

    /// @notice Whether the first word of the data tells who the person is.
    bool public immutable personInData;

    /// @notice The most credits for each.
    uint64 public immutable creditsEach;

    /// @notice Thrown when there is no such attestation of this schema, by this attester, for this account.
    error NotAttested(bytes32 uid, address account);

    /// @notice Thrown when the attester took it back; seconds since 1970.
    error AttestationRevoked(uint64 revocationTime);

    /// @notice Thrown when it holds no longer; seconds since 1970.
    error AttestationExpired(uint64 expirationTime, uint256 time);

    /// @notice Thrown when its data should tell a person and does not: it is shorter than a word, or that word is 0.
    error NoPersonAttested(bytes32 uid);

    constructor(IEAS eas_, bytes32 schema_, address attester_, bool personInData_, uint64 creditsEach_) {
        eas = eas_;
        schema = schema_;
        attester = attester_;
        personInData = personInData_;
        creditsEach = creditsEach_;
    }

    /// @inheritdoc IChecker
    function identify(
        address,
        address payer,
        uint64,
        uint64,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        bytes32 uid = bytes32(PackedEvidence.wordAt(evidence, 0));
        Attestation memory one = eas.getAttestation(uid);
        // Without the number itself all zeros would be an attestation of schema 0 by nobody.
        bool isAttested = uid != 0 && one.uid == uid && one.schema == schema;
        if (!isAttested || one.attester != attester || one.recipient != payer) revert NotAttested(uid, payer);
        if (one.revocationTime != 0) revert AttestationRevoked(one.revocationTime);
        // solhint-disable-next-line not-rely-on-time, as an attestation holds until a time; seconds more or less are of no use to a validator
        bool isOver = one.expirationTime != 0 && one.expirationTime <= block.timestamp;
        // solhint-disable-next-line not-rely-on-time, as an error may tell the time
        if (isOver) revert AttestationExpired(one.expirationTime, block.timestamp);
        identity = personInData ? _personIn(one) : bytes32(uint256(uint160(payer)));
        maxCredits = creditsEach;
    }

    function _personIn(Attestation memory one) private pure returns (bytes32 person) {
        if (one.data.length >= 32) person = bytes32(one.data);
        if (person == 0) revert NoPersonAttested(one.uid);
    }
}
