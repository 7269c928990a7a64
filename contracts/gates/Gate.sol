// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IChecker} from "../interfaces/IChecker.sol";
import {IGate} from "../interfaces/IGate.sol";

/// @title Admits whom its checkers know, each identity once a round (GATE-3, GATE-5)
/// @notice The one gate with memory. Its condition is up to four clauses of up to four checkers: a donor chooses one clause and
/// must satisfy each of its checkers. The data of a call is packed: the clause's number in a byte, and then, for each checker of
/// the clause, the length of its evidence in two bytes and the evidence.
///
/// With an identity the gate keeps its tag and the most credits that the clause allowed it. So the data of a top-up may name that
/// identity instead, up to those credits: a byte of 128 + 4 times the clause + the place of the checker, and the identity in 32.
/// Nobody gets more by it than could have been contributed in the first place.
///
/// A person whom several clauses know, each in its own way, is admitted once for each: only a checker that gives the same
/// identity for all of them can tell. One gate may serve many rounds: records are kept by round.
contract Gate is IGate {
    uint256 private constant MOST = 4;

    /// @dev In the first byte of a top-up's data: an identity follows, not evidence.
    uint256 private constant KNOWN = 128;

    /// @notice How an identity was admitted: with which tag, 0 if not at all, and with how many credits at most.
    struct Admission {
        uint64 tag;
        uint64 maxCredits;
    }

    /// @inheritdoc IGate
    bytes32 public constant id = "clauses";

    /// @notice Credits that each contribution must have, for equal budgets; 0 for any number.
    uint64 public immutable exactCredits;

    /// @dev Byte i counts the checkers of clause i: one word, as each contribution asks.
    uint256 private immutable _counts;

    /// @dev Checker j of clause i at place 4·i + j, 0 behind the last. In the code, as each contribution reads them.
    IChecker private immutable _c0;
    IChecker private immutable _c1;
    IChecker private immutable _c2;
    IChecker private immutable _c3;
    IChecker private immutable _c4;
    IChecker private immutable _c5;
    IChecker private immutable _c6;
    IChecker private immutable _c7;
    IChecker private immutable _c8;
    IChecker private immutable _c9;
    IChecker private immutable _c10;
    IChecker private immutable _c11;
    IChecker private immutable _c12;
    IChecker private immutable _c13;
    IChecker private immutable _c14;
    IChecker private immutable _c15;

    /// @notice How a checker's identity was admitted in a round.
    mapping(address round => mapping(address checker => mapping(bytes32 identity => Admission))) public admissions;

    /// @notice Emitted for each identity that was admitted with a tag: who speaks for it.
    event Admitted(address indexed round, uint64 indexed tag, address indexed checker, bytes32 identity);

    /// @notice Thrown when there are no clauses, an empty one, more than four, or more than four checkers in one.
    error WrongClauses();

    /// @notice Thrown when a checker has no code.
    error NotAContract(address checker);

    /// @notice Thrown when a clause is named that does not exist.
    error UnknownClause(uint256 clause);

    /// @notice Thrown when the data, of so many bytes, is not a clause with one evidence for each of its checkers.
    error WrongEvidence(uint256 length);

    /// @notice Thrown when a clause holds conditions only, which tell nobody apart.
    error NobodyIdentified(uint256 clause);

    /// @notice Thrown when somebody wants more credits than a checker allows.
    error AboveLimit(uint64 credits, uint64 maxCredits);

    /// @notice Thrown when a contribution does not have exactly the gate's credits.
    error NotExactCredits(uint64 credits, uint64 exactCredits);

    /// @notice Thrown when an identity comes a second time.
    error AlreadyAdmitted(address checker, bytes32 identity, uint64 tag);

    /// @notice Thrown when a top-up is for a tag that the identity was not admitted with.
    error NotAdmitted(address checker, bytes32 identity, uint64 tag);

    constructor(IChecker[][] memory clauses_, uint64 exactCredits_) {
        if (clauses_.length == 0 || clauses_.length > MOST) revert WrongClauses();
        uint256 counts = 0;
        for (uint256 i = 0; i < clauses_.length; i++) {
            if (clauses_[i].length == 0 || clauses_[i].length > MOST) revert WrongClauses();
            counts |= clauses_[i].length << (i * 8);
            for (uint256 j = 0; j < clauses_[i].length; j++) {
                if (address(clauses_[i][j]).code.length == 0) revert NotAContract(address(clauses_[i][j]));
            }
        }
        exactCredits = exactCredits_;
        _counts = counts;
        _c0 = _at(clauses_, 0);
        _c1 = _at(clauses_, 1);
        _c2 = _at(clauses_, 2);
        _c3 = _at(clauses_, 3);
        _c4 = _at(clauses_, 4);
        _c5 = _at(clauses_, 5);
        _c6 = _at(clauses_, 6);
        _c7 = _at(clauses_, 7);
        _c8 = _at(clauses_, 8);
        _c9 = _at(clauses_, 9);
        _c10 = _at(clauses_, 10);
        _c11 = _at(clauses_, 11);
        _c12 = _at(clauses_, 12);
        _c13 = _at(clauses_, 13);
        _c14 = _at(clauses_, 14);
        _c15 = _at(clauses_, 15);
    }

    /// @inheritdoc IGate
    function admit(address payer, uint64 tag, uint64 credits, bytes calldata data) external {
        (uint256 clause, bytes32[] memory identities, uint64 maxCredits) = _identifyAll(payer, tag, credits, data);
        for (uint256 i = 0; i < identities.length; i++) {
            bytes32 identity = identities[i];
            if (identity == 0) continue;
            address checker = _checkerAt(clause, i);
            uint64 earlier = admissions[msg.sender][checker][identity].tag;
            if (earlier != 0) revert AlreadyAdmitted(checker, identity, earlier);
            admissions[msg.sender][checker][identity] = Admission({tag: tag, maxCredits: maxCredits});
            emit Admitted(msg.sender, tag, checker, identity);
        }
    }

    /// @inheritdoc IGate
    function admitTopUp(address payer, uint64 tag, uint64 newCredits, bytes calldata data) external view {
        if (data.length == 33 && uint8(data[0]) >= KNOWN) {
            uint256 place = uint8(data[0]) - KNOWN;
            _requireExact(newCredits);
            uint64 most = _requireAdmitted(_checkerAt(place / MOST, place % MOST), bytes32(data[1:]), tag);
            if (newCredits > most) revert AboveLimit(newCredits, most);
            return;
        }
        (uint256 clause, bytes32[] memory identities, ) = _identifyAll(payer, tag, newCredits, data);
        for (uint256 i = 0; i < identities.length; i++) {
            if (identities[i] != 0) _requireAdmitted(_checkerAt(clause, i), identities[i], tag);
        }
    }

    /// @notice The checkers of each clause.
    /// @return all By clause, in the order in which evidence is given for them.
    function clauses() external view returns (address[][] memory all) {
        uint256 count = 0;
        while (_checkersIn(count) != 0) count++;
        all = new address[][](count);
        for (uint256 i = 0; i < count; i++) {
            all[i] = new address[](_checkersIn(i));
            for (uint256 j = 0; j < all[i].length; j++) {
                all[i][j] = _checkerAt(i, j);
            }
        }
    }

    /// @dev Asks each checker of the chosen clause. The evidence stays where it is: copying a proof would cost more than checking it.
    /// @return clause The clause's number.
    /// @return identities One for each checker of the clause, 0 where it is a mere condition.
    /// @return maxCredits The least limit that a checker of the clause sets.
    function _identifyAll(
        address payer,
        uint64 tag,
        uint64 credits,
        bytes calldata data
    ) private view returns (uint256 clause, bytes32[] memory identities, uint64 maxCredits) {
        _requireExact(credits);
        if (data.length == 0) revert WrongEvidence(0);
        clause = uint8(data[0]);
        uint256 count = _checkersIn(clause);
        if (count == 0) revert UnknownClause(clause);
        identities = new bytes32[](count);
        maxCredits = type(uint64).max;
        bytes32 any = 0;
        uint256 position = 1;
        // Nothing wraps: positions are at most 2^18.
        unchecked {
            for (uint256 i = 0; i < count; i++) {
                bytes calldata evidence = _evidenceAt(data, position);
                (bytes32 identity, uint64 limit) = _identify(_checkerAt(clause, i), payer, tag, credits, evidence);
                position += 2 + evidence.length;
                identities[i] = identity;
                any |= identity;
                if (limit < maxCredits) maxCredits = limit;
            }
        }
        if (position != data.length) revert WrongEvidence(data.length);
        if (any == 0) revert NobodyIdentified(clause);
        if (credits > maxCredits) revert AboveLimit(credits, maxCredits);
    }

    /// @dev The evidence whose length stands at `position`.
    function _evidenceAt(bytes calldata data, uint256 position) private pure returns (bytes calldata evidence) {
        // solhint-disable-next-line no-inline-assembly, as only it points into calldata without three bounds checks
        assembly ("memory-safe") {
            let at := add(data.offset, position)
            evidence.offset := add(at, 2)
            evidence.length := shr(240, calldataload(at))
        }
        // Where the length itself is not of the data, this is not either.
        if (position + 2 + evidence.length > data.length) revert WrongEvidence(data.length);
    }

    function _requireExact(uint64 credits) private view {
        if (exactCredits != 0 && credits != exactCredits) revert NotExactCredits(credits, exactCredits);
    }

    /// @dev An identity that was not admitted at all has no tag, and a round gives nobody the tag 0.
    function _requireAdmitted(address checker, bytes32 identity, uint64 tag) private view returns (uint64 maxCredits) {
        Admission storage admission = admissions[msg.sender][checker][identity];
        if (admission.tag != tag) revert NotAdmitted(checker, identity, tag);
        maxCredits = admission.maxCredits;
    }

    /// @dev By a static call, so that no checker can come back.
    function _identify(
        address checker,
        address payer,
        uint64 tag,
        uint64 credits,
        bytes calldata evidence
    ) private view returns (bytes32 identity, uint64 maxCredits) {
        bytes4 question = IChecker.identify.selector;
        // solhint-disable-next-line no-inline-assembly, as the compiler's own call costs twice as much
        assembly ("memory-safe") {
            // abi.encodeCall(identify, (msg.sender, payer, tag, credits, evidence)) above the memory in use. The end is not filled
            // up with zeros, which no decoder needs.
            let at := mload(64)
            mstore(at, question)
            mstore(add(at, 4), caller())
            mstore(add(at, 36), payer)
            mstore(add(at, 68), tag)
            mstore(add(at, 100), credits)
            mstore(add(at, 132), 160)
            mstore(add(at, 164), evidence.length)
            calldatacopy(add(at, 196), evidence.offset, evidence.length)
            if iszero(staticcall(gas(), checker, at, add(evidence.length, 196), 0, 64)) {
                returndatacopy(at, 0, returndatasize())
                revert(at, returndatasize())
            }
            // Two words, the second a uint64: anything else is no answer.
            if lt(returndatasize(), 64) {
                revert(0, 0)
            }
            identity := mload(0)
            maxCredits := mload(32)
            if shr(64, maxCredits) {
                revert(0, 0)
            }
        }
    }

    /// @dev How many checkers a clause has: 0 if there is no such clause.
    function _checkersIn(uint256 clause) private view returns (uint256) {
        return clause < MOST ? (_counts >> (clause * 8)) & 255 : 0;
    }

    /// @dev Checker i of a clause that has one. By clause and then by checker, as an immutable has no index.
    function _checkerAt(uint256 clause, uint256 i) private view returns (address) {
        if (clause == 0) return _oneOf(i, _c0, _c1, _c2, _c3);
        if (clause == 1) return _oneOf(i, _c4, _c5, _c6, _c7);
        if (clause == 2) return _oneOf(i, _c8, _c9, _c10, _c11);
        return _oneOf(i, _c12, _c13, _c14, _c15);
    }

    function _oneOf(uint256 i, IChecker a, IChecker b, IChecker c, IChecker d) private pure returns (address) {
        if (i == 0) return address(a);
        if (i == 1) return address(b);
        return address(i == 2 ? c : d);
    }

    function _at(IChecker[][] memory all, uint256 place) private pure returns (IChecker) {
        (uint256 i, uint256 j) = (place / MOST, place % MOST);
        return i < all.length && j < all[i].length ? all[i][j] : IChecker(address(0));
    }
}
