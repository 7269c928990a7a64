// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MAX_PROJECTS} from "../generated/Params.sol";
import {IMilestones} from "../interfaces/IMilestones.sol";
import {IQualifier} from "../interfaces/IQualifier.sol";

/// @title What a reviewer says of one project
struct Review {
    /// @dev The project's index.
    uint256 project;
    /// @dev What it gives back for each unit that it costs, in thousandths.
    uint32 sroiMilli;
    /// @dev The SHA-256 digest of a report, 0 for none.
    bytes32 reportDigest;
}

/// @title Reviews of what projects give back to society for what they cost (SROI), by a fixed panel (REVIEW-1)
/// @notice Each reviewer says a ratio for a project, in thousandths, and may say another until the freeze: the last word counts.
/// A project is qualified if at least `quorum` reviewers have spoken of it and the lower median of what they said is at
/// least 1: it gives back what it costs.
///
/// Numbers of projects are those of one registry, which the panel must agree about; this contract does not know it. So what
/// is said of a number that no project has yet counts for the project that gets it.
contract Reviews is IQualifier, IMilestones {
    /// @inheritdoc IQualifier
    bytes32 public constant id = "reviews";

    uint256 private constant MOST_REVIEWERS = 15;
    /// @dev A ratio of 1 in thousandths, plus 1 as it is kept.
    uint256 private constant GOOD = 1_001;

    /// @notice How many reviews of a project are needed, in [1, number of reviewers].
    uint256 public immutable quorum;

    /// @dev See {freezeTime}.
    uint256 private immutable _freezeTime;

    /// @notice Tells apart panels that are alike in all else.
    bytes32 public immutable salt;

    address[] private _reviewers;

    /// @dev Place in the panel, plus 1.
    mapping(address reviewer => uint256) private _placeOf;

    /// @dev By place in the panel, each the ratio in thousandths plus 1; 0 for none.
    mapping(uint256 project => uint40[15]) private _reviews;

    /// @inheritdoc IQualifier
    mapping(uint256 wordIndex => uint256) public qualified;

    /// @notice Emitted for each review; the last one of a reviewer and a project counts.
    event Reviewed(uint256 indexed project, address indexed reviewer, uint32 sroiMilli, bytes32 reportDigest);

    /// @notice Thrown for a panel of nobody, of more than 15, with 0 or the same account twice, for a quorum of 0 or above the number
    /// of reviewers, and for a freeze that is not ahead.
    error WrongSettings();

    /// @notice Thrown from the freeze time on.
    error ReviewsFrozen(uint256 time, uint256 freezeTime);

    /// @notice Thrown when somebody else than a reviewer speaks.
    error NotReviewer(address account);

    /// @notice Thrown for a number that no project can have.
    error NoSuchProject(uint256 project);

    /// @param reviewers_ The panel, for good.
    /// @param quorum_ See {quorum}.
    /// @param freezeTime_ Seconds since 1970.
    /// @param salt_ See {salt}.
    constructor(address[] memory reviewers_, uint256 quorum_, uint256 freezeTime_, bytes32 salt_) {
        uint256 count = reviewers_.length;
        // solhint-disable-next-line not-rely-on-time, as the freeze is a time
        bool isAhead = freezeTime_ > block.timestamp;
        if (count > MOST_REVIEWERS || quorum_ == 0 || quorum_ > count || !isAhead) revert WrongSettings();
        for (uint256 i = 0; i < count; i++) {
            address reviewer = reviewers_[i];
            if (reviewer == address(0) || _placeOf[reviewer] != 0) revert WrongSettings();
            _placeOf[reviewer] = i + 1;
        }
        _reviewers = reviewers_;
        quorum = quorum_;
        _freezeTime = freezeTime_;
        salt = salt_;
    }

    /// @notice Says what projects are worth, or says it anew: all of it, or nothing. By reviewers, before the freeze.
    /// @param all One or more projects; of the same project more than once the last counts.
    /// @dev Emits {Reviewed} for each.
    function review(Review[] calldata all) external {
        // solhint-disable-next-line not-rely-on-time, as the freeze is a time
        if (block.timestamp >= _freezeTime) revert ReviewsFrozen(block.timestamp, _freezeTime);
        uint256 place = _placeOf[msg.sender];
        if (place == 0) revert NotReviewer(msg.sender);
        for (uint256 i = 0; i < all.length; i++) {
            (uint256 project, uint32 sroiMilli) = (all[i].project, all[i].sroiMilli);
            if (project >= MAX_PROJECTS) revert NoSuchProject(project);
            // The cast is safe: at most 2^32.
            _reviews[project][place - 1] = uint40(uint256(sroiMilli) + 1);
            _decide(project);
            emit Reviewed(project, msg.sender, sroiMilli, all[i].reportDigest);
        }
    }

    /// @inheritdoc IQualifier
    function freezeTime() external view override(IQualifier, IMilestones) returns (uint256) {
        return _freezeTime;
    }

    /// @inheritdoc IMilestones
    /// @dev Nothing before the freeze: until then the panel may change its mind.
    function passed(uint256 project) external view returns (bool) {
        // solhint-disable-next-line not-rely-on-time, as the freeze is a time
        return block.timestamp >= _freezeTime && (qualified[project >> 8] >> (project & 255)) & 1 == 1;
    }

    /// @notice The panel.
    /// @return Accounts.
    function reviewers() external view returns (address[] memory) {
        return _reviewers;
    }

    /// @notice What the panel says of projects.
    /// @param projects Their indices.
    /// @return all For each, by place in the panel, the ratio in thousandths plus 1; 0 for a reviewer that has not spoken.
    function reviewsOf(uint256[] calldata projects) external view returns (uint40[15][] memory all) {
        all = new uint40[15][](projects.length);
        for (uint256 i = 0; i < projects.length; i++) all[i] = _reviews[projects[i]];
    }

    /// @dev The lower median is at least x iff more than half of all are.
    function _decide(uint256 project) private {
        uint40[15] memory all = _reviews[project];
        (uint256 given, uint256 good) = (0, 0);
        for (uint256 i = 0; i < MOST_REVIEWERS; i++) {
            if (all[i] != 0) given += 1;
            if (all[i] >= GOOD) good += 1;
        }
        uint256 bit = 1 << (project & 255);
        uint256 word = qualified[project >> 8];
        qualified[project >> 8] = given >= quorum && 2 * good > given ? word | bit : word & ~bit;
    }
}
