import { concatHex, getContractAddress, type Address, type Hex } from "viem";

/**
 * The deployer through which everything of a version goes: a contract that anybody can put on any chain at this one address, and that
 * creates what it is sent by CREATE2. So a contract's address is a function of its init code, and of nothing else (PROV-1).
 */
export const DEPLOYER: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
/** The salt of every deployment. */
export const SALT: Hex = `0x${"00".repeat(32)}`;

/**
 * The transaction that puts the deployer on a chain. Its signature is a number of everybody's choice and no key's work: nobody can send
 * another transaction from its account, so that its contract is at `DEPLOYER` or nowhere.
 */
export const DEPLOYER_TRANSACTION = {
  raw: concatHex([
    "0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe",
    "0x03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba0",
    `0x${"22".repeat(32)}`,
    "0xa0",
    `0x${"22".repeat(32)}`,
  ]),
  sender: "0x3fAB184622Dc19b6109349B94811493BF2a45362",
  /** Its gas limit times its gas price, in wei: what its sender must have. */
  cost: 100_000n * 100_000_000_000n,
} as const satisfies { raw: Hex; sender: Address; cost: bigint };

/** Where the deployer puts what this init code makes: constructor arguments included (EIP-1014). */
export function create2Address(initCode: Hex): Address {
  return getContractAddress({ opcode: "CREATE2", from: DEPLOYER, salt: SALT, bytecode: initCode });
}
