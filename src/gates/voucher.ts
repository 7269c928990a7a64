import {
  concatHex,
  isAddress,
  isAddressEqual,
  isHex,
  numberToHex,
  parseAbi,
  size,
  type Address,
  type Hex,
  type TypedDataDefinition,
} from "viem";
import { BaseError } from "../errors.ts";
import type { CheckerKind } from "./checker.ts";

/** What an issuer says of a donor, for one contribution (GATE-8). */
export type Voucher = {
  readonly chainId: number;
  readonly checker: Address;
  readonly round: Address;
  /** The person, as the issuer tells people apart in this round: 32 bytes, not 0, and nobody else's business. */
  readonly nullifier: Hex;
  readonly tag: bigint;
  readonly maxCredits: bigint;
  /** The last second in which it holds, since 1970. */
  readonly notAfter: bigint;
};

export class VoucherFileError extends BaseError {
  constructor(why: string) {
    super(`This is no voucher for this contribution: ${why}.`, {
      fix: "Ask the issuer for one with `tacit voucher issue`, for the tag that `tacit publish` printed.",
    });
  }
}

const TYPES = {
  Voucher: [
    { name: "round", type: "address" },
    { name: "nullifier", type: "bytes32" },
    { name: "tag", type: "uint64" },
    { name: "maxCredits", type: "uint64" },
    { name: "notAfter", type: "uint64" },
  ],
} as const;

/** What the issuer's account signs (EIP-712). */
export function voucherTypedData({
  chainId,
  checker,
  round,
  nullifier,
  tag,
  maxCredits,
  notAfter,
}: Voucher): TypedDataDefinition<typeof TYPES, "Voucher"> {
  return {
    domain: { name: "Tacit voucher", version: "1", chainId, verifyingContract: checker },
    types: TYPES,
    primaryType: "Voucher",
    message: { round, nullifier, tag, maxCredits, notAfter },
  };
}

/** A signed voucher as a donor shows it to the checker. */
export function voucherEvidence(
  { nullifier, maxCredits, notAfter }: Pick<Voucher, "nullifier" | "maxCredits" | "notAfter">,
  signature: Hex,
): Hex {
  return concatHex([
    nullifier,
    numberToHex(maxCredits, { size: 32 }),
    numberToHex(notAfter, { size: 32 }),
    signature,
  ]);
}

/** A signed voucher as text that can be sent to a donor. */
export function showVoucher(voucher: Voucher, signature: Hex): string {
  const { tag, maxCredits, notAfter, ...rest } = voucher;
  return `${JSON.stringify(
    {
      kind: "tacit voucher",
      version: 1,
      ...rest,
      tag: String(tag),
      maxCredits: String(maxCredits),
      notAfter: String(notAfter),
      signature,
    },
    undefined,
    2,
  )}\n`;
}

/** @throws VoucherFileError */
export function parseVoucher(text: string): Voucher & { readonly signature: Hex } {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(text) as typeof fields;
  } catch {
    throw new VoucherFileError("it is not JSON");
  }
  if (fields?.["kind"] !== "tacit voucher" || fields["version"] !== 1)
    throw new VoucherFileError("its kind or version is another one");
  const address = (name: string): Address => {
    const value = fields[name];
    if (typeof value !== "string" || !isAddress(value, { strict: false }))
      throw new VoucherFileError(`its ${name} is not an address`);
    return value;
  };
  const integer = (name: string): bigint => {
    const value = fields[name];
    if (typeof value !== "string" || !/^\d{1,20}$/.test(value) || BigInt(value) >> 64n !== 0n)
      throw new VoucherFileError(`its ${name} is not a whole number below 2^64`);
    return BigInt(value);
  };
  const { nullifier, signature, chainId } = fields;
  if (!isHex(nullifier) || size(nullifier) !== 32)
    throw new VoucherFileError("its nullifier is not 32 bytes");
  if (!isHex(signature)) throw new VoucherFileError("its signature is not hexadecimal");
  if (typeof chainId !== "number") throw new VoucherFileError("its chainId is not a number");
  return {
    chainId,
    checker: address("checker"),
    round: address("round"),
    nullifier,
    tag: integer("tag"),
    maxCredits: integer("maxCredits"),
    notAfter: integer("notAfter"),
    signature,
  };
}

/** Whomever an issuer gave a voucher. */
export const voucher: CheckerKind = {
  id: "voucher",
  abi: parseAbi([
    "constructor(address issuer)",
    "function issuer() view returns (address)",
    "error NotIssued(bytes32 nullifier, uint64 tag)",
    "error VoucherExpired(uint256 notAfter, uint256 time)",
  ]),
  settings: ["issuer"],
  trust: ([issuer]) =>
    `that ${issuer}, who issued vouchers, gave each person one: it could make as many as it liked, and it knows which person has which tag`,
  asks: "file",
  bindsTag: true,
  fixes: {
    NotIssued:
      "Arguments are (nullifier, tag): ask the round's issuer for a voucher for this tag, after your ballot is on the chain, and give it with --evidence voucher=<file>.",
    VoucherExpired:
      "Arguments are (last second, now) since 1970: ask the issuer for a new voucher.",
  },
  without: "0x",
  dataFor: async ({ checker, round, tag, given }) => {
    const text = given?.["voucher"];
    if (text === undefined) return undefined;
    const own = parseVoucher(text);
    if (!isAddressEqual(own.checker, checker)) return undefined;
    if (!isAddressEqual(own.round, round)) throw new VoucherFileError("it is for another round");
    if (own.tag !== tag) throw new VoucherFileError(`it is for the tag ${own.tag}, not ${tag}`);
    return voucherEvidence(own, own.signature);
  },
};
