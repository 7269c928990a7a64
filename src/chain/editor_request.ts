import {
  bytesToBigInt,
  bytesToHex,
  concatBytes,
  encodeDeployData,
  erc6492SignatureValidatorAbi,
  erc6492SignatureValidatorByteCode,
  getAddress,
  hashMessage,
  hexToBytes,
  isAddressEqual,
  isErc6492Signature,
  keccak256,
  numberToBytes,
  parseAbi,
  recoverMessageAddress,
  type Address,
  type Hex,
} from "viem";
import { call } from "viem/actions";
import { dateOf } from "../date.ts";
import { BaseError } from "../errors.ts";
import { roundRefText, type RoundRef } from "../protocol/round_ref.ts";
import { hiddenIn } from "../readers/text.ts";
import { unlessSilent, type ReadClient } from "./client.ts";

/** An account asks the owner of a round's registry to make it an editor (REG-5). */
export type EditorRequest = {
  readonly round: RoundRef;
  readonly registry: Address;
  readonly account: Address;
  /** When it was asked, by the chain's latest block; whole seconds since 1970. */
  readonly time: number;
  /** Who asks, in own words: one line of at most MOST_NOTE bytes; may be empty. */
  readonly note: string;
};
export type SignedEditorRequest = EditorRequest & { readonly signature: Hex };

/** Bytes of a note in UTF-8. */
export const MOST_NOTE = 200;
/** A contract's signature may hold several, and how the contract is made (ERC-6492). */
const MOST_SIGNATURE = 8_192;
/** How long an owner may take to open it, in seconds: 30 days. */
const MOST_AGE = 30 * 86_400;
/** Two nodes' latest blocks differ by less, in seconds. */
const MOST_AHEAD = 3_600;

export class EditorRequestFormatError extends BaseError {
  constructor() {
    super("This is not a whole request to become a co-organiser.", {
      fix: "Copy the link once more, from its beginning to its end. Nothing was sent.",
    });
  }
}

export class EditorRequestPlaceError extends BaseError {
  constructor({ chainId, address }: RoundRef) {
    super(
      `The request is for another round: ${address} on chain ${chainId}, or its list of projects.`,
      {
        fix: "Ask for a request that was made from this round's invitation. Nothing was sent.",
      },
    );
  }
}

export class EditorRequestSignatureError extends BaseError {
  constructor(account: Address) {
    super(
      `The request was not signed by ${account}, which it names: somebody has changed or forged it.`,
      {
        fix: "Do not add this account. Ask the person for a new request, over a way that you trust. Nothing was sent.",
      },
    );
  }
}

export class EditorRequestAgeError extends BaseError {
  constructor(time: number) {
    super(
      `The request is of ${dateOf(time).toISOString()}: it is valid for 30 days, and not before its time.`,
      {
        fix: "Ask for a new one. Nothing was sent.",
      },
    );
  }
}

/** REG-5: what the account signs (EIP-191). Plain text for the reasons of KEY-5. */
export const editorRequestText = (request: EditorRequest): string =>
  [
    "Tacit: I ask to become a co-organiser",
    "",
    `Chain: ${request.round.chainId}`,
    `Round: ${getAddress(request.round.address)}`,
    `List of projects: ${getAddress(request.registry)}`,
    `My account: ${getAddress(request.account)}`,
    `Time: ${dateOf(request.time).toISOString()}`,
    `Note: ${request.note}`,
    "Purpose: the owner of this list may let my account approve, add and withdraw projects until the list is fixed. It moves no money.",
    "",
    "Sign this only if you want to help to organise this round.",
  ].join("\n");

const VERSION = 1;
const CHECK_LENGTH = 4;

/**
 * REG-5: as text for a link, base64url of `0x01 ‖ u64(chain id) ‖ round ‖ registry ‖ account ‖ u64(time) ‖ u16(bytes of the note) ‖ note ‖
 * signature ‖ the first 4 bytes of the hash (Keccak-256) of all that`. Nothing in it is secret.
 * @throws EditorRequestFormatError
 */
