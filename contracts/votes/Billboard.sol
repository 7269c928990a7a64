// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBillboard} from "../interfaces/IBillboard.sol";
import {IGate} from "../interfaces/IGate.sol";
import {IRound} from "../interfaces/IRound.sol";

/// @title A board whose n-th minute costs n, for a round's pool (BOARD-1 to BOARD-4)
/// @notice Holds no money: what is paid goes to the round in the same call, and the board is closed once the round takes none.
contract Billboard is IBillboard, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant MOST_MINUTES = 10_000;
    uint256 private constant MOST_WAITING = 256;
    uint256 private constant MOST_URI = 256;

    struct Content {
        bytes32 digest;
        string uri;
    }

    /// @dev An advertisement's turn, in seconds.
    struct Turn {
        bytes32 ad;
        uint256 length;
    }

    /// @inheritdoc IBillboard
    address public immutable token;
    /// @inheritdoc IBillboard
    uint128 public immutable price;
    /// @inheritdoc IBillboard
    address public immutable gate;
    /// @inheritdoc IBillboard
    address public immutable beneficiary;

    /// @inheritdoc IBillboard
    mapping(bytes32 ad => mapping(address payer => uint256)) public boughtBy;

    /// @notice Whether the gate has admitted an account.
    mapping(address payer => bool) public isAdmitted;

    mapping(bytes32 ad => Content) private _contents;

    /// @dev Turns in their order; those before `_head` are over, and the one there began at `_since`.
    Turn[] private _turns;
    uint256 private _head;
    uint256 private _since;

    /// @dev Place of an advertisement's last turn in `_turns`, plus 1; it is on the board if that is behind `_head`.
    mapping(bytes32 ad => uint256) private _places;

    constructor(address token_, uint128 price_, address gate_, address beneficiary_) {
        if (price_ == 0 || token_ == address(0)) revert WrongBoard();
        if (IRound(beneficiary_).config().poolToken != token_) revert WrongBoard();
        token = token_;
        price = price_;
        gate = gate_;
        beneficiary = beneficiary_;
    }

    /// @inheritdoc IBillboard
    function post(bytes32 digest, string calldata uri) external returns (bytes32 ad) {
        bytes calldata text = bytes(uri);
        if (digest == 0 || text.length > MOST_URI || bytes8(text) != "https://") revert WrongContent();
        ad = keccak256(abi.encode(digest, uri));
        if (_contents[ad].digest != 0) return ad;
        _contents[ad] = Content({digest: digest, uri: uri});
        emit Posted(ad, digest, uri);
    }

    /// @inheritdoc IBillboard
    function extend(bytes32 ad, uint256 bought, bytes calldata gateData) external nonReentrant {
        if (_contents[ad].digest == 0) revert UnknownAd(ad);
        if (bought == 0 || bought > MOST_MINUTES) revert WrongMinutes(bought, MOST_MINUTES);
        uint256 cost = costOf(ad, msg.sender, bought);
        boughtBy[ad][msg.sender] += bought;
        _lengthen(ad, bought * 1 minutes);
        emit Extended(ad, msg.sender, bought, cost, endOf(ad));

        if (!isAdmitted[msg.sender]) {
            isAdmitted[msg.sender] = true;
            IGate(gate).admit(msg.sender, _tagOf(msg.sender), 1, gateData);
        }
        IERC20(token).safeTransferFrom(msg.sender, address(this), cost);
        IERC20(token).forceApprove(beneficiary, cost);
        IRound(beneficiary).fund(cost);
    }

    /// @inheritdoc IBillboard
    function passOn() external nonReentrant {
        uint256 amount = IERC20(token).balanceOf(address(this));
        if (amount == 0) revert NothingToPassOn();
        address to = IRound(beneficiary).config().remainderTo;
        emit PassedOn(to, amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IBillboard
    function current() external view returns (bytes32 ad, bytes32 digest, string memory uri, uint256 end) {
        (uint256 head, uint256 since) = _present();
        if (head == _turns.length) return (0, 0, "", 0);
        Turn storage turn = _turns[head];
        Content storage content = _contents[turn.ad];
        return (turn.ad, content.digest, content.uri, since + turn.length);
    }

    /// @inheritdoc IBillboard
    function schedule() external view returns (bytes32[] memory ads, uint256[] memory ends) {
        (uint256 head, uint256 time) = _present();
        uint256 count = _turns.length - head;
        (ads, ends) = (new bytes32[](count), new uint256[](count));
        for (uint256 i = 0; i < count; i++) {
            Turn storage turn = _turns[head + i];
            time += turn.length;
            (ads[i], ends[i]) = (turn.ad, time);
        }
    }

    /// @inheritdoc IBillboard
    function endOf(bytes32 ad) public view returns (uint256 time) {
        (uint256 head, uint256 since) = _present();
        uint256 place = _places[ad];
        if (place <= head) return 0;
        time = since;
        for (uint256 i = head; i < place; i++) time += _turns[i].length;
    }

    /// @inheritdoc IBillboard
    function costOf(bytes32 ad, address payer, uint256 bought) public view returns (uint256) {
        uint256 before = boughtBy[ad][payer];
        return price * (bought * before + (bought * (bought + 1)) / 2);
    }

    /// @dev Turns that are over are left behind: at most as many as can wait.
    function _lengthen(bytes32 ad, uint256 length) private {
        (uint256 head, uint256 since) = _present();
        uint256 count = _turns.length;
        // Nothing is shown: what comes now begins at once.
        // solhint-disable-next-line not-rely-on-time, as seconds more or less matter to nobody
        if (head == count) since = block.timestamp;
        (_head, _since) = (head, since);
        uint256 place = _places[ad];
        if (place > head) {
            _turns[place - 1].length += length;
            return;
        }
        if (count - head >= MOST_WAITING) revert BoardFull(count - head);
        _turns.push(Turn({ad: ad, length: length}));
        _places[ad] = count + 1;
    }

    /// @dev The turn that is on at this time, and when it began; with none left, the number of turns.
    function _present() private view returns (uint256 head, uint256 since) {
        (head, since) = (_head, _since);
        // solhint-disable-next-line not-rely-on-time, as seconds more or less matter to nobody
        while (head < _turns.length && since + _turns[head].length <= block.timestamp) {
            since += _turns[head].length;
            head += 1;
        }
    }

    /// @dev One for each payer, as no key is needed here: the low 64 bits, the last of them set, as 0 is no tag.
    function _tagOf(address payer) private view returns (uint64) {
        // The cast selects the low 64 bits.
        return uint64(uint256(keccak256(abi.encode(payer, address(this))))) | 1;
    }
}
