// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IChecker} from "../interfaces/IChecker.sol";

/// @title A condition: the payer is an account that a key holds, without code, and sent the transaction itself (GATE-7)
/// @notice No contract passes that shares an account among many, or lets its balance be bought. A delegation (EIP-7702) is code.
/// Contract wallets cannot take part. The evidence is not looked at.
contract PlainAccountChecker is IChecker {
    /// @inheritdoc IChecker
    bytes32 public constant id = "plain-account";

    /// @notice Thrown when the payer has code, or somebody else sent the transaction.
    error NotPlainAccount(address account);

    /// @inheritdoc IChecker
    function identify(
        address,
        address payer,
        uint64,
        uint64,
        bytes calldata
    ) external view returns (bytes32 identity, uint64 maxCredits) {
        // solhint-disable-next-line avoid-tx-origin, as who sent the transaction is what is asked; a contract in its constructor has no code
        if (tx.origin != payer || payer.code.length != 0) revert NotPlainAccount(payer);
        return (0, type(uint64).max);
    }
}
