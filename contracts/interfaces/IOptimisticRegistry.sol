// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @notice What is fixed about an optimistic registry; its address follows from it (PROV-4).
struct OptimisticSettings {
    /// Who rules about challenged applications.
    address arbiter;
    /// What applying costs, and challenging, in wei; at least 1.
    uint256 bond;
    /// Seconds since 1970 from which nothing changes any more; below 2^40.
    uint256 freezeTime;
    /// Seconds in which an application can be challenged; at least 1.
    uint256 challengePeriod;
    /// Seconds in which the arbiter can rule, from the challenge on; at least 1.
    uint256 rulingPeriod;
    /// Seconds that are left at least to accept what nobody has rejected; at least 1.
    uint256 acceptPeriod;
    /// Applications that are not decided, at the most; at least 1.
    uint256 mostOpen;
    /// Who may name other addresses for projects' matches until the freeze time; 0 for nobody.
    address payeeSetter;
    /// Tells apart registries with the same settings.
    bytes32 nonce;
}

/// @notice Where an application stands. `Lapsed`: it was not decided by the freeze time, and has no index.
enum ApplicationStatus {
    None,
    Open,
    Challenged,
    Accepted,
    Rejected,
    Lapsed
}

/// @notice An application to an optimistic registry.
struct ProjectApplication {
    /// Who applied, and owns the bond.
    address applicant;
    /// When it was made or, from the challenge on, when it was challenged; seconds since 1970.
    uint40 time;
    /// Where it stands.
    ApplicationStatus status;
    /// Where the project's money shall go.
    address recipient;
    /// The Sustainable Development Goals that it names: bit i for goal i + 1.
    uint24 sdgMask;
    /// Who challenged it; 0 if nobody did.
    address challenger;
    /// SHA-256 of the project's document (META-1).
    bytes32 digest;
}

/// @title A registry in which applications become projects unless somebody challenges them (REG-3)
interface IOptimisticRegistry is IProjectRegistry {
    /// @notice Emitted when somebody has applied.
    event Applied(
        uint256 indexed application,
        address indexed applicant,
        address indexed recipient,
        bytes32 digest,
        uint256 sdgMask
    );

    /// @notice Emitted when an application was challenged.
    event Challenged(uint256 indexed application, address indexed challenger, string reason);

    /// @notice Emitted when the arbiter has ruled.
    event Ruled(uint256 indexed application, bool accepted);

    /// @notice Emitted when an application has become a project.
    event Accepted(uint256 indexed application, uint256 indexed project);

    /// @notice Emitted when a project has got its index; the same event as of the owner-approved registry.
    event ProjectAdded(uint256 indexed project, address indexed recipient, string metadataURI);

    /// @notice Emitted when a project's match was given another payee; the same event as of the owner-approved registry.
    event MatchRecipientSet(uint256 indexed project, address indexed matchRecipient);

    /// @notice Emitted when an application that was not decided by the freeze time has been closed.
    event Lapsed(uint256 indexed application);

    /// @notice Emitted when bonds were paid out.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Thrown when settings lack an arbiter, a bond, a period or a cap, or leave no time to apply.
    error WrongSettings();

    /// @notice Thrown when a call comes in the second in which it is no longer possible, or later.
    error TooLate(uint256 time, uint256 until);

    /// @notice Thrown when a call comes before it is possible.
    error TooEarly(uint256 time, uint256 from);

    /// @notice Thrown when the value sent is not the bond.
    error WrongBond(uint256 value, uint256 bond);

    /// @notice Thrown when a payout address is 0.
    error ZeroRecipient();

    /// @notice Thrown when a document's digest is 0.
    error ZeroDigest();

    /// @notice Thrown when goals beyond the seventeenth are named.
    error UnknownGoals(uint256 sdgMask);

    /// @notice Thrown when an application with this document and payout address is open or accepted.
    error DuplicateDigest(bytes32 digest);

    /// @notice Thrown when as many applications are undecided as the settings allow.
    error TooManyOpen(uint256 mostOpen);

    /// @notice Thrown when an application does not stand where the call needs it.
    error WrongStatus(uint256 application, ApplicationStatus status);

    /// @notice Thrown when a reason is empty or longer than 1,024 bytes.
    error ReasonLength(uint256 length);

    /// @notice Thrown when somebody else than the arbiter rules.
    error NotArbiter(address account);

    /// @notice Thrown when somebody else than the payee setter names a match's payee.
    error NotPayeeSetter(address account);

