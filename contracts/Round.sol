// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IRound} from "./interfaces/IRound.sol";
import {RoundItems} from "./round/RoundItems.sol";
import {RoundMoney} from "./round/RoundMoney.sol";
import {RoundPhases} from "./round/RoundPhases.sol";

/// @title A round of Tacit
/// @notice One implementation; RoundFactory makes clones of it with their settings in their code. It has no owner, cannot
/// be upgraded, and from `end` on nobody has any power over it but the coordinator's to commit and list results (PHASE-9).
// solhint-disable-next-line no-empty-blocks, as it is made of its parts
contract Round is RoundPhases, RoundItems, RoundMoney, IRound {}
