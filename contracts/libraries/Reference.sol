// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title The reference of a document by its digest, as text (META-2)
library Reference {
    bytes32 private constant ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    /// @notice `ipfs://`, and the CID of version 1 (raw, SHA-256) in base32: 0x01551220 and the digest, in groups of five bits.
    /// @param digest SHA-256 of the document.
    /// @return text 66 characters.
    function encode(bytes32 digest) internal pure returns (string memory text) {
        bytes memory all = bytes("ipfs://b0000000000000000000000000000000000000000000000000000000000");
        uint256 rest = uint256(digest);
        // 288 bits and two zeros are 58 groups: the last has three bits of the digest.
        all[65] = ALPHABET[(rest & 7) << 2];
        rest >>= 3;
        for (uint256 i = 64; i >= 15; i--) {
            all[i] = ALPHABET[rest & 31];
            rest >>= 5;
        }
        // Three bits of the digest are left, with the prefix before them: seven groups.
        rest |= 0x01551220 << 3;
        for (uint256 i = 14; i >= 8; i--) {
            all[i] = ALPHABET[rest & 31];
            rest >>= 5;
        }
        return string(all);
    }
}
