// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {Answer, IQvOutcome, Question} from "../interfaces/IQvOutcome.sol";
import {IRound} from "../interfaces/IRound.sol";
import {MountainRange} from "../libraries/MountainRange.sol";
import {ResultEntry} from "../libraries/ResultEntry.sol";

/// @title Decides what one set of questions comes to (VOTE-2 to VOTE-4)
/// @notice The questions are arguments of the constructor, so that the address of a contract made by CREATE2 stands for them:
/// a contract that names this one and a round has fixed what it asks, and whom.
contract QvOutcome is IQvOutcome {
    using MountainRange for MountainRange.Range;
    using ResultEntry for uint256;

    uint256 private constant MOST_QUESTIONS = 30;

    Question[] private _questions;

    constructor(Question[] memory questions_) {
        if (questions_.length == 0 || questions_.length > MOST_QUESTIONS) revert WrongQuestions();
        for (uint256 i = 0; i < questions_.length; i++) {
            Question memory question = questions_[i];
            _requireSound(question);
            for (uint256 k = 1; k < question.options.length; k++) {
                if (question.options[k] <= question.options[k - 1]) revert WrongQuestions();
            }
            _questions.push(question);
        }
    }

    /// @inheritdoc IQvOutcome
    function questions() external view returns (Question[] memory) {
        return _questions;
    }

    /// @inheritdoc IQvOutcome
    function outcome(address round, uint256[] calldata entries) external view returns (Answer[] memory answers) {
        uint256 from = IRound(round).paymentsFrom();
        // solhint-disable-next-line not-rely-on-time, as a minute more or less decides nothing
        if (from == 0 || block.timestamp < from) revert NotSettled(round);
        _requireResults(round, entries);
        uint256[] memory kept = _eligible(IProjectRegistry(IRound(round).config().registry), entries);
        answers = new Answer[](_questions.length);
        for (uint256 i = 0; i < answers.length; i++) {
            Question storage question = _questions[i];
            answers[i] = question.isNumber ? _number(question, kept) : _choice(question, kept);
        }
    }

    /// @dev Of each kind just the fields that it has, so that questions have one address.
    function _requireSound(Question memory question) private pure {
        bool isSound =
            question.isNumber
                ? question.options.length == 1 &&
                    question.step != 0 &&
                    question.min <= question.start &&
                    question.start <= question.max
                : question.step == 0 && question.start == 0 && question.min == 0 && question.max == 0;
        if (!isSound) revert WrongQuestions();
    }

    /// @dev Rebuilds the tree of MONEY-10 over the entries. The round's own list increases strictly, so that any other order or a
    /// longer list is another; and no more than 2^16 leaves are pushed.
    function _requireResults(address round, uint256[] calldata entries) private view {
        MountainRange.Range memory range;
        uint256 next = 0;
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 entry = entries[i];
            uint256 project = entry.project();
            if (project < next) break;
            next = project + 1;
            range.push(ResultEntry.leaf(project, entry.votes(), entry.credits()));
        }
        (bytes32 root, bytes32 wanted) = (range.root(), IRound(round).resultsRoot());
        if (root != wanted || range.leaves != entries.length) revert NotTheResults(root, wanted);
    }

    /// @dev The entries of eligible projects, in order.
    function _eligible(
        IProjectRegistry registry,
        uint256[] calldata entries
    ) private view returns (uint256[] memory kept) {
        kept = new uint256[](entries.length);
        uint256 count = 0;
        (uint256 wordIndex, uint256 bitmap) = (type(uint256).max, 0);
        for (uint256 i = 0; i < entries.length; i++) {
            uint256 project = entries[i].project();
            if (project >> 8 != wordIndex) {
                wordIndex = project >> 8;
                bitmap = registry.eligibility(wordIndex);
            }
            if ((bitmap >> (project & 255)) & 1 == 0) continue;
            kept[count] = entries[i];
            count += 1;
        }
        // solhint-disable-next-line no-inline-assembly, as only it shortens an array
        assembly ("memory-safe") {
            mstore(kept, count)
        }
    }

    /// @dev The option with the most votes, if they are more than 0; of equal ones the first (VOTE-2).
    function _choice(Question storage question, uint256[] memory kept) private view returns (Answer memory answer) {
        uint256 count = question.options.length;
        bool isOfAll = count == 0;
        if (isOfAll) count = kept.length;
        for (uint256 i = 0; i < count; i++) {
            uint256 entry = isOfAll ? kept[i] : _find(kept, question.options[i]);
            int256 votes = entry.votes();
            if (votes > answer.votes) {
                answer = Answer({
                    isDecided: true,
                    option: entry.project(),
                    votes: votes,
                    credits: entry.credits(),
                    value: 0
                });
            }
        }
    }

    /// @dev start + step·T, within the bounds (VOTE-3). Nothing overflows: |T| < 2^64 and step < 2^128.
    function _number(Question storage question, uint256[] memory kept) private view returns (Answer memory answer) {
        uint256 option = question.options[0];
        uint256 entry = _find(kept, option);
        int256 votes = entry.votes();
        int256 value = question.start + int256(uint256(question.step)) * votes;
        if (value < question.min) value = question.min;
        if (value > question.max) value = question.max;
        answer = Answer({isDecided: true, option: option, votes: votes, credits: entry.credits(), value: value});
    }

    /// @dev A project's entry, 0 if it is not among them: votes and credits of 0.
    function _find(uint256[] memory kept, uint256 project) private pure returns (uint256 entry) {
        (uint256 low, uint256 high) = (0, kept.length);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (kept[middle].project() < project) low = middle + 1;
            else high = middle;
        }
        if (low < kept.length && kept[low].project() == project) entry = kept[low];
    }
}
