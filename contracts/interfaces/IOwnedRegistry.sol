// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity >=0.8.24 <0.9;

/// @title A registry whose owner decides which applications become projects (REG-2)
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

    /// @notice Thrown when there is not one description for each recipient.
    error LengthsDiffer(uint256 recipients, uint256 metadataURIs);

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
    /// Requirements: it is before the freeze time; the caller is the owner; each application is pending.
    function approve(uint256[] calldata applications) external;

    /// @notice Adds projects without application, in the given order.
    /// @param recipients Where the projects' money goes.
    /// @param metadataURIs Names, or where the descriptions lie; one for each recipient.
    /// @dev Emits {ProjectAdded} for each.
    ///
    /// Requirements: it is before the freeze time; the caller is the owner; no recipient is 0; both lists are equally long.
    function addProjects(address[] calldata recipients, string[] calldata metadataURIs) external;

    /// @notice Takes a project's eligibility. Its index stays, so that earlier ballots keep their meaning.
    /// @param project The project's index.
    /// @dev Emits {ProjectDelisted}.
    ///
    /// Requirements: it is before the freeze time; the caller is the owner; the project is eligible.
    function delist(uint256 project) external;
}
