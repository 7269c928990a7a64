// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.24;

import {IGate} from "tacit/contracts/interfaces/IGate.sol";

interface IHolders {
    function ownerOf(uint256 id) external view returns (address);
}

/// @title Admits the owner of a membership token, each token once a round
/// @notice The data of a call is abi.encode(uint256 member).
contract HolderGate is IGate {
    /// @inheritdoc IGate
    bytes32 public constant id = "holder";

    IHolders public immutable members;

    /// @notice The tag that a member's token was admitted with in a round, 0 if none.
    mapping(address round => mapping(uint256 member => uint64 tag)) public admitted;

    error NotTheOwner(address payer, uint256 member);
    error AlreadyAdmitted(uint256 member, uint64 tag);
    error NotAdmitted(uint256 member, uint64 tag);

    constructor(IHolders members_) {
        members = members_;
    }

    /// @inheritdoc IGate
    function admit(address payer, uint64 tag, uint64, bytes calldata data) external {
        uint256 member = abi.decode(data, (uint256));
        if (members.ownerOf(member) != payer) revert NotTheOwner(payer, member); // a copied transaction admits nobody else
        uint64 earlier = admitted[msg.sender][member];
        if (earlier != 0) revert AlreadyAdmitted(member, earlier);
        admitted[msg.sender][member] = tag;
    }

    /// @inheritdoc IGate
    function admitTopUp(address, uint64 tag, uint64, bytes calldata data) external view {
        uint256 member = abi.decode(data, (uint256));
        if (admitted[msg.sender][member] != tag) revert NotAdmitted(member, tag);
    }
}
