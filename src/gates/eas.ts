import { isHex, pad, parseAbi, size } from "viem";
import { BaseError } from "../errors.ts";
import type { CheckerKind } from "./checker.ts";

export class AttestationNumberError extends BaseError {
  constructor(text: string) {
    super(`"${text}" is not the number of an attestation.`, {
      fix: "Give its UID: 0x and 64 hexadecimal digits, as the attester or an explorer of attestations shows it.",
    });
  }
}

/** Whom an attester attested something in the Ethereum Attestation Service (GATE-13). */
export const eas: CheckerKind = {
  id: "eas",
  abi: parseAbi([
    "constructor(address eas, bytes32 schema, address attester, bool personInData, uint64 creditsEach)",
    "function eas() view returns (address)",
    "function schema() view returns (bytes32)",
    "function attester() view returns (address)",
    "function personInData() view returns (bool)",
    "function creditsEach() view returns (uint64)",
    "error NotAttested(bytes32 uid, address account)",
    "error AttestationRevoked(uint64 revocationTime)",
    "error AttestationExpired(uint64 expirationTime, uint256 time)",
    "error NoPersonAttested(bytes32 uid)",
  ]),
  settings: ["eas", "schema", "attester", "personInData", "creditsEach"],
  trust: ([service, , attester, personInData]) =>
    `that ${attester}, who attested, told people apart${personInData === true ? "" : ", and attested one account to each"}; and that ${service} is the chain's own Ethereum Attestation Service`,
  asks: "attestation UID",
  fixes: {
    NotAttested:
      "Arguments are (UID, account): give the UID of the attestation that was made for the paying account, with --evidence eas=<UID>.",
    AttestationRevoked:
      "The argument is the time in seconds since 1970: the attester took it back; ask for a new one.",
    AttestationExpired:
      "Arguments are (time of expiry, now) since 1970: ask the attester for a new one.",
    NoPersonAttested:
      "The attestation does not say which person it is for: the attester has to make one that does.",
  },
  without: "0x",
  dataFor: async ({ given }) => {
    const text = given?.["eas"]?.trim();
    if (text === undefined || text === "") return undefined;
    if (!isHex(text) || size(text) !== 32) throw new AttestationNumberError(text);
    return text;
  },
  identityFor: ({ payer, settings: [, , , personInData] }) =>
    personInData === true ? undefined : pad(payer, { size: 32 }),
};
