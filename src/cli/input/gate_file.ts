import path from "node:path";
import { isHex, size, type AbiParameter } from "viem";
import type { GatePlan } from "../../chain/deploy_parts.ts";
import { BaseError } from "../../errors.ts";
import type { CheckerKind } from "../../gates/checker.ts";
import type { GateList } from "../../donor/group_list.ts";
import { CHECKERS, findChecker } from "../../gates/index.ts";
import { readWithNames, type AddressReader } from "../../readers/address.ts";
import type { Io } from "../output/io.ts";
import { lookUpFor, type NameValues } from "./ens_name.ts";
import { readNewList } from "./list_file.ts";
import { addressProblem, parseTime } from "./options.ts";
import { readText } from "./text_file.ts";

export class GateFileError extends BaseError {
  constructor(file: string, why: string) {
    super(`${file} does not describe a gate: ${why}.`, {
      fix: `Give JSON such as {"clauses": [[{"kind": "merkle", "list": "members.csv"}]]}: up to four clauses of up to four checkers; see docs/guides/gates.md.`,
    });
  }
}

/** Names that readers know for settings that are seconds since 1970. */
const TIMES: ReadonlySet<string> = new Set(["drawTime"]);

/** What the file names, read when a checker wants it. */
type Readers = {
  readonly address: AddressReader;
  readonly list: (name: string) => Promise<GateList>;
};

/**
 * What a gate shall ask, from a JSON file; lists are CSV files, looked for beside it. Names in it and in them are looked up.
 * @throws GateFileError, CsvError, FileReadError, and what looking up throws
 */
export async function readGatePlan(io: Io, values: NameValues, file: string): Promise<GatePlan> {
  let content: unknown;
  try {
    content = JSON.parse(await readText(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new GateFileError(file, "it is not JSON");
    throw error;
  }
  const { clauses, exactCredits = 0, ...rest } = (content ?? {}) as Record<string, unknown>;
  const [other] = Object.keys(rest);
  if (other !== undefined) throw new GateFileError(file, `it has no "${other}"`);
  if (!isListOf(clauses, (one) => isListOf(one, isRecord)))
    throw new GateFileError(
      file,
      '"clauses" must be one to four lists, each of one to four checkers',
    );
  const lists = new Map<string, Promise<GateList>>();
  const list = (name: string) => {
    const place = path.resolve(path.dirname(file), name);
    const reading = lists.get(place) ?? readNewList(io, values, place);
    lists.set(place, reading); // of two checkers with one list, and of two readings
    return reading;
  };
  return readWithNames(
    async (address) => ({
      exactCredits: readInteger(file, "exactCredits", exactCredits, 64),
      clauses: await Promise.all(
        (clauses as Record<string, unknown>[][]).map((clause) =>
          Promise.all(clause.map((one) => readChecker({ address, list }, file, one))),
        ),
      ),
    }),
    lookUpFor(io, values),
  );
}

const isRecord = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf = (value: unknown, holds: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length >= 1 && value.length <= 4 && value.every(holds);

async function readChecker(
  readers: Readers,
  file: string,
  { kind: id, list, ...given }: Record<string, unknown>,
) {
  const kind = findChecker(String(id));
  if (kind === undefined)
    throw new GateFileError(
      file,
      `"kind" is ${JSON.stringify(id)}, and may be ${CHECKERS.map((one) => one.id).join(", ")}`,
    );
  const listed = list === undefined ? {} : await readList(readers, file, kind, list);
  const inputs = (kind.abi.find(({ type }) => type === "constructor") as
    | { readonly inputs: readonly AbiParameter[] }
    | undefined) ?? { inputs: [] };
  const names = inputs.inputs.map(({ name }) => name as string);
  const [unknown] = Object.keys(given).filter((name) => !names.includes(name) || name in listed);
  if (unknown !== undefined)
    throw new GateFileError(file, `the kind ${kind.id} takes no "${unknown}" there`);
  return {
    id: kind.id,
    settings: inputs.inputs.map((input) => {
      const name = input.name as string;
      return listed[name] ?? readSetting(readers, file, kind.id, input, given[name]);
    }),
  };
}

/** What follows from a list of accounts, or from one of a group's members. */
async function readList(readers: Readers, file: string, kind: CheckerKind, list: unknown) {
  const wrong = new GateFileError(file, `the kind ${kind.id} takes no such "list"`);
  if (typeof list !== "string") throw wrong;
  if (kind.fromList === undefined && kind.fromMembers === undefined) throw wrong;
  const content = await readers.list(list);
  const given =
    content.kind === "group"
      ? kind.fromMembers?.(content.members)
      : kind.fromList?.(content.entries);
  if (given === undefined) throw wrong;
  return given;
}

function readSetting(
  readers: Readers,
  file: string,
  kind: string,
  { name, type }: AbiParameter,
  value: unknown,
) {
  const what = `the ${kind} checker's "${name}"`;
  if (value === undefined)
    throw new GateFileError(
      file,
      findChecker(kind)?.fromList === undefined && findChecker(kind)?.fromMembers === undefined
        ? `${what} is missing`
        : `${what} is missing; a "list" gives what follows from it`,
    );
  if (type === "address") {
    const reading = readers.address(typeof value === "string" ? value : "");
    if ("address" in reading) return reading.address;
    if (reading.problem === "name" && reading.why !== undefined) throw reading.why;
    throw new GateFileError(file, `${what} is not an address: ${addressProblem(reading.problem)}`);
  }
  if (type === "bytes32") {
    if (!isHex(value) || size(value) !== 32)
      throw new GateFileError(file, `${what} is not 0x and 64 hexadecimal digits`);
    return value;
  }
  if (type === "bool") {
    if (typeof value !== "boolean")
      throw new GateFileError(file, `${what} is neither true nor false`);
    return value;
  }
  return readInteger(file, what, value, Number(type.slice(4)), TIMES.has(name as string));
}

function readInteger(
  file: string,
  what: string,
  value: unknown,
  bits: number,
  isTime = false,
): bigint {
  if (isTime && typeof value === "string" && /^\d{4}-/.test(value)) {
    try {
      return BigInt(parseTime(value).seconds);
    } catch {
      throw new GateFileError(file, `${what} is no time such as 2027-01-31T12:00Z`);
    }
  }
  if (
    !(typeof value === "string" && /^(?:\d+|0x[0-9a-fA-F]{1,64})$/.test(value)) &&
    !(typeof value === "number" && Number.isSafeInteger(value) && value >= 0)
  )
    throw new GateFileError(file, `${what} is not a whole number`);
  const integer = BigInt(value);
  if (integer >> BigInt(bits) !== 0n)
    throw new GateFileError(file, `${what} is not below 2^${bits}`);
  return integer;
}
