// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title An issuer that is a contract: its signatures are the hashes that it was told to sign
contract TestIssuer is IERC1271 {
    mapping(bytes32 hash => bool) public signed;

    function sign(bytes32 hash) external {
        signed[hash] = true;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return signed[hash] ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
