// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {MAX_PROJECTS} from "../generated/Params.sol";
import {InstalmentEscrow, InstalmentTerms} from "./InstalmentEscrow.sol";

/// @title Makes escrows as clones of one implementation, with their terms in their code (ESCROW-1)
contract InstalmentEscrowFactory {
    uint256 private constant WHOLE = 10_000;

    /// @notice What all escrows are clones of.
    address public immutable implementation;

    /// @notice Emitted for each escrow that is made.
    event EscrowMade(address indexed escrow, uint256 indexed project, address indexed payee);

    /// @notice Thrown for a payee or a `fallbackTo` of 0, a first instalment above the whole, a project that cannot be, milestones
    /// that are never frozen, and a deadline before their freeze.
    error WrongTerms(uint256 place);

    constructor() {
        implementation = address(new InstalmentEscrow());
    }

    /// @notice Makes those of these escrows that are not there yet. Anyone may: an escrow's address follows from its terms.
    /// @param all Terms, one escrow each.
    /// @return escrows Where they are.
    /// @dev Emits {EscrowMade} for each that is new.
    function make(InstalmentTerms[] calldata all) external returns (address[] memory escrows) {
        escrows = new address[](all.length);
        for (uint256 i = 0; i < all.length; i++) {
            bytes memory args = abi.encode(all[i]);
            address escrow = Clones.predictDeterministicAddressWithImmutableArgs(implementation, args, 0);
            escrows[i] = escrow;
            if (escrow.code.length != 0) continue;
            _require(all[i], i);
            Clones.cloneDeterministicWithImmutableArgs(implementation, args, 0);
            emit EscrowMade(escrow, all[i].project, all[i].payee);
        }
    }

    function _require(InstalmentTerms calldata terms, uint256 place) private view {
        bool isWrong =
            terms.payee == address(0) ||
                terms.fallbackTo == address(0) ||
                terms.firstBps > WHOLE ||
                terms.project >= MAX_PROJECTS;
        uint256 frozen = terms.milestones.freezeTime();
        if (isWrong || frozen == 0 || terms.deadline < frozen) revert WrongTerms(place);
    }
}
