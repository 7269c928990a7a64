// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title A registry whose owner, and the editors whom the owner names, decide which applications become projects (REG-2, REG-4)
interface IOwnedRegistry {
    /// @notice Emitted when somebody has applied.
    event ApplicationSubmitted(
        uint256 indexed application,
        address indexed applicant,
        address indexed recipient,
        string metadataURI
    );

    /// @notice Emitted when a project has got its index.
    event ProjectAdded(uint256 indexed project, address indexed recipient, string metadataURI);

    /// @notice Emitted when a project has lost its eligibility.
    event ProjectDelisted(uint256 indexed project);

    /// @notice Emitted when a project's match goes somewhere else than what it was given.
    event MatchRecipientSet(uint256 indexed project, address indexed matchRecipient);

    /// @notice Emitted when an account has become an editor, or is none any more.
    event EditorSet(address indexed account, bool may);

    /// @notice Thrown from the freeze time on.
    error Frozen(uint256 time, uint256 freezeTime);

    /// @notice Thrown when a payout address is 0.
    error ZeroRecipient();

    /// @notice Thrown when an application does not exist or is approved already.
    error NotPending(uint256 application);

    /// @notice Thrown when a project does not exist or is delisted already.
    error NotEligible(uint256 project);

    /// @notice Thrown when there would be more than 2^16 projects (PARAM-5).
    error TooManyProjects(uint256 projects);

    /// @notice Thrown when an account that is neither the owner nor an editor changes projects.
    error NotEditor(address account);

    /// @notice Thrown when more accounts than that would ever have been editors or later owners.
    error TooManyEditors(uint256 most);

    /// @notice Thrown when two lists that belong together are not equally long.
    error LengthsDiffer(uint256 first, uint256 second);

    /// @notice Applies with a payout address and a pointer to a description.
    /// @param recipient Where the project's money goes.
    /// @param metadataURI The project's name, or where its description lies.
    /// @return application The application's index, counted from 0.
    /// @dev Emits {ApplicationSubmitted}.
    ///
    /// Requirements: it is before the freeze time; `recipient` is not 0.
    function submit(address recipient, string calldata metadataURI) external returns (uint256 application);

    /// @notice Makes applications projects, in the given order.
    /// @param applications Indices of pending applications.
    /// @dev Emits {ProjectAdded} for each.
    ///
    /// Requirements: it is before the freeze time; the caller is the owner or an editor; each application is pending.
    function approve(uint256[] calldata applications) external;

    /// @notice Adds projects without application, in the given order.
    /// @param recipients Where the projects' money goes.
    /// @param metadataURIs Names, or where the descriptions lie; one for each recipient.
    /// @dev Emits {ProjectAdded} for each.
    ///
    /// Requirements: it is before the freeze time; the caller is the owner or an editor; no recipient is 0; both lists are
    /// equally long.
    function addProjects(address[] calldata recipients, string[] calldata metadataURIs) external;

    /// @notice Takes a project's eligibility. Its index stays, so that earlier ballots keep their meaning.
    /// @param project The project's index.
    /// @dev Emits {ProjectDelisted}.
    ///
    /// Requirements: it is before the freeze time; the caller is the owner or an editor; the project is eligible.
    function delist(uint256 project) external;

    /// @notice Names where projects' matches are paid, for example escrows; what donors gave goes where it went.
    /// @param projects The projects' indices.
    /// @param matchRecipients The address for each.
    /// @dev Emits {MatchRecipientSet} for each. May be repeated: the last one counts.
    ///
    /// Requirements: it is before the freeze time; the caller is the owner; both lists are equally long; each project is eligible;
    /// no address is 0.
    function setMatchRecipients(uint256[] calldata projects, address[] calldata matchRecipients) external;

    /// @notice Makes an account an editor, who approves, adds and delists as the owner does, or takes that away.
    /// @param account Who.
    /// @param may Whether the account is an editor from now on.
    /// @dev Emits {EditorSet} unless it is so already.
    ///
    /// Notes:
    /// - An editor cannot name editors, nor owners, nor who is paid a match.
    /// - Editors stay when the registry gets another owner, or none.
    ///
    /// Requirements: it is before the freeze time; the caller is the owner; at most 64 accounts were ever remembered ({everEditors}).
    function setEditor(address account, bool may) external;

    /// @notice Whether an account is an editor.
    /// @param account Which.
    /// @return Whether it may approve, add and delist until the freeze time.
    function isEditor(address account) external view returns (bool);

    /// @notice Who could ever change projects besides the first owner: each account that was made an editor, or owner, before the
    /// freeze time, whether or not it still is.
    /// @return At most 64 accounts, in the order in which they were remembered.
    function everEditors() external view returns (address[] memory);
}