export function encodeEditorRequest(request: SignedEditorRequest): string {
  const note = new TextEncoder().encode(request.note);
  const signature = hexToBytes(request.signature);
  if (!isFit(request.note, note, signature)) throw new EditorRequestFormatError();
  const body = concatBytes([
    Uint8Array.of(VERSION),
    numberToBytes(request.round.chainId, { size: 8 }),
    ...[request.round.address, request.registry, request.account].map((one) => hexToBytes(one)),
    numberToBytes(request.time, { size: 8 }),
    numberToBytes(note.length, { size: 2 }),
    note,
    signature,
  ]);
  const bytes = concatBytes([body, keccak256(body, "bytes").slice(0, CHECK_LENGTH)]);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** The bytes before the note. */
const HEAD = 1 + 8 + 3 * 20 + 8 + 2;

/** Reads a request, alone or at the end of its link; who signed it is not known yet. @throws EditorRequestFormatError */
export function decodeEditorRequest(text: string): SignedEditorRequest {
  const bytes = fromBase64(text.trim().slice(text.trim().lastIndexOf("/") + 1));
  const body = bytes.slice(0, -CHECK_LENGTH);
  const check = bytesToHex(keccak256(body, "bytes").slice(0, CHECK_LENGTH));
  if (
    body.length <= HEAD ||
    body[0] !== VERSION ||
    bytesToHex(bytes.slice(-CHECK_LENGTH)) !== check
  )
    throw new EditorRequestFormatError();
  const number = (at: number, size: number) => Number(bytesToBigInt(body.slice(at, at + size)));
  const address = (place: number) =>
    getAddress(bytesToHex(body.slice(9 + 20 * place, 29 + 20 * place)));
  const [chainId, time, noteLength] = [number(1, 8), number(69, 8), number(77, 2)];
  const noteBytes = body.slice(HEAD, HEAD + noteLength);
  const signature = body.slice(HEAD + noteLength);
  const note = decodeNote(noteBytes);
  if (
    !Number.isSafeInteger(chainId) ||
    time > LAST_TIME ||
    noteBytes.length !== noteLength ||
    !isFit(note, noteBytes, signature)
  )
    throw new EditorRequestFormatError();
  return {
    round: { chainId, address: address(0) },
    registry: address(1),
    account: address(2),
    time,
    note,
    signature: bytesToHex(signature),
  };
}

/** Later ones are no dates (ECMA-262). */
const LAST_TIME = 8.64e12;

const isFit = (note: string, bytes: Uint8Array, signature: Uint8Array): boolean =>
  hiddenIn(note).length === 0 &&
  bytes.length <= MOST_NOTE &&
  signature.length > 0 &&
  signature.length <= MOST_SIGNATURE;

function fromBase64(text: string): Uint8Array {
  // Browsers take what is no base64url as base64 here and there: one request has one text.
  if (!/^[\w-]{1,12000}$/.test(text)) throw new EditorRequestFormatError();
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
      char.charCodeAt(0),
    );
  } catch {
    throw new EditorRequestFormatError();
  }
}

function decodeNote(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EditorRequestFormatError();
  }
}

/**
 * REG-5: that a request is for this round and its registry, not old, and signed by the account that it names; contracts sign as ERC-1271 and
 * ERC-6492 say. `now`: the time of the latest block, in seconds since 1970.
 * @throws EditorRequestPlaceError, EditorRequestAgeError, EditorRequestSignatureError, and what the node throws
 */
export async function checkEditorRequest(
  client: ReadClient,
  request: SignedEditorRequest,
  {
    round,
    registry,
    now,
  }: { readonly round: RoundRef; readonly registry: Address; readonly now: number },
): Promise<void> {
  if (
    roundRefText(request.round) !== roundRefText(round) ||
    !isAddressEqual(request.registry, registry)
  )
    throw new EditorRequestPlaceError(request.round);
  const { account, time } = request;
  if (!(await isSigned(client, request))) throw new EditorRequestSignatureError(account);
  if (time < now - MOST_AGE || time > now + MOST_AHEAD) throw new EditorRequestAgeError(time);
}

const ERC1271 = parseAbi(["function isValidSignature(bytes32, bytes) view returns (bytes4)"]);
/** Its word for yes. */
const YES = "0x1626ba7e";

/**
 * viem's verifyMessage takes a node that does not answer for a signature that is wrong, and brings 5 kB to every visitor: so what needs no node,
 * or one call, is done here, and of viem's no more than the validator of ERC-6492.
 */
async function isSigned(client: ReadClient, request: SignedEditorRequest): Promise<boolean> {
  const { account: address, signature } = request;
  const message = editorRequestText(request);
  const recovered = await recoverMessageAddress({ message, signature }).catch(() => undefined);
  if (recovered !== undefined && isAddressEqual(recovered, address)) return true;
  const hash = hashMessage(message);
  if (isErc6492Signature(signature)) {
    const data = encodeDeployData({
      abi: erc6492SignatureValidatorAbi,
      bytecode: erc6492SignatureValidatorByteCode,
      args: [address, hash, signature],
    });
    // Whatever the account's factory answers, no other server is asked for it (ERC-3668).
    const answer = await call({ ...client, ccipRead: false }, { data }).catch(unlessSilent);
    return answer?.data !== undefined && BigInt(answer.data) === 1n;
  }
  if ((await client.getCode({ address })) === undefined) return false;
  const answer = await client
    .readContract({
      address,
      abi: ERC1271,
      functionName: "isValidSignature",
      args: [hash, signature],
    })
    .catch(unlessSilent);
  return answer === YES;
}
