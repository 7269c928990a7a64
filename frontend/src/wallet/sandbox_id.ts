/** How wagmi names the connector of the sandbox's wallet: by its reverse domain name. */
export const SANDBOX_WALLET = "tacit.sandbox";

/** Sent to the sandbox's wallet to choose the account that it answers with. */
export const SANDBOX_SELECT = "tacit_selectAccount";
