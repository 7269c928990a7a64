import { InvalidArgumentError, Option, type Command } from "commander";
import { parseEther, type Address, type Hex } from "viem";
import type { Finality } from "../../chain/finality.ts";
import { installed } from "../../installation.ts";
import { readAddress, type AddressProblem } from "../../readers/address.ts";
import { EnsName } from "./ens_name.ts";
import { PROVERS, type ProverName } from "../../proofs/prover.ts";

/** Options that several commands share; each is described here and nowhere else. */
const SHARED = {
  rpc: () =>
    new Option(
      "--rpc <url>",
      "JSON-RPC of the chain (repeatable: the others stand in where one fails; TACIT_RPC takes several, separated by blanks or commas)",
    )
      .env("TACIT_RPC")
      .default(DEFAULT_RPC, DEFAULT_RPC[0])
      .argParser(collectUrls),
  universalResolver: () =>
    new Option(
      "--universal-resolver <address>",
      "where names such as ana.eth are looked up, on a chain where this version does not know it (default: the Ethereum Name Service's)",
    )
      .env("TACIT_UNIVERSAL_RESOLVER")
      .argParser(parsePlainAddress),
  chain: () =>
    new Option("--chain <id>", "refuse unless the RPC serves this chain").argParser(parseCount),
  round: () =>
    new Option("--round <address>", "the round")
      .env("TACIT_ROUND")
      .makeOptionMandatory()
      .argParser(parseAddress),
  account: () =>
    new Option(
      "--account-key <file>",
      "file with the private key of the account that sends (or set TACIT_ACCOUNT_KEY to the key itself)",
    ),
  keyFile: () =>
    new Option("--key-file <file>", "key file made by `tacit keygen`").makeOptionMandatory(),
  fromBlock: () =>
    new Option(
      "--from-block <number>",
      "a block at or before the round's creation, where no RPC tells it",
    ).argParser(parseInteger),
  artifacts: () =>
    new Option("--artifacts <folder>", "circuits and keys, with their manifest.json")
      .env("TACIT_ARTIFACTS")
      .default(DEFAULT_ARTIFACTS, "build/"),
  prover: () =>
    new Option(
      "--prover <name>",
      "who makes proofs (default: the program that TACIT_PROVER names, or wasm, this repository's; snarkjs takes several times as long)",
    ).choices(PROVERS),
  json: () => new Option("--json", "print JSON; integers are strings, amounts are in token units"),
  verbose: () => new Option("--verbose", "on unexpected errors, print where they come from"),
} as const;
export type SharedOption = keyof typeof SHARED;

/** The values of shared options, as commander gives them. */
export type SharedValues = {
  readonly rpc: readonly string[];
  readonly universalResolver?: Address;
  readonly fromBlock?: bigint;
  readonly chain?: number;
  readonly prover?: ProverName;
  readonly round: Address;
  readonly accountKey?: string;
  readonly keyFile: string;
  readonly artifacts: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
};

const DEFAULT_RPC: readonly string[] = ["http://127.0.0.1:8545"];
const DEFAULT_ARTIFACTS = installed("build");

/** Adds shared options, and the two that every command has. Who names a round needs the keys by which it is recognised. */
export function withOptions(command: Command, ...names: readonly SharedOption[]): Command {
  const keys = names.includes("round") ? (["artifacts", "fromBlock"] as const) : [];
  const nameService = names.includes("rpc") ? (["universalResolver"] as const) : [];
  for (const name of new Set([...names, ...nameService, ...keys, "json", "verbose"] as const))
    command.addOption(SHARED[name]());
  return command;
}

/** Help text with examples, one a line. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}\n`;
}

/** An address. A name such as "ana.eth" comes back as it is, and is looked up before the command begins (see `resolveNames`). */
export function parseAddress(text: string): Address {
  const reading = readAddress(text);
  if ("address" in reading) return reading.address;
  if (reading.problem === "name") return new EnsName(reading.name) as unknown as Address;
  throw new InvalidArgumentError(`Not an address: ${addressProblem(reading.problem)}.`);
}

/** An address, and no name that would have to be looked up. */
function parsePlainAddress(text: string): Address {
  const reading = readAddress(text);
  if ("address" in reading) return reading.address;
  throw new InvalidArgumentError(`Not an address: ${addressProblem(reading.problem)}.`);
}

