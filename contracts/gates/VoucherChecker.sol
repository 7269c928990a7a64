// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IChecker} from "../interfaces/IChecker.sol";
import {PackedEvidence} from "../libraries/PackedEvidence.sol";

/// @title Knows whomever an issuer gave a voucher (GATE-8)
/// @notice A voucher is the issuer's signature (EIP-712, so for one chain and this contract; ERC-1271 where the issuer has code)
/// over round, nullifier, tag, most credits and the last second in which it holds. The nullifier is the identity: one person, one
/// nullifier in a round, is the issuer's to see to. The tag is a hash of payer and key, so a copied voucher admits nobody else.
///
/// The evidence is nullifier, most credits and last second, 32 bytes each, and the signature behind them.
contract VoucherChecker is IChecker, EIP712 {
    using PackedEvidence for bytes;

    bytes32 private constant VOUCHER = keccak256(
        "Voucher(address round,bytes32 nullifier,uint64 tag,uint64 maxCredits,uint64 notAfter)"
    );

    /// @inheritdoc IChecker
    bytes32 public constant id = "voucher";

    /// @notice Who signs vouchers.
    address public immutable issuer;

    /// @notice Thrown when the issuer did not sign just this, for this round, tag, chain and contract.
    error NotIssued(bytes32 nullifier, uint64 tag);

    /// @notice Thrown when a voucher's last second is over; seconds since 1970.
    error VoucherExpired(uint256 notAfter, uint256 time);

    constructor(address issuer_) EIP712("Tacit voucher", "1") {
        issuer = issuer_;
    }

    /// @inheritdoc IChecker
    function identify(
        address round,
        address,
        uint64 tag,
        uint64,
        bytes calldata evidence
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        identity = bytes32(evidence.wordAt(0));
        (uint256 most, uint256 notAfter) = (evidence.wordAt(1), evidence.wordAt(2));
        // Each beyond its type is in no signed struct, as EIP-712 encodes a word; nullifier 0 would be nobody's.
        bool isVoucher = identity != 0 && most <= type(uint64).max && evidence.length > 96;
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(VOUCHER, round, identity, tag, most, notAfter)));
        if (!isVoucher || !SignatureChecker.isValidSignatureNowCalldata(issuer, digest, evidence[96:]))
            revert NotIssued(identity, tag);
        // solhint-disable-next-line not-rely-on-time, as a voucher holds until a time; seconds more or less are of no use to a validator
        if (block.timestamp > notAfter) revert VoucherExpired(notAfter, block.timestamp);
        // The cast is safe, as isVoucher says.
        return (identity, uint64(most));
    }
}
