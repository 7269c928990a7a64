// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title A membership that anybody may give to anybody
contract TestMembership is ERC721("Membership", "MEMBER") {
    function mint(address account, uint256 tokenId) external {
        _mint(account, tokenId);
    }
}
