// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @notice What a round asks its voters; its projects are the options (VOTE-1).
struct Question {
    /// Whether votes push a number, instead of choosing among options.
    bool isNumber;
    /// The projects to choose from, in increasing order, none for all of the round's; of a number the one that it stands for.
    uint16[] options;
    /// Of a number, in units of its last decimal: where it begins, how far one vote moves it, and its bounds. 0 for a choice.
    int128 start;
    uint128 step;
    int128 min;
    int128 max;
}

/// @notice What came of a question (VOTE-2, VOTE-3).
struct Answer {
    /// False for a choice in which no option has more votes for than against.
    bool isDecided;
    /// The option chosen, 0 if none; of a number the one that stands for it.
    uint256 option;
    /// T and S of that option: what it won with, and how strongly it was voted on (SEM-11). 0 if none.
    int256 votes;
    uint256 credits;
    /// Where a number stands; 0 for a choice.
    int256 value;
}

/// @title What a round's votes decide, for other contracts to act on (VOTE-4)
/// @notice Keeps no result and trusts no caller: whoever asks brings the whole list of results, which is held against the
/// round's own root. It does not ask where a round comes from: whoever acts on an answer has to know its round.
interface IQvOutcome {
    /// @notice Thrown when there is no question or too many, or one that makes no sense: no or unordered options, a step of 0,
    /// or a start beyond its bounds.
    error WrongQuestions();

    /// @notice Thrown when a round has no result, or one that its guardian may still make void.
    error NotSettled(address round);

    /// @notice Thrown when the entries are not the whole list of the round's results in its order.
    error NotTheResults(bytes32 root, bytes32 resultsRoot);

    /// @notice The questions, as they were fixed when this contract was made.
    /// @return All of them, in their order.
    function questions() external view returns (Question[] memory);

    /// @notice What a round's votes decide.
    /// @param round The round, whose result is settled: `paymentsFrom()` has come.
    /// @param entries The whole list of its results (TALLY-6), in its order.
    /// @return One answer a question. Votes for projects that are not eligible count for nothing.
    function outcome(address round, uint256[] calldata entries) external view returns (Answer[] memory);
}