/** Why a text is not an address. */
export function addressProblem(problem: AddressProblem): string {
  switch (problem) {
    case "empty":
      return "it is empty";
    case "checksum":
      return "its checksum is wrong, so a letter or digit of it is; copy it anew";
    case "prefix":
      return "leave out what stands before 0x, and see that the chain is the right one";
    case "name":
      return "names are not looked up here";
    case "form":
      return "it is not 0x and 40 hexadecimal digits";
  }
}

export function parseUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError("Not an http or https URL.");
  return text;
}

export function parseHash(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text))
    throw new InvalidArgumentError("Not the hash of a transaction (0x and 64 hexadecimal digits).");
  return text.toLowerCase() as Hex;
}

/** Collects the URLs of an option that may be given several times, in place of its default; one text may hold several. */
export function collectUrls(text: string, earlier: readonly string[] = []): string[] {
  const urls = text
    .split(/[\s,]+/)
    .filter((url) => url !== "")
    .map(parseUrl);
  return [...new Set([...(earlier === DEFAULT_RPC ? [] : earlier), ...urls])];
}

/** An integer from 0 to 2^53 - 1. */
export function parseCount(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError("Not a whole number.");
  return Number(text);
}

export function parseFinality(text: string): Finality {
  return text === "finalized" ? text : parseCount(text);
}

/** An integer of any size, at least 0. */
export function parseInteger(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("Not a whole number.");
  return BigInt(text);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600, d: 86_400 };

/** Seconds from "90", "90s", "15min", "2h" or "14d". */
export function parseDuration(text: string): number {
  const match = /^(\d+)(s|min|h|d)?$/.exec(text);
  const seconds = Number(match?.[1]) * (UNITS[match?.[2] ?? "s"] as number);
  if (match === null || !Number.isSafeInteger(seconds))
    throw new InvalidArgumentError("Not a duration such as 90s, 15min, 2h or 14d.");
  return seconds;
}

/** A point in time: `+2h` from now, seconds since 1970, or ISO 8601 with its time zone. Relative times are resolved against block time later. */
export type Time = { readonly relative: boolean; readonly seconds: number };

export function parseTime(text: string): Time {
  if (text === "now") return { relative: true, seconds: 0 };
  if (text.startsWith("+")) return { relative: true, seconds: parseDuration(text.slice(1)) };
  if (/^\d+$/.test(text)) return { relative: false, seconds: Number(text) };
  return { relative: false, seconds: parseMoment(text) };
}

/** Of ISO 8601: a day, which begins at midnight UTC, or a day and an hour with the time zone, which nobody guesses. In seconds since 1970. */
function parseMoment(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text,
  );
  const [, day = "", hour, zone = hour === undefined ? "Z" : undefined] = match ?? [];
  if (match !== null && zone === undefined)
    throw new InvalidArgumentError(`Say the time zone: ${day}T${hour}Z, or +01:00 in place of Z.`);
  const midnight = Date.parse(`${day}T00:00Z`);
  const seconds = Date.parse(
    `${day}T${hour ?? "00:00"}${zone?.toUpperCase().replace(/(\d{2})(\d{2})$/, "$1:$2") ?? ""}`,
  );
  if (Number.isNaN(midnight) || Number.isNaN(seconds))
    throw new InvalidArgumentError(
      "Not a time: use now, +2h, seconds since 1970, or 2027-01-31T12:00Z.",
    );
  // What is beyond the end of a month would silently be a day of the next.
  if (!new Date(midnight).toISOString().startsWith(day))
    throw new InvalidArgumentError(`There is no ${day}.`);
  return Math.floor(seconds / 1000);
}

/** A coin's amount in wei: at most 18 decimals, with a point. */
export function parseCoin(text: string): bigint {
  if (!/^\d+(\.\d{1,18})?$/.test(text))
    throw new InvalidArgumentError("Not an amount of coin, such as 0.25.");
  return parseEther(text);
}

/** Collects an option that may be given several times. */
export const collect = (value: string, earlier: readonly string[] = []): string[] => [
  ...earlier,
  value,
];
