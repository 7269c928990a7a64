import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { zKey, type Logger } from "snarkjs";
import { BaseError } from "../errors.ts";
import { requireSafe } from "./artifacts.ts";
import { readContributions, type Contribution } from "./contributions.ts";
import type { VerificationKey } from "./verify.ts";

/** BLAKE2b-512 of the public powers-of-tau files (Hermez, 54 contributions and a beacon), as snarkjs's README lists them. */
export const PUBLIC_POWERS_OF_TAU: readonly string[] = [
  "ded2694169b7b08e898f736d5de95af87c3f1a64594013351b1a796dbee393bd825f88f9468c84505ddd11eb0b1465ac9b43b9064aa8ec97f2b73e04758b8a4a", // 2^12
  "58efc8bf2834d04768a3d7ffcd8e1e23d461561729beaac4e3e7a47829a1c9066d5320241e124a1a8e8aa6c75be0ba66f65bc8239a0542ed38e11276f6fdb4d9", // 2^13
  "eeefbcf7c3803b523c94112023c7ff89558f9b8e0cf5d6cdcba3ade60f168af4a181c9c21774b94fbae6c90411995f7d854d02ebd93fb66043dbb06f17a831c1", // 2^14
  "982372c867d229c236091f767e703253249a9b432c1710b4f326306bfa2428a17b06240359606cfe4d580b10a5a1f63fbed499527069c18ae17060472969ae6e", // 2^15
  "6a6277a2f74e1073601b4f9fed6e1e55226917efb0f0db8a07d98ab01df1ccf43eb0e8c3159432acd4960e2f29fe84a4198501fa54c8dad9e43297453efec125", // 2^16
  "6247a3433948b35fbfae414fa5a9355bfb45f56efa7ab4929e669264a0258976741dfbe3288bfb49828e5df02c2e633df38d2245e30162ae7e3bcca5b8b49345", // 2^17
  "7e6a9c2e5f05179ddfc923f38f917c9e6831d16922a902b0b4758b8e79c2ab8a81bb5f29952e16ee6c5067ed044d7857b5de120a90704c1d3b637fd94b95b13e", // 2^18
  "bca9d8b04242f175189872c42ceaa21e2951e0f0f272a0cc54fc37193ff6648600eaf1c555c70cdedfaf9fb74927de7aa1d33dc1e2a7f1a50619484989da0887", // 2^19
  "89a66eb5590a1c94e3f1ee0e72acf49b1669e050bb5f93c73b066b564dca4e0c7556a52b323178269d64af325d8fdddb33da3a27c34409b821de82aa2bf1a27b", // 2^20
];

/** SHA-256 iterations over the beacon's value: 2^10, snarkjs's least. A key that asks for more than 2^20 is refused, as checking takes as long. */
export const BEACON_POWER = 10;
const MOST_BEACON_POWER = 20;
/** Longest name that a key can hold, in UTF-16 units. */
const NAME_LENGTH = 64;

export class UnknownPowersOfTauError extends BaseError {
  constructor(file: string, found: string) {
    super(`${file} is not one of the public powers-of-tau files.`, {
      fix: "Use powersOfTau28_hez_final_<power>.ptau, downloaded anew; or give the hash that you trust with --ptau-hash.",
      details: [`its BLAKE2b-512 is ${found}`],
    });
  }
}

export class CeremonyError extends BaseError {
  constructor(what: string, fix: string, details: readonly string[] = []) {
    super(what, { fix, details });
  }
}

/** @throws UnknownPowersOfTauError unless the file is a public one, or has the given hash */
export async function requirePowersOfTau(file: string, trusted?: string): Promise<string> {
  const hash = createHash("blake2b512");
  await pipeline(createReadStream(file), hash);
  const found = hash.digest("hex");
  if (
    trusted === undefined ? !PUBLIC_POWERS_OF_TAU.includes(found) : trusted.toLowerCase() !== found
  )
    throw new UnknownPowersOfTauError(file, found);
  return found;
}

/** The key before any contribution: gamma = delta, so that everybody can forge for it. @throws CeremonyError */
export async function startPhase2(r1cs: string, ptau: string, zkey: string): Promise<void> {
  if ((await zKey.newZKey(r1cs, ptau, zkey)) === -1)
    throw new CeremonyError(
      `${ptau} and ${r1cs} do not go together.`,
      "Use a prepared powers-of-tau file of at least the circuit's power.",
    );
}

/** One person's contribution; gives its hash, to be published. The secret comes from the operating system and is gone when this returns. @throws CeremonyError */
export async function contributeToKey(
  before: string,
  after: string,
  name: string,
): Promise<string> {
  requireName(name, "name");
  return hex(await zKey.contribute(before, after, name, randomBytes(64).toString("hex")));
}

