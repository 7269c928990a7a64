// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

import {IRoundItems} from "./IRoundItems.sol";
import {IRoundMoney} from "./IRoundMoney.sol";
import {IRoundPhases} from "./IRoundPhases.sol";
import {IRoundTally} from "./IRoundTally.sol";

/// @title A round: everything that a client calls, in four parts
/// @notice Read them in this order: phases, items, tally, money.
// solhint-disable-next-line no-empty-blocks, as it is made of its parts
interface IRound is IRoundPhases, IRoundItems, IRoundTally, IRoundMoney {}