    /// @notice Thrown for a number that no project has.
    error NotEligible(uint256 project);

    /// @notice Thrown when lists that belong together differ in length.
    error LengthsDiffer(uint256 first, uint256 second);

    /// @notice Thrown when there would be more than 2^16 projects (PARAM-5).
    error TooManyProjects(uint256 projects);

    /// @notice Thrown when an account has nothing to withdraw.
    error NothingOwed(address account);

    /// @notice Applies with a project, and leaves the bond.
    /// @param recipient Where the project's money shall go.
    /// @param digest SHA-256 of its document, which is published on the board (META-1).
    /// @param sdgMask The goals that it names: bit i for goal i + 1.
    /// @return application The application's number, counted from 0.
    /// @dev Emits {Applied}.
    ///
    /// Notes:
    /// - Whether the document exists, and names the same goals, is not checked: a reason to challenge.
    ///
    /// Requirements: it is before {applicationsUntil}; the value is the bond; recipient and digest are not 0; no open or accepted
    /// application has both; fewer than `mostOpen` applications are undecided.
    function submit(address recipient, bytes32 digest, uint256 sdgMask) external payable returns (uint256 application);

    /// @notice Challenges an application, and leaves the bond.
    /// @param application Its number.
    /// @param reason What is wrong with it, for the arbiter and everybody: 1 to 1,024 bytes.
    /// @dev Emits {Challenged}.
    ///
    /// Requirements: the application is open, and its challenge period not over; the value is the bond.
    function challenge(uint256 application, string calldata reason) external payable;

    /// @notice Rules about a challenged application; both bonds go to who is right.
    /// @param application Its number.
    /// @param accepted Whether it becomes a project.
    /// @dev Emits {Ruled}, and {Accepted} and {ProjectAdded} where it does.
    ///
    /// Requirements: the caller is the arbiter; the application is challenged, and its ruling period not over; there is room for a project.
    function rule(uint256 application, bool accepted) external;

    /// @notice Makes a project of an application that nobody challenged, or about which the arbiter was silent. Anyone may call it.
    /// @param application Its number.
    /// @dev Emits {Accepted} and {ProjectAdded}. The applicant gets the bond, and the challenger's.
    ///
    /// Requirements: the period in question is over; it is before the freeze time; there is room for a project.
    function accept(uint256 application) external;

    /// @notice Names other addresses for projects' matches, for example escrows that release them in instalments (ESCROW-1).
    /// @param projects Their indices.
    /// @param matchRecipients Where each match is paid from then on; the project's own address again to undo it.
    /// @dev Emits {MatchRecipientSet} for each.
    ///
    /// Notes:
    /// - What donors gave goes to {recipientOf} whatever is named here.
    /// - Who is to name payees in time accepts applications as soon as it is possible: acceptPeriod is left at least.
    ///
    /// Requirements: the caller is the payee setter; it is before the freeze time; each project is there; no address is 0.
    function setMatchRecipients(uint256[] calldata projects, address[] calldata matchRecipients) external;

    /// @notice Closes an application that nobody accepted in time. Anyone may call it.
    /// @param application Its number.
    /// @dev Emits {Lapsed}. The applicant gets the bond, and the challenger's.
    ///
    /// Requirements: the freeze time has come; the application is open or challenged.
    function lapse(uint256 application) external;

    /// @notice Pays an account the bonds that it is owed. Anyone may call it.
    /// @param account Who is paid.
    /// @dev Emits {Withdrawn}.
    ///
    /// Requirements: the account is owed something, and takes it.
    function withdraw(address account) external;

    /// @notice What is fixed.
    /// @return All settings.
    function settings() external view returns (OptimisticSettings memory);

    /// @notice The second from which nobody can apply any more: every period of an application made before it ends by the freeze time.
    /// @return Seconds since 1970.
    function applicationsUntil() external view returns (uint256);

    /// @notice How many applications there were.
    /// @return Their number; theirs are 0 and up.
    function applicationCount() external view returns (uint256);

    /// @notice How many are not decided.
    /// @return At most `mostOpen`.
    function openApplications() external view returns (uint256);

    /// @notice An application.
    /// @param application Its number.
    /// @return What is kept of it; all 0 where there is none.
    function applicationOf(uint256 application) external view returns (ProjectApplication memory);

    /// @notice What an account can withdraw.
    /// @param account Which.
    /// @return Wei.
    function owedTo(address account) external view returns (uint256);
}