/**
 * The last step: a public value that nobody could foresee when the last contribution was made, 32 bytes in hexadecimal. `source` says where
 * everybody can look it up, and becomes the step's name in the key. @throws CeremonyError
 */
export async function applyBeacon(
  before: string,
  after: string,
  value: string,
  source: string,
): Promise<string> {
  if (!/^[0-9a-f]{64}$/i.test(value))
    throw new CeremonyError(
      `"${value}" is not a beacon value.`,
      "Give 64 hexadecimal digits, for example the hash of a block announced before.",
    );
  requireName(source, "source");
  return hex(await zKey.beacon(before, after, source, value, BEACON_POWER));
}

function requireName(text: string, what: string): void {
  if (text.trim() === "" || text.length > NAME_LENGTH || /\p{C}/u.test(text))
    throw new CeremonyError(
      `"${printable(text)}" cannot stand in a key as a ${what}.`,
      `Use 1 to ${NAME_LENGTH} printable characters.`,
    );
}

/** A name from a stranger's file, for a terminal: without characters that move the cursor or turn the line. */
export const printable = (name: string): string => name.replace(/\p{C}/gu, "\ufffd");

/**
 * Checks every step of a key from circuit and powers of tau, and lists the steps. What is a beacon, the step's type in the file says, and
 * snarkjs has checked it: never its name. `shown` is what messages call the key's file. @throws CeremonyError, MalformedKeyError
 */
export async function verifyPhase2(
  r1cs: string,
  ptau: string,
  zkey: string,
  shown = zkey,
): Promise<readonly Contribution[]> {
  const contributions = await readContributions(zkey, shown);
  const slow = contributions.find(
    (step) => step.kind === "beacon" && step.iterationsPower > MOST_BEACON_POWER,
  );
  if (slow !== undefined)
    throw new CeremonyError(
      `Step ${slow.place} of ${shown} asks for more than 2^${MOST_BEACON_POWER} iterations of a beacon.`,
      "Do not use it: `tacit setup beacon` never makes such a key.",
    );
  const lines: string[] = [];
  const note = (message: string) => void lines.push(message);
  const logger: Logger = { debug: () => undefined, info: note, warn: note, error: note };
  if (!(await zKey.verifyFromR1cs(r1cs, ptau, zkey, logger).catch(() => false))) {
    throw new CeremonyError(
      `${shown} is not a key of ${r1cs} made from ${ptau}.`,
      "Do not use it. Ask for the file before it, and for the hash that its maker published.",
      lines.slice(-3).map(printable),
    );
  }
  return contributions;
}

/** What must be true of a key that money depends on. @throws CeremonyError */
export function requireFinished(
  zkey: string,
  contributions: readonly Contribution[],
  least: number,
): void {
  const people = contributions.filter(({ kind }) => kind === "contribution").length;
  if (people < least)
    throw new CeremonyError(
      `${zkey} has ${people} contributions; ${least} are asked for.`,
      "Let more people contribute: one honest one is enough, if nobody knows which.",
    );
  const last = contributions.at(-1);
  if (last?.kind !== "beacon")
    throw new CeremonyError(
      `${zkey} does not end with a beacon.`,
      "Apply one with `tacit setup beacon`, with a value announced before the last contribution.",
    );
  if (people + 1 !== contributions.length)
    throw new CeremonyError(
      `${zkey} has more than one beacon.`,
      "Apply one only, after the last contribution: start from the key before the first beacon.",
    );
  if (last.iterationsPower < BEACON_POWER)
    throw new CeremonyError(
      `The beacon of ${zkey} has fewer than 2^${BEACON_POWER} iterations.`,
      "Apply it with `tacit setup beacon`.",
    );
}

/** The verifying key. @throws UnsafeKeyError where gamma = delta */
export async function exportVerificationKey(zkey: string): Promise<VerificationKey> {
  const key = await zKey.exportVerificationKey(zkey);
  requireSafe(key, zkey);
  return key;
}

/** Solidity of the verifier, under a name of its own. */
export async function exportVerifierSource(zkey: string, contract: string): Promise<string> {
  const snarkjs = path.dirname(createRequire(import.meta.url).resolve("snarkjs"));
  const groth16 = await readFile(
    path.join(snarkjs, "../templates/verifier_groth16.sol.ejs"),
    "utf8",
  );
  return (await zKey.exportSolidityVerifier(zkey, { groth16 })).replace(
    "contract Groth16Verifier {",
    `contract ${contract} {`,
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
